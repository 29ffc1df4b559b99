"""The pages of answers that are worked out from many records: what each shows besides the answer itself."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from app.api.list_parameters import list_query
from app.api.query_models import ListQuery
from app.api.readings import read_list
from app.api.view import View
from app.catalogue import CATALOGUE, UNITS
from app.explorer import drawing, fields, lists
from app.explorer.growth import SmallMap, small_maps
from app.explorer.home import years
from app.explorer.report import report
from app.explorer.shown_answers import PageContext, ShownAnswer
from app.explorer.tiles import MAP_HEIGHT, MAP_WIDTH, TILES, levelled, matrix, ties
from app.registry.documents.compilation import plan_of
from app.registry.serving.statements import today

FIRST_YEAR = 2004
MOST_BARS = 120
HEIGHT = 90.0


MakeContext = Callable[[ShownAnswer], PageContext]


class AnswerColumn(NamedTuple):
    """A column of a table of an answer."""

    name: str
    label: str


def table(asked: ShownAnswer) -> PageContext:
    """Any answer, as a table or, where it is one object, as facts and a table for each list in it."""
    data = asked.reading.found.data
    if not asked.view.many:
        return {"rows": None, "object": data}
    shown = [name for name in _names(asked.view) if any(row.get(name) not in (None, []) for row in data)]
    return {"rows": data, "columns": [AnswerColumn(name, fields.label(name)) for name in shown]}


def _names(view: View) -> Iterator[str]:
    """The fields of an answer's objects, the presence last."""
    names = [field.name for field in plan_of(view.item).fields]
    yield from (name for name in names if name != "presence")
    yield from (name for name in names if name == "presence")


def network(asked: ShownAnswer) -> PageContext:
    """Who works with whom, as a map of tiles or a matrix, with a table of the same."""
    edges = asked.reading.found.data["edges"]
    nodes = {node["id"]: node for node in asked.reading.found.data["nodes"]}
    units: dict[str, set[str]] = {}
    for edge in edges:
        for end in (edge["source"], edge["target"]):
            units.setdefault(end.removeprefix("force:"), set()).update(each["id"] for each in edge["units"])
    counts = {slug: len(found) for slug, found in units.items()}
    order = sorted(
        (slug for slug in counts if slug in TILES),
        key=lambda slug: (str(nodes[f"force:{slug}"].get("region") or "~"), slug),
    )
    most = sorted(edges, key=lambda edge: -sum(edge["count"].values()))
    year = int((asked.when.as_of or today())[:4])
    filters = {name: asked.given[name] for name in ("force", "function") if name in asked.given}
    series = years(asked.connection, asked.when, min(FIRST_YEAR, year), int(today()[:4]), **filters)
    return {
        "edges": most[:40],
        "pairs": len(edges),
        "nodes": nodes,
        "tiles": list(levelled(counts)),
        "ties": ties(edges),
        "matrix": matrix(edges, order) if asked.given.get("view") == "matrix" else [],
        "small_maps": _small_maps(asked) if asked.given.get("view") == "years" else [],
        "left_out": asked.reading.found.data["left_out"],
        "shared": len({each["id"] for edge in edges for each in edge["units"]}),
        "bars": drawing.year_bars(series, HEIGHT),
        "series": series,
        "map_size": (MAP_WIDTH, MAP_HEIGHT),
        "forces": sorted(TILES),
        "year": str(year),
    }


def _small_maps(asked: ShownAnswer) -> list[SmallMap]:
    return small_maps(asked.connection, asked.when, dict(asked.given), FIRST_YEAR, int(today()[:4]))


def timeline(asked: ShownAnswer) -> PageContext:
    """What happened in order, and above it the lives of the units that are asked for."""
    filters = {name: asked.given[name] for name in ("force", "alliance", "function") if name in asked.given}
    rows: list[lists.Line] = []
    scale = None
    if filters:
        pinned = {name: value for name, value in asked.when.pinned.items() if name != "presumed_for"}
        query: ListQuery = list_query(UNITS).of({**filters, **pinned, "limit": str(MOST_BARS), "sort": "started"})
        step = asked.reader.walks.step(asked.connection, "/v1/joint-units", query)
        found = read_list(asked.connection, asked.reader, UNITS, step, catalogue=CATALOGUE)
        found = found._replace(question=found.question._replace(when=asked.when))
        rows, scale = lists.lines(UNITS, found, today())
    grouped: dict[str, list[lists.Line]] = {}
    for row in rows:
        name = row.about[0]["name"] if row.about else "Function not recorded"
        grouped.setdefault(name, []).append(row)
    return {"events": asked.reading.found.data, "groups": sorted(grouped.items()), "scale": scale}


def statistics(asked: ShownAnswer) -> PageContext:
    """Counts of joint units in groups, as bars and as a table."""
    rows = asked.reading.found.data
    most = max((sum(row["count"].values()) for row in rows), default=1) or 1
    return {"rows": rows, "most": most, "group_by": asked.given.get("group_by", "")}


def series(asked: ShownAnswer) -> PageContext:
    """Counts of joint units over time."""
    rows = asked.reading.found.data
    grouped = any(row["group"] for row in rows)
    return {"rows": rows, "grouped": grouped, "bars": [] if grouped else drawing.year_bars(rows, HEIGHT)}


def search(asked: ShownAnswer) -> PageContext:
    """What was found, by type and force, with what matched."""
    return {"hits": asked.reading.found.data, "q": asked.given.get("q", "")}


SHOWN_AS: Mapping[str, tuple[str, MakeContext]] = {
    "get_force_collaborations": ("report.html", report),
    "get_governance_body_collaborations": ("report.html", report),
    "get_network": ("network.html", network),
    "get_timeline": ("timeline.html", timeline),
    "count_joint_units": ("statistics.html", statistics),
    "count_joint_units_over_time": ("series.html", series),
    "search": ("search.html", search),
    "compare_claims": ("claims.html", table),
    "list_conflicts": ("conflicts.html", table),
}
"""The template of a view, and what makes its context; every other one is a table."""
OWN = {"get_network": ("view",)}
"""Parameters that a page takes and its answer does not."""


def defaults(view: View, given: Mapping[str, str]) -> Mapping[str, str]:
    """What a page is asked with where its reader asks nothing: it leads there."""
    year = today()[:4]
    if "cursor" in given or "as_of" in given:
        return {}
    if view.operation_id == "get_network" and "interval" not in given:
        return {"as_of": year, "certainty": "presumed", "participants_to": "15"}
    if view.operation_id == "count_joint_units_over_time" and not {"from", "to"} & given.keys():
        return {"interval": "year", "from": "2000", "to": year}
    if view.operation_id.endswith("_collaborations"):
        return {"as_of": today()}
    return {}

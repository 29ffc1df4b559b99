"""Who works with whom, and in how much: the organisations that take part in something together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from app.analysis.network import graphml
from app.analysis.network.schemas import Edge, Network
from app.analysis.network.sharing import EVERYWHERE, NetworkQuestion, Participations, Sharing
from app.api import lists
from app.api.formats import MEDIA_TYPES, as_csv
from app.api.parameters import Parameters, choose, invalid
from app.api.view import Parameter, Rendering, View
from app.catalogue import AGREEMENTS, ALLIANCES, CATALOGUE, UNITS
from app.reads import joint_units, series, snapshots
from app.reads.calendar import MONTHS, Calendar
from app.reads.snapshots import days_asked
from app.registry.clocks import held_on, period_columns, recorded_at
from app.registry.dates import EVER
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import SHOWN, Period, Presence
from app.registry.records import PeriodRow, Version
from app.registry.serving.references import references
from app.registry.serving.statements import Clock

TYPES = {UNITS.type: (UNITS, "participants"), ALLIANCES.type: (ALLIANCES, "participants")}
TYPES[AGREEMENTS.type] = (AGREEMENTS, "parties")
"""What organisations can have in common, and the field that names them."""
FILTERS = ("force", "function", "alliance", "lifecycle")
MOST_MEMBERS = 10_000


def network(connection: Connection, parameters: Parameters, when: Clock) -> Document:
    """The network on the days of `as_of`, in those of a series, or ever. Raises Unsupported."""
    asked = _asked(parameters, when)
    sharing = Sharing(asked)
    in_days = when._replace(days=asked.whole.days) if "interval" in parameters else when
    for thing in _things(connection, parameters, in_days, asked):
        sharing.add(*thing)
    _refuse_too_long(sharing, parameters)
    things = {shared.key for found in sharing.pairs.values() for shared in found} | sharing.left_out
    known = references(connection, CATALOGUE, sharing.members | things, when.revision)
    return {
        "nodes": _nodes(connection, {key: known[key] for key in sharing.members}, when),
        "edges": list(_edges(sharing, known, in_series="interval" in parameters)),
        "left_out": _in_order(known[key] for key in sharing.left_out),
    }


def _asked(parameters: Parameters, when: Clock) -> NetworkQuestion:
    """The days, in stretches where `interval` is given, how sure a part must be, and the bound on members."""
    for name in ("from", "to"):
        if name in parameters and "interval" not in parameters:
            raise invalid(name, "needs interval: the network is drawn for a series of months, quarters or years")
    days = days_asked(when)
    whole = stretches = Calendar.single(days)
    if "interval" in parameters:
        interval = choose("interval", parameters["interval"], MONTHS)
        stretches = series.calendar(series.days_of_series(parameters, when), interval)
        whole = Calendar.single(stretches.days)
    weakest = Presence(choose("certainty", parameters.get("certainty", Presence.POSSIBLE), SHOWN))
    if "certainty" in parameters and whole.days == EVER:
        raise invalid("certainty", "needs as_of, or interval: presence is asked of days")
    return NetworkQuestion(whole, stretches, weakest, _most(parameters))


def _most(parameters: Parameters) -> int | None:
    text = parameters.get("participants_to")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 2 <= int(text[:9]) <= MOST_MEMBERS):
        raise invalid("participants_to", f"is not a whole number from 2 to {MOST_MEMBERS:,}")
    return int(text)


def _things(
    connection: Connection, parameters: Parameters, when: Clock, asked: NetworkQuestion
) -> Iterator[tuple[int, Participations, int]]:
    """Everything that organisations take part in on these days, and the stretches in which it counts."""
    kind = choose("type", parameters.get("type", UNITS.type), TYPES)
    chosen = {name: parameters[name] for name in (*FILTERS, "certainty") if name in parameters}
    for name in chosen.keys() - {"force", "certainty"} if kind != UNITS.type else ():
        raise invalid(name, f"is for type={UNITS.type}; leave it out for type={kind}")
    having: Mapping[int, int] | None = None
    if "interval" in parameters and "lifecycle" in chosen:
        # a unit may have it in some stretches and not in others
        having = joint_units.having(joint_units.asked(connection, chosen, when, days_asked(when)), asked.stretches)
        del chosen["lifecycle"]
    for key, parts in _parts(connection, kind, chosen, when, asked):
        yield key, parts, EVERYWHERE if having is None else having.get(key, 0)


def _parts(
    connection: Connection, kind: str, chosen: Parameters, when: Clock, asked: NetworkQuestion
) -> Iterator[tuple[int, Participations]]:
    """Who takes part in what, one thing after the other."""
    collection, field = TYPES[kind]
    # an alias: the conditions look at periods themselves
    row = aliased(PeriodRow)
    columns = period_columns(row)
    statement = (
        select(row.record_pk, row.target_pk, *columns)
        .where(recorded_at(row, when.revision))
        .join(Version, Version.record_pk == row.record_pk)
        .join(collection.table, collection.table.version_pk == Version.pk)
        .where(*lists.conditions(connection, lists.ask(collection, chosen, when, None)))
        .where(row.field == f"{kind}.{field}", held_on(row, days_asked(when), asked.weakest))
    )
    found: dict[int, dict[int, list[Period]]] = defaultdict(lambda: defaultdict(list))
    for record, organisation, *period in connection.execute(statement):
        found[record][organisation].append(Period(*period).lapsed(when.lapse))
    yield from found.items()


def _refuse_too_long(sharing: Sharing, parameters: Parameters) -> None:
    stretches = len(sharing.asked.stretches.names)
    if len(sharing.pairs) * stretches > series.MOST_ROWS:
        asked = f"makes {len(sharing.pairs):,} edges in {stretches:,} {parameters['interval']}s"
        raise invalid(
            "interval", f"{asked}; at most {series.MOST_ROWS:,} counts are answered: filter, or ask for less time"
        )


def _nodes(connection: Connection, members: Mapping[int, ReferenceObject], when: Clock) -> list[Document]:
    """The organisations, in the order of their ids."""
    answers = {entry.pk: entry.answer for entry in snapshots.of_pks(connection, when, members)}
    nodes = []
    for key, reference in members.items():
        answer: Mapping[str, Any] = answers.get(key, {})
        more = {name: answer.get(name) for name in ("short_name", "region")}
        nodes.append({**reference, "id": str(Ref.of(reference)), **more})
    return sorted(nodes, key=lambda node: node["id"])


def _edges(sharing: Sharing, known: Mapping[int, ReferenceObject], *, in_series: bool) -> Iterator[Document]:
    """What each pair shares, in the order of the ids of both."""
    names = {pair: sorted(str(Ref.of(known[key])) for key in pair) for pair in sharing.pairs}
    for pair, (source, target) in sorted(names.items(), key=lambda item: item[1]):
        counts = [{"period": name, "count": count} for name, count in sharing.series(pair)] if in_series else None
        yield {
            "source": source,
            "target": target,
            "count": sharing.count(pair),
            "weight": sharing.weight(pair),
            "units": _in_order(known[shared.key] for shared in sharing.pairs[pair]),
            "series": counts,
        }


def _in_order(found: Any) -> list[ReferenceObject]:
    return sorted(found, key=lambda reference: (reference["type"], reference["id"]))


def _as_csv(data: Document, _: Document) -> bytes:
    """One row an edge: a spreadsheet has no use for a network in one cell."""
    return b"".join(as_csv(plan_of(Edge), data["edges"]))


VIEW = View(
    path="/network",
    operation_id="get_network",
    summary="Who works with whom",
    description="The forces and bodies that take part in something on `as_of` (without it: that ever did), and for "
    "each pair how many units they share, or alliances or agreements, and which. A unit counts for a pair by the "
    "weaker of both parts, on a day on which both took part. `weight` says how closely they work: a unit of n members "
    "adds 1/(n - 1), so that one service of all forces does not outweigh what two alone share; `participants_to` "
    "leaves such services out, and names them. With `interval`, `from` and `to`: each month, quarter or year, the "
    "whole edge for all of them together. Forces that take part in nothing are left out; the list of forces has them. "
    "As JSON, as CSV with a row for each edge, or as GraphML (undirected) for Gephi and networkx.",
    item=Network,
    rows=("edges",),
    answer=network,
    parameters={
        "type": Parameter("What they have in common.", {"type": "string", "enum": list(TYPES), "default": UNITS.type}),
        **{name: joint_units.PARAMETERS[name] for name in ("force", "function", "alliance")},
        "lifecycle": joint_units.LIFECYCLE,
        "certainty": Parameter(
            "With `as_of` or `interval`: the weakest presence that is counted; else all three.",
            {"type": "string", "enum": [str(value) for value in SHOWN]},
        ),
        "participants_to": Parameter(
            "Leave out what has more members than this, on the days asked for; without it, nothing.",
            {"type": "integer", "minimum": 2, "maximum": MOST_MEMBERS},
        ),
        "interval": Parameter(
            "Count in each month, quarter or year, from `from` to `to`, or those of `as_of`.",
            {"type": "string", "enum": list(MONTHS)},
        ),
        **{name: series.PARAMETERS[name] for name in ("from", "to")},
    },
    renderings={
        "csv": Rendering(MEDIA_TYPES["csv"], _as_csv),
        "graphml": Rendering("application/graphml+xml", graphml.write),
    },
)
VIEWS = (VIEW,)

"""Who works with whom, and in how much: the organisations that take part in something together."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from app.analysis.network import graphml
from app.analysis.network.schemas import Edge, Network
from app.analysis.network.sharing import NetworkQuestion, Sharing
from app.analysis.network.things import TYPES, shared_things
from app.api.formats import MEDIA_TYPES, as_csv
from app.api.parameters import Parameters, choose, invalid
from app.api.view import Parameter, Rendering, View
from app.catalogue import CATALOGUE, UNITS
from app.reads import joint_units, series, snapshots
from app.reads.calendar import MONTHS, Calendar
from app.reads.snapshots import days_asked
from app.registry.dates import EVER
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import SHOWN, Presence
from app.registry.serving.references import references
from app.registry.serving.statements import Clock

MOST_MEMBERS = 10_000


def network(connection: Connection, parameters: Parameters, when: Clock) -> Document:
    """The network on the days of `as_of`, in those of a series, or ever. Raises Unsupported."""
    asked = _asked(parameters, when)
    in_days = when._replace(days=asked.whole.days) if "interval" in parameters else when
    sharing = shared_things(connection, parameters, in_days, asked)
    _refuse_too_long(sharing, parameters)
    things = {key for shared in sharing.pairs.values() for key in shared.named} | sharing.left_out
    found = references(connection, CATALOGUE, sharing.members | things, when.revision)
    # put in order once, however many pairs share them
    known = dict(sorted(found.items(), key=lambda item: (item[1]["type"], item[1]["id"])))
    return {
        "nodes": _nodes(connection, {key: known[key] for key in sharing.members}, when),
        "edges": list(_edges(sharing, known, in_series="interval" in parameters)),
        "left_out": [reference for key, reference in known.items() if key in sharing.left_out],
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
    order = {key: place for place, key in enumerate(known)}
    names = {pair: sorted(str(Ref.of(known[key])) for key in pair) for pair in sharing.pairs}
    for pair, (source, target) in sorted(names.items(), key=lambda item: item[1]):
        counts = [{"period": name, "count": count} for name, count in sharing.series(pair)] if in_series else None
        yield {
            "source": source,
            "target": target,
            "count": sharing.count(pair),
            "weight": sharing.pairs[pair].weight,
            "units": [known[key] for key in sorted(sharing.pairs[pair].named, key=order.__getitem__)],
            "series": counts,
        }


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

"""Who works with whom, and in how much: the organisations that take part in something together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from app.analysis.network import graphml
from app.api import lists
from app.api.parameters import Parameters, choose, invalid
from app.api.view import Parameter, Rendering, View
from app.catalogue import AGREEMENTS, ALLIANCES, UNITS
from app.reads import joint_units, snapshots
from app.reads.calendar import Calendar, PresenceBits, union
from app.reads.references import references
from app.reads.schemas import Count
from app.reads.snapshots import days_asked
from app.registry.clocks import held_on, recorded_at
from app.registry.dates import Span
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.documents.shapes import Shape
from app.registry.presence import Period
from app.registry.records import PERIOD_COLUMNS, PeriodRow, Version
from app.registry.serving.statements import Clock

TYPES = {UNITS.type: (UNITS, "participants"), ALLIANCES.type: (ALLIANCES, "participants")}
TYPES[AGREEMENTS.type] = (AGREEMENTS, "parties")
"""What organisations can have in common, and the field that names them."""
FILTERS = ("function", "alliance", "lifecycle")


class Node(Shape):
    """A force or a body that takes part."""

    id: str
    """Its type and its id: `force:bedfordshire`, as a reference is written."""
    type: str
    """The type of the record."""
    name: str
    """Its name."""
    url: str
    """Where to read it."""
    short_name: str | None
    """What it is called for short; null: not recorded."""
    region: str | None
    """The region of a force; null: not recorded."""


class Edge(Shape):
    """What two of them have in common."""

    source: str
    """The `id` of one; an edge has no direction, and the lesser `id` stands here."""
    target: str
    """The `id` of the other."""
    count: Count
    """How many they take part in together, each by the weaker part on a day on which both did."""


class Network(Shape):
    """Who works with whom."""

    nodes: list[Node]
    """All that take part in something, alone as well, in the order of their ids."""
    edges: list[Edge]
    """Pairs that have something in common."""


Participations = dict[int, list[Period]]
"""When organisations took part in one thing, by their keys: `{17: [Period(…)], 23: [Period(…), Period(…)]}`."""


def network(connection: Connection, parameters: Parameters, when: Clock) -> Document:
    """The network on the days of `as_of`, or ever."""
    days = days_asked(when)
    calendar = Calendar.single(days)
    nodes, shared = set[int](), defaultdict[tuple[int, int], Counter[PresenceBits]](Counter)
    for parts in _parts(connection, parameters, when, days):
        nodes.update(parts)
        for pair, held in _together(parts, calendar):
            shared[pair][held] += 1
    return _drawn(_described(connection, nodes, when), shared, calendar)


def _described(connection: Connection, nodes: Iterable[int], when: Clock) -> dict[int, Document]:
    """References to the organisations, with what is drawn beside their names."""
    found = {entry.pk: entry.answer for entry in snapshots.of_pks(connection, when, nodes)}
    known = references(connection, nodes, when.revision)  # of what was withdrawn, too
    beside = ("short_name", "region")
    return {pk: {**known[pk], **{name: found.get(pk, {}).get(name) for name in beside}} for pk in known}


def _parts(connection: Connection, parameters: Parameters, when: Clock, days: Span) -> Iterator[Participations]:
    """Everything that organisations take part in on these days, one after the other."""
    kind = choose("type", parameters.get("type", UNITS.type), TYPES)
    collection, field = TYPES[kind]
    chosen = {name: parameters[name] for name in FILTERS if name in parameters}
    for name in chosen if kind != UNITS.type else ():
        raise invalid(name, f"is for type={UNITS.type}; leave it out for type={kind}")
    # an alias: the conditions look at periods themselves
    row = aliased(PeriodRow)
    columns = [getattr(row, name) for name in PERIOD_COLUMNS]
    asked = (
        select(row.record_pk, row.target_pk, *columns)
        .where(recorded_at(row, when.revision))
        .join(Version, Version.record_pk == row.record_pk)
        .join(collection.table, collection.table.version_pk == Version.pk)
        .where(*lists.conditions(connection, lists.ask(collection, chosen, when, None)))
        .where(row.field == f"{kind}.{field}", held_on(row, days))
    )
    found: dict[int, Participations] = defaultdict(lambda: defaultdict(list))
    for record, organisation, *period in connection.execute(asked):
        found[record][organisation].append(Period(*period).lapsed(when.lapse))
    yield from found.values()


def _together(parts: Participations, calendar: Calendar) -> Iterator[tuple[tuple[int, int], PresenceBits]]:
    """The pairs that took part on the same day, and how surely."""
    for (one, first), (other, second) in combinations(sorted(parts.items()), 2):
        held = union(calendar.held(a.within(b)) for a in first for b in second)
        if held.possible:
            yield (one, other), held


def _drawn(
    known: Mapping[int, Document],
    shared: Mapping[tuple[int, int], Mapping[PresenceBits, int]],
    calendar: Calendar,
) -> Document:
    """The network as it is served, of the organisations by their keys and of what each pair shares.

    `shared` says of two keys how many things both were in alike: `{(17, 23): {PresenceBits(0, 1, 1): 3}}`.
    """
    names = {key: str(Ref.of(reference)) for key, reference in known.items()}
    nodes = [{**reference, "id": names[key]} for key, reference in known.items()]
    edges = []
    for pair, found in shared.items():
        source, target = sorted(names[key] for key in pair)
        edges.append({"source": source, "target": target, "count": calendar.counts(found)[0]})
    return {
        "nodes": sorted(nodes, key=lambda node: node["id"]),
        "edges": sorted(edges, key=lambda edge: (edge["source"], edge["target"])),
    }


VIEW = View(
    path="/network",
    operation_id="get_network",
    summary="Who works with whom",
    description="The forces and bodies that take part in something on `as_of` (without it: that ever did), and for "
    "each pair how many units they share, or alliances or agreements. A unit counts for a pair by the weaker of both "
    "parts, on a day on which both took part. Forces that take part in nothing are left out; the list of forces has "
    "them. As JSON, or as GraphML (undirected, `weight` is all three counts together) for Gephi and networkx.",
    item=Network,
    rows=("edges",),
    answer=network,
    parameters={
        "type": Parameter("What they have in common.", {"type": "string", "enum": list(TYPES), "default": UNITS.type}),
        **{name: joint_units.PARAMETERS[name] for name in ("function", "alliance")},
        "lifecycle": joint_units.LIFECYCLE,
    },
    renderings={"graphml": Rendering("application/graphml+xml", graphml.write)},
)
VIEWS = (VIEW,)

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
from app.reads.calendar import Calendar, Held, either
from app.reads.schemas import Count
from app.reads.snapshots import asked_days
from app.registry.dates import Span
from app.registry.documents.canonical import Document
from app.registry.documents.shapes import Shape
from app.registry.presence import Period
from app.registry.records import PERIOD_COLUMNS, Pointer, Version
from app.registry.serving.statements import Clock, held_on

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


Parts = dict[int, list[Period]]
"""For each organisation, when it took part in one thing."""


def network(connection: Connection, parameters: Parameters, when: Clock) -> Document:
    """The network on the days of `as_of`, or ever."""
    days = asked_days(when)
    calendar = Calendar.single(days)
    nodes, shared = set[int](), defaultdict[tuple[int, int], Counter[Held]](Counter)
    for parts in _parts(connection, parameters, when, days):
        nodes.update(parts)
        for pair, held in _together(parts, calendar):
            shared[pair][held] += 1
    return _drawn(_described(connection, nodes, when), shared, calendar)


def _described(connection: Connection, nodes: Iterable[int], when: Clock) -> dict[int, Document]:
    """References to the organisations, with what is drawn beside their names."""
    found = {entry.pk: entry for entry in snapshots.of_pks(connection, when, nodes)}
    beside = ("short_name", "region")
    return {pk: {**entry.reference, **{name: entry.answer.get(name) for name in beside}} for pk, entry in found.items()}


def _parts(connection: Connection, parameters: Parameters, when: Clock, days: Span) -> Iterator[Parts]:
    """Everything that organisations take part in on these days, one after the other."""
    kind = choose("type", parameters.get("type", UNITS.type), TYPES)
    collection, field = TYPES[kind]
    chosen = {name: parameters[name] for name in FILTERS if name in parameters}
    for name in chosen if kind != UNITS.type else ():
        raise invalid(name, f"is for type={UNITS.type}; leave it out for type={kind}")
    # an alias: the conditions look at pointers themselves
    pointer = aliased(Pointer)
    columns = [getattr(pointer, name) for name in PERIOD_COLUMNS]
    asked = (
        select(pointer.record_pk, pointer.target_pk, *columns)
        .join(Version, Version.pk == pointer.version_pk)
        .join(collection.table, collection.table.version_pk == Version.pk)
        .where(*lists.conditions(connection, lists.ask(collection, chosen, when, None)))
        .where(pointer.field == f"{kind}.{field}", held_on(pointer, days))
    )
    found: dict[int, Parts] = defaultdict(lambda: defaultdict(list))
    for record, organisation, *period in connection.execute(asked):
        found[record][organisation].append(Period(*period))
    yield from found.values()


def _together(parts: Parts, calendar: Calendar) -> Iterator[tuple[tuple[int, int], Held]]:
    """The pairs that took part on the same day, and how surely."""
    for (one, first), (other, second) in combinations(sorted(parts.items()), 2):
        held = either(calendar.held(a.within(b)) for a in first for b in second)
        if held.possible:
            yield (one, other), held


def _drawn(
    known: Mapping[int, Document], shared: Mapping[tuple[int, int], Mapping[Held, int]], calendar: Calendar
) -> Document:
    names = {key: f"{reference['type']}:{reference['id']}" for key, reference in known.items()}
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
    answer=network,
    parameters={
        "type": Parameter("What they have in common.", {"type": "string", "enum": list(TYPES), "default": UNITS.type}),
        **{name: joint_units.PARAMETERS[name] for name in ("function", "alliance")},
        "lifecycle": joint_units.LIFECYCLE,
    },
    renderings={"graphml": Rendering("application/graphml+xml", graphml.write)},
)
VIEWS = (VIEW,)

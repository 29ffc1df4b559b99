"""What the network answers with."""

from app.reads.schemas import Count
from app.registry.documents.shapes import Shape
from app.registry.documents.values import Reference


class Node(Shape):
    """A force or a body that takes part."""

    id: str
    """Its type and its id: `force:bedfordshire`, as a reference is written."""
    type: str
    """The type of the record."""
    name: str
    """Its name."""
    short_name: str | None
    """What it is called for short; null: nothing is recorded."""
    region: str | None
    """The region of a force; null: nothing is recorded."""
    url: str
    """Where to read it."""


class PeriodCount(Shape):
    """What two of them had in common in one month, quarter or year."""

    period: str
    """The month, quarter or year: 2012-04, 2012-Q2 or 2012."""
    count: Count
    """How many."""


class Edge(Shape):
    """What two of them have in common."""

    source: str
    """The `id` of one; an edge has no direction, and the lesser `id` stands here."""
    target: str
    """The `id` of the other."""
    count: Count
    """How many they take part in together, each by the weaker part on a day on which both did."""
    weight: float
    """How closely they work: 1/(n - 1) for each that they share with n members, added up (Newman 2001)."""
    units: list[Reference]
    """What they share: units, or alliances or agreements, in the order of their ids; of more than 60, the first 60
    that were recorded."""
    series: list[PeriodCount] | None
    """With `interval`: how many they shared in each month, quarter or year, one after the other; else null."""


class Network(Shape):
    """Who works with whom."""

    nodes: list[Node]
    """All that take part in something, alone as well, in the order of their ids."""
    edges: list[Edge]
    """Pairs that have something in common."""
    left_out: list[Reference]
    """What has more members than `participants_to`, and so is not counted, in the order of ids."""

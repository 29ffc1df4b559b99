"""How the network grew: a small map for every third year, drawn from one answer over all of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from app.analysis.network.views import VIEW
from app.api.parameters import Parameters
from app.api.view import answered
from app.explorer.links import LAPSE
from app.explorer.tiles import HIGH, WIDE, levelled, ties
from app.registry.documents.canonical import Document
from app.registry.serving.statements import Clock

STEP = 3
"""Years from one map to the next, back from the last."""
ASKED = ("force", "function", "certainty", "participants_to")
"""What narrows a network, and so its small maps."""


class SmallMap(NamedTuple):
    """The network of a year: how many pairs, and the paths of its ties by presence and of its tiles by darkness."""

    year: str
    pairs: int
    ties: Sequence[tuple[str, str]]
    tiles: Sequence[tuple[int, str]]


def small_maps(connection: Connection, when: Clock, given: Parameters, first: int, last: int) -> list[SmallMap]:
    """The maps from one year to another. Raises Unsupported where so much cannot be drawn."""
    years = {"interval": "year", "from": str(first), "to": str(last)}
    asked = {name: given[name] for name in ASKED if name in given}
    lasting = when._replace(as_of=None, days=None, presumed_for=when.presumed_for or LAPSE)
    edges = answered(VIEW, connection, {**asked, **years}, lasting, slice(None)).data["edges"]
    return [small_map(str(year), edges) for year in range(first + (last - first) % STEP, last + 1, STEP)]


def small_map(year: str, edges: Iterable[Document]) -> SmallMap:
    """The map of a year, of edges with a series."""
    counted = ((edge, each["count"]) for edge in edges for each in edge["series"] if each["period"] == year)
    shared = [{**edge, "count": count} for edge, count in counted if sum(count.values())]
    units: Counter[str] = Counter()
    for edge in shared:
        for end in (edge["source"], edge["target"]):
            units[end.removeprefix("force:")] += sum(edge["count"].values())
    drawn: dict[str, str] = {}
    for tie in ties(shared):
        drawn[tie.presence] = drawn.get(tie.presence, "") + tie.path
    tiles: dict[int, str] = {}
    for tile, _, level in levelled(units):
        tiles[level] = tiles.get(level, "") + f"M{tile.x} {tile.y}h{WIDE}v{HIGH}h-{WIDE}z"
    return SmallMap(year, len(shared), sorted(drawn.items()), sorted(tiles.items()))

"""The forces as tiles of one size, each near where it lies, and the ties between them: geometry as numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from typing import NamedTuple

from app.registry.documents.canonical import Document

WIDE, HIGH, GAP_X, GAP_Y = 84, 52, 26, 24
_PLACES = """
police-scotland 0 3 SCO|northumbria 0 4 NBR|btp 0 6 BTP|northern-ireland 1 1 PSNI|cumbria 1 3 CUM|durham 1 4 DUR
cleveland 1 5 CLE|mdp 1 6 MDP|lancashire 2 3 LAN|north-yorkshire 2 4 NYK|cnc 2 6 CNC|merseyside 3 2 MER
greater-manchester 3 3 GMP|west-yorkshire 3 4 WYK|south-yorkshire 3 5 SYK|humberside 3 6 HUM|north-wales 4 1 NWA
cheshire 4 2 CHE|staffordshire 4 3 STA|derbyshire 4 4 DER|nottinghamshire 4 5 NOT|lincolnshire 4 6 LIN
dyfed-powys 5 1 DPP|west-mercia 5 2 WME|west-midlands 5 3 WMI|leicestershire 5 4 LEI|cambridgeshire 5 5 CAM
norfolk 5 6 NFK|south-wales 6 1 SWA|gwent 6 2 GWE|warwickshire 6 3 WAR|northamptonshire 6 4 NHA|bedfordshire 6 5 BED
suffolk 6 6 SFK|gloucestershire 7 3 GLO|thames-valley 7 4 TVP|hertfordshire 7 5 HER|essex 7 6 ESX
avon-and-somerset 8 2 A&S|wiltshire 8 3 WIL|surrey 8 4 SRY|metropolitan 8 5 MET|city-of-london 8 6 COL
devon-and-cornwall 9 1 D&C|dorset 9 2 DOR|hampshire 9 3 HAM|sussex 9 4 SSX|kent 9 5 KEN
"""
OUTSIDE = frozenset({"police-scotland", "northern-ireland", "btp", "mdp", "cnc"})
"""Forces of the whole country, and of Scotland and Northern Ireland: drawn with dashes."""
SHARES = (0.0, 0.4, 0.7, 0.9)
"""What share of the forces have fewer units than a tile of each step of darkness."""
MOST_WIDE = 15
_SHORT = {
    "avon-and-somerset": "Avon & Som.",
    "btp": "Transport",
    "cambridgeshire": "Cambridgesh.",
    "city-of-london": "City of Lon.",
    "cnc": "Nuclear",
    "devon-and-cornwall": "Devon, Corn.",
    "gloucestershire": "Gloucestersh.",
    "greater-manchester": "Gtr Manch.",
    "hertfordshire": "Hertfordsh.",
    "leicestershire": "Leicestersh.",
    "mdp": "Defence",
    "metropolitan": "Metropolitan",
    "north-yorkshire": "N. Yorks.",
    "northamptonshire": "Northants",
    "northern-ireland": "N. Ireland",
    "nottinghamshire": "Notts",
    "police-scotland": "Scotland",
    "south-yorkshire": "S. Yorks.",
    "staffordshire": "Staffordsh.",
    "thames-valley": "Thames Val.",
    "west-midlands": "W. Midlands",
    "west-yorkshire": "W. Yorks.",
}
"""What fits into a tile, of the names that do not."""


class Tile(NamedTuple):
    """A force: its place in the grid, and its three letters."""

    id: str
    row: int
    column: int
    code: str

    @property
    def x(self) -> int:
        """Its left edge."""
        return (self.column - 1) * (WIDE + GAP_X)

    @property
    def y(self) -> int:
        """Its upper edge."""
        return self.row * (HIGH + GAP_Y)

    @property
    def name(self) -> str:
        """Its name, as short as a tile needs it."""
        return _SHORT.get(self.id) or self.id.replace("-", " ").title()

    @property
    def outside(self) -> bool:
        """Whether it is no territorial force of England and Wales."""
        return self.id in OUTSIDE


def _tile(text: str) -> Tile:
    slug, row, column, code = text.split()
    return Tile(slug, int(row), int(column), code)


TILES = {tile.id: tile for tile in map(_tile, "|".join(_PLACES.split("\n")[1:-1]).split("|"))}
MAP_WIDTH, MAP_HEIGHT = 6 * (WIDE + GAP_X) - GAP_X, 10 * (HIGH + GAP_Y) - GAP_Y


def levelled(counts: Mapping[str, int]) -> Iterator[tuple[Tile, int, int]]:
    """Each tile with its units and how dark it is: 0 for none, 4 for those in more than most others are."""
    ranked = sorted(counts.get(slug, 0) for slug in TILES)
    for tile in TILES.values():
        units = counts.get(tile.id, 0)
        below = sum(each < units for each in ranked) / len(ranked)
        yield tile, units, sum(below >= share for share in SHARES) if units else 0


class Tie(NamedTuple):
    """What two forces share: a line, straight between neighbours and else an arc."""

    source: str
    target: str
    path: str
    width: float
    presence: str


def tie(source: Tile, target: Tile, count: Document) -> Tie:
    """The tie of a pair, as thick as they share units."""
    units = sum(count.values())
    presence = next((name for name in ("certain", "presumed") if count[name]), "possible")
    x1, y1, x2, y2 = (*_middle(source), *_middle(target))
    if abs(source.row - target.row) <= 1 and abs(source.column - target.column) <= 1:
        path = f"M{x1} {y1}L{x2} {y2}"
    else:
        # bent to the left of its way, an eighth of it
        bend_x, bend_y = (x1 + x2) / 2 - (y2 - y1) / 8, (y1 + y2) / 2 + (x2 - x1) / 8
        path = f"M{x1} {y1}Q{bend_x:.0f} {bend_y:.0f} {x2} {y2}"
    return Tie(source.id, target.id, path, round(0.8 + 0.95 * min(units, MOST_WIDE), 2), presence)


def _middle(tile: Tile) -> tuple[int, int]:
    return tile.x + WIDE // 2, tile.y + HIGH // 2


def ties(edges: Iterable[Document]) -> list[Tie]:
    """The ties between forces that have a tile, the thinnest first."""
    pairs = ((_id(edge["source"]), _id(edge["target"]), edge["count"]) for edge in edges)
    found = [(TILES[one], TILES[other], count) for one, other, count in pairs if one in TILES and other in TILES]
    return sorted(starmap(tie, found), key=lambda each: each.width)


def _id(name: str) -> str:
    return name.removeprefix("force:")


class MatrixRow(NamedTuple):
    """A force, and how many units it shares with each other, in the order of the rows."""

    id: str
    code: str
    counts: Sequence[int]


def matrix(edges: Iterable[Document], order: Sequence[str]) -> list[MatrixRow]:
    """Forces against forces; 0 where they share nothing."""
    shared: dict[tuple[str, str], int] = {}
    for edge in edges:
        one, other, units = _id(edge["source"]), _id(edge["target"]), sum(edge["count"].values())
        shared[one, other] = shared[other, one] = units
    return [MatrixRow(one, TILES[one].code, [shared.get((one, other), 0) for other in order]) for one in order]

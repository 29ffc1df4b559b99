"""Columns of whole numbers kept bit by bit: plane k holds bit k of all the numbers, the number of row i as its bit i.

A question to all rows ("above 734593?") is then a few operations on long integers, whose answer has a bit for each row.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

ROW_BITS = 32
"""As wide as the numbers are that columns are made of; the lowest byte comes first."""
_WINDOW = (1 << 4_096) - 1
"""So many rows are looked through at once."""


class BitColumn(NamedTuple):
    """One number for each row; of what is above the last plane, every bit is 0."""

    planes: tuple[int, ...]
    rows: int
    """A one for each row."""

    @classmethod
    def counted(cls, found: Iterable[int], rows: int) -> "BitColumn":
        """In how many of the findings each row is."""
        planes: list[int] = []
        for rows_in in found:
            carried = rows_in
            for place, plane in enumerate(planes):
                planes[place], carried = plane ^ carried, plane & carried
            if carried:
                planes.append(carried)
        return cls(tuple(planes), rows)

    def above(self, number: int) -> int:
        """The rows with more than the number."""
        if number < 0:
            return self.rows
        if number >> len(self.planes):
            return 0
        found = 0
        for place, plane in enumerate(self.planes):
            found = found & plane if number >> place & 1 else found | plane
        return found

    def at_most(self, number: int) -> int:
        """The rows with the number or less."""
        return self.rows ^ self.above(number)

    def groups(self, rows: int) -> Iterator[tuple[int, int]]:
        """Each number that these rows have, with those that have it: `(17, 0b1001)`."""
        found = [(0, rows)] if rows else []
        for place in reversed(range(len(self.planes))):
            split = []
            for number, having in found:
                if ones := having & self.planes[place]:
                    split.append((number | 1 << place, ones))
                if zeros := having ^ ones:
                    split.append((number, zeros))
            found = split
        yield from found

    def highest(self, rows: int) -> tuple[int, int]:
        """The highest number of these rows, and those of them that have it."""
        number = 0
        for place in reversed(range(len(self.planes))):
            if having := rows & self.planes[place]:
                number, rows = number | 1 << place, having
        return number, rows

    def total(self, rows: int) -> int:
        """The numbers of these rows, added up."""
        return sum((plane & rows).bit_count() << place for place, plane in enumerate(self.planes))

    def equals(self, other: "BitColumn") -> int:
        """The rows in which both columns have the same number."""
        found = self.rows
        for own, its in _pairs(self, other):
            found ^= found & (own ^ its)
        return found

    def below(self, other: "BitColumn") -> int:
        """The rows with less than the other column has there."""
        found = 0
        for own, its in _pairs(self, other):
            found ^= (found ^ its) & (own ^ its)
        return found

    def least(self, other: "BitColumn") -> "BitColumn":
        """The lower number of both in each row."""
        return self._either(other, other.below(self))

    def greatest(self, other: "BitColumn") -> "BitColumn":
        """The higher number of both in each row."""
        return self._either(other, self.below(other))

    def where(self, rows: int) -> "BitColumn":
        """The same in these rows, 0 in all others."""
        return BitColumn(tuple(plane & rows for plane in self.planes), self.rows)

    def _either(self, other: "BitColumn", rows: int) -> "BitColumn":
        """The other column's numbers in these rows, and its own in all others."""
        return BitColumn(tuple(own ^ ((own ^ its) & rows) for own, its in _pairs(self, other)), self.rows)


def _pairs(one: BitColumn, other: BitColumn) -> Iterator[tuple[int, int]]:
    for place in range(max(len(one.planes), len(other.planes))):
        yield (
            one.planes[place] if place < len(one.planes) else 0,
            other.planes[place] if place < len(other.planes) else 0,
        )


class BitTable:
    """Columns in the making: rows of as many numbers as there are columns, added in batches."""

    def __init__(self) -> None:
        self.planes: list[list[int]] = []
        self.count = 0

    def add(self, rows: Sequence[bytes], width: int = 0) -> None:
        """Add rows; those shorter than the longest, or than `width` bytes, are filled up with zeros."""
        width = max(width, max(map(len, rows), default=0))
        text = b"".join([row.ljust(width, b"\0") for row in rows])
        text = text.ljust(-(-len(rows) // 8) * 8 * width, b"\0")
        while len(self.planes) < width // 4:
            self.planes.append([0] * ROW_BITS)
        for number in range(width // 4):
            for byte in range(4):
                for bit, plane in enumerate(_planes(text[number * 4 + byte :: width])):
                    self.planes[number][byte * 8 + bit] |= plane << self.count
        self.count += len(rows)

    def columns(self) -> list[BitColumn]:
        """The columns."""
        rows = (1 << self.count) - 1
        return [BitColumn(_trimmed(planes), rows) for planes in self.planes]


def _trimmed(planes: list[int]) -> tuple[int, ...]:
    last = max((place for place, plane in enumerate(planes) if plane), default=-1)
    return tuple(planes[: last + 1])


def _planes(octets: bytes) -> Iterable[int]:
    """The eight planes of bytes, as many as a multiple of eight: eight by eight bits are transposed at a time.

    H. S. Warren, Hacker's Delight, section 7-3.
    """
    if not octets.strip(b"\0"):
        return ()
    bits = int.from_bytes(octets, "little")
    for shift, mask in _steps(len(octets)):
        swapped = (bits ^ (bits >> shift)) & mask
        bits ^= swapped ^ (swapped << shift)
    transposed = bits.to_bytes(len(octets), "little")
    return [int.from_bytes(transposed[place::8], "little") for place in range(8)]


@cache
def _steps(length: int) -> list[tuple[int, int]]:
    masks = ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))
    return [(shift, int.from_bytes(mask.to_bytes(8, "little") * (length // 8), "little")) for shift, mask in masks]


def sum_of(found: Iterable[int]) -> int:
    """The rows of all of them."""
    whole = 0
    for rows in found:
        whole |= rows
    return whole


def places_of(rows: int) -> Iterator[int]:
    """The numbers of the rows, lowest first; the first few are had without a look at the others."""
    start = 0
    while rows >> start:
        window = bin(rows >> start & _WINDOW)[:1:-1]
        place = window.find("1")
        while place >= 0:
            yield start + place
            place = window.find("1", place + 1)
        start += _WINDOW.bit_length()


def rows_of(places: Iterable[int], count: int) -> int:
    """The rows with these numbers, of so many."""
    found = bytearray(-(-count // 8))
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")

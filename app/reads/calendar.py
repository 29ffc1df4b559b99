"""Stretches of days that follow each other, and what held in each: many periods of time asked at once.

What held is kept as bits, one for each stretch, so that a hundred years of months cost little more than one day, and
"and", "or" and "not" over all of them are single operations.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from app.api.parameters import invalid
from app.registry.dates import AFTER_ALL, Span
from app.registry.documents.canonical import Document
from app.registry.presence import Period, Presence

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""The months of a stretch of each length."""


class Held(NamedTuple):
    """In which stretches something held: one bit for each, at least as surely as the name says."""

    certain: int
    presumed: int
    possible: int

    def or_(self, other: "Held") -> "Held":
        """Where either held: the stronger of both."""
        return Held(self[0] | other[0], self[1] | other[1], self[2] | other[2])

    def and_(self, other: "Held") -> "Held":
        """Where both held: the weaker of both."""
        return Held(self[0] & other[0], self[1] & other[1], self[2] & other[2])

    def where(self, bits: int) -> "Held":
        """The same, in these stretches only."""
        return Held(self[0] & bits, self[1] & bits, self[2] & bits)


NEVER = Held(0, 0, 0)


def either(found: Iterable[Held]) -> Held:
    """Where any of them held."""
    whole = NEVER
    for one in found:
        whole = whole.or_(one)
    return whole


class Calendar:
    """Stretches of days, one after the other, each with its name."""

    def __init__(self, starts: list[int], end: int, names: list[str]) -> None:
        self.starts, self.end, self.names = starts, end, names
        self._known: dict[Period, Held] = {}

    @classmethod
    def single(cls, days: Span) -> "Calendar":
        """One stretch: these days."""
        return cls([days.earliest], days.latest + 1, [""])

    @classmethod
    def regular(cls, days: Span, interval: str, most: int) -> "Calendar":
        """The months, quarters or years in which the days lie. Raises Unsupported for more than `most`."""
        step = MONTHS[interval]
        low, high = (_month(day) // step for day in days)
        if high - low + 1 > most:
            asked = f"asks for {high - low + 1:,} {interval}s; at most {most:,} are answered"
            raise invalid("interval", f"{asked}: take a longer interval, or `from` and `to` closer together")
        starts = [_first_day(number * step) for number in range(low, high + 2)]
        return cls(starts[:-1], starts[-1], [_name(number, interval) for number in range(low, high + 1)])

    @property
    def days(self) -> Span:
        """From the first day to the last."""
        return Span(self.starts[0], self.end - 1)

    def held(self, period: Period) -> Held:
        """In which stretches the period held: the strongest answer of any day in each."""
        found = self._known.get(period)
        if found is None:
            possible = self.bits(period.begins_earliest, period.possible_until)
            certain = self.bits(period.begins_latest, period.certain_until) | self._some_day_certain(period)
            presumed = certain | self.bits(period.begins_latest, period.presumed_until)
            found = Held(certain & possible, presumed & possible, possible)
            self._known[period] = found
        return found

    def bits(self, first: int, until: int) -> int:
        """The stretches that have a day from `first` until, not including, `until`."""
        first, until = max(first, self.starts[0]), min(until, self.end)
        if first >= until:
            return 0
        return (1 << bisect_left(self.starts, until)) - (1 << bisect_right(self.starts, first) - 1)

    def _some_day_certain(self, period: Period) -> int:
        """The stretches of which some day is surely one of being, though no single one is certain."""
        if self.end - self.starts[0] == len(self.starts):  # of a single day, what is certain by itself says all
            return 0
        begun = max(period.begins_earliest, min(period.begins_latest, period.possible_until - 1))
        seen = min(period.certain_until, period.possible_until) - 1
        if begun >= self.end or seen < self.starts[0]:
            return 0
        first, last = (max(bisect_right(self.starts, day) - 1, 0) for day in (begun, seen))
        return (1 << last + 1) - (1 << first) if first <= last else 0

    def counts(self, found: Mapping[Held, int]) -> list[Document]:
        """For each stretch, how many of the things that held in it did so how surely."""
        certain, presumed, possible = (self._sums(found, level) for level in range(3))
        return [
            {str(Presence.CERTAIN): a, str(Presence.PRESUMED): b - a, str(Presence.POSSIBLE): c - b}
            for a, b, c in zip(certain, presumed, possible, strict=True)
        ]

    def _sums(self, found: Mapping[Held, int], level: int) -> Iterator[int]:
        steps = Counter[int]()
        for held, many in found.items():
            for first, until in _runs(held[level]):
                steps[first] += many
                steps[until] -= many
        total = 0
        for place in range(len(self.starts)):
            total += steps[place]
            yield total


def moments(days: Span, periods: Iterable[Period]) -> Iterator[Span]:
    """The days cut where the presence of any of the periods can change."""
    bounds = {bound for period in periods for bound in period if days.earliest < bound <= days.latest}
    for first, until in pairwise([days.earliest, *sorted(bounds), days.latest + 1]):
        yield Span(first, until - 1)


def _runs(bits: int) -> Iterator[tuple[int, int]]:
    """The runs of ones: the place of the first, and of the first zero behind."""
    place = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & bits + 1).bit_length() - 1
        bits >>= ones
        yield place + zeros, place + zeros + ones
        place += zeros + ones


def _month(day: int) -> int:
    found = date.fromordinal(day)
    return found.year * 12 + found.month - 1


def _first_day(month: int) -> int:
    year, rest = divmod(month, 12)
    return date(year, rest + 1, 1).toordinal() if year <= date.max.year else AFTER_ALL


def _name(number: int, interval: str) -> str:
    """The name of a stretch: 2012-04, 2012-Q2 or 2012."""
    year, rest = divmod(number * MONTHS[interval], 12)
    return f"{year:04}" + {"month": f"-{rest + 1:02}", "quarter": f"-Q{rest // 3 + 1}", "year": ""}[interval]

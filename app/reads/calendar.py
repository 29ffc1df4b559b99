"""Stretches of days that follow each other, and what held in each: many periods of time asked at once.

What held is kept as bits, one for each stretch, so that a hundred years of months cost little more than one day, and
"and", "or" and "not" over all of them are single operations.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from app.registry.collection import Run, State
from app.registry.dates import AFTER_ALL, Span
from app.registry.lapse import Lapse
from app.registry.presence import SHOWN, Period

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""The months of a stretch of each length."""


class CalendarTooLongError(ValueError):
    """More stretches were asked for than are answered: `count` of them, where `most` are allowed."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"{count} stretches of days, where at most {most} are allowed")
        self.count, self.most = count, most


class PresenceBits(NamedTuple):
    """In which stretches of a calendar something held, at least as surely as the name of the field says.

    Bit 0 stands for the first stretch: `PresenceBits(0b001, 0b011, 0b111)` was certain in the first of three, presumed
    in the second and possible in the third. What is certain is presumed too, and what is presumed is possible.
    """

    certain: int
    presumed: int
    possible: int

    def __or__(self, other: "PresenceBits") -> "PresenceBits":
        """Where either held: the stronger of both."""
        return PresenceBits(self[0] | other[0], self[1] | other[1], self[2] | other[2])

    def __and__(self, other: "PresenceBits") -> "PresenceBits":
        """Where both held: the weaker of both."""
        return PresenceBits(self[0] & other[0], self[1] & other[1], self[2] & other[2])

    def where(self, bits: int) -> "PresenceBits":
        """The same, in these stretches only."""
        return PresenceBits(self[0] & bits, self[1] & bits, self[2] & bits)


NEVER = PresenceBits(0, 0, 0)


def union(found: Iterable[PresenceBits]) -> PresenceBits:
    """Where any of them held."""
    whole = NEVER
    for one in found:
        whole = whole | one
    return whole


class AskedStretch(NamedTuple):
    """Days that are asked for together. Of a single one, only what is certain by itself is certain."""

    days: Span
    single: bool

    @classmethod
    def of(cls, days: Span) -> "AskedStretch":
        """The days by themselves."""
        return cls(days, days.earliest == days.latest)


class Calendar:
    """Stretches of days, one after the other, each with its name."""

    def __init__(self, starts: list[int], end: int, names: list[str]) -> None:
        self.starts, self.end, self.names = starts, end, names
        self._known: dict[Period, PresenceBits] = {}

    @classmethod
    def single(cls, days: Span) -> "Calendar":
        """One stretch: these days."""
        return cls([days.earliest], days.latest + 1, [""])

    @classmethod
    def regular(cls, days: Span, interval: str, most: int) -> "Calendar":
        """The months, quarters or years in which the days lie, at most `most` of them. Raises CalendarTooLongError."""
        step = MONTHS[interval]
        low, high = (_month(day) // step for day in days)
        if high - low + 1 > most:
            raise CalendarTooLongError(high - low + 1, most)
        starts = [_first_day(number * step) for number in range(low, high + 2)]
        return cls(starts[:-1], starts[-1], [_name(number, interval) for number in range(low, high + 1)])

    @property
    def days(self) -> Span:
        """From the first day to the last."""
        return Span(self.starts[0], self.end - 1)

    def stretches(self, lapse: Lapse | None) -> list[AskedStretch]:
        """The stretches one by one, as they are asked by who takes presumptions to lapse."""
        spans = [Span(first, until - 1) for first, until in pairwise([*self.starts, self.end])]
        return [AskedStretch(lapse.asked_of(span) if lapse else span, self._single) for span in spans]

    @property
    def _single(self) -> bool:
        """Whether every stretch is a single day."""
        return self.end - self.starts[0] == len(self.starts)

    def held(self, period: Period) -> PresenceBits:
        """In which stretches the period held: the strongest answer of any day in each."""
        found = self._known.get(period)
        if found is None:
            possible = self.bits(period.begins_earliest, period.possible_until)
            certain = self.bits(period.begins_latest, period.certain_until) | self._some_day_certain(period)
            presumed = certain | self.bits(period.begins_latest, period.presumed_until)
            found = PresenceBits(certain & possible, presumed & possible, possible)
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
        if self._single:  # what is certain by itself says all
            return 0
        begun = max(period.begins_earliest, min(period.begins_latest, period.possible_until - 1))
        seen = min(period.certain_until, period.possible_until) - 1
        if begun >= self.end or seen < self.starts[0]:
            return 0
        first, last = (max(bisect_right(self.starts, day) - 1, 0) for day in (begun, seen))
        return (1 << last + 1) - (1 << first) if first <= last else 0

    def having(self, state: State, runs: Sequence[Run], values: Iterable[str], held: PresenceBits) -> int:
        """The stretches in which a state has one of the values, as `State.on` says for each of them."""
        met = dict.fromkeys(state.values, 0)
        for first, until, value in runs:
            met[value] |= self.bits(first, until)
        found, stronger = 0, 0
        for value, bits in met.items():
            if value in values:
                found |= bits & ~stronger & (held.presumed if value in state.presumed else -1)
            stronger |= bits
        return found

    def counts(self, found: Mapping[PresenceBits, int]) -> list[dict[str, int]]:
        """For each stretch, how many things held in it, each counted once by its strongest presence.

        `found` says how many things held alike; an answer for two stretches is
        `[{"certain": 2, "presumed": 0, "possible": 1}, {"certain": 0, "presumed": 2, "possible": 1}]`.
        """
        certain, presumed, possible = (self._sums(found, level) for level in range(3))
        return [
            dict(zip(map(str, SHOWN), (sure, as_presumed - sure, as_possible - as_presumed), strict=True))
            for sure, as_presumed, as_possible in zip(certain, presumed, possible, strict=True)
        ]

    def _sums(self, found: Mapping[PresenceBits, int], level: int) -> Iterator[int]:
        steps = Counter[int]()
        for held, many in found.items():
            for first, until in runs_of_ones(held[level]):
                steps[first] += many
                steps[until] -= many
        total = 0
        for place in range(len(self.starts)):
            total += steps[place]
            yield total


def change_points(days: Span, periods: Iterable[Period]) -> Iterator[Span]:
    """The days cut where the presence of any of the periods can change."""
    bounds = {bound for period in periods for bound in period if days.earliest < bound <= days.latest}
    for first, until in pairwise([days.earliest, *sorted(bounds), days.latest + 1]):
        yield Span(first, until - 1)


def runs_of_ones(bits: int) -> Iterator[tuple[int, int]]:
    """The runs of ones, from the lowest bit: the place of the first one, and of the zero behind the last.

    `0b1101` has the runs (0, 1) and (2, 4).
    """
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

"""How many forces units in columns had, asked of every day: the numbers of `grouping`, for all units at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from app.analysis.counts.grouping import ForceKey
from app.reads.calendar import NEVER, AskedStretch, PresenceBits
from app.reads.unit_columns.bit_columns import BitColumn, sum_of
from app.reads.unit_columns.blocks import UnitBlock
from app.registry.dates import Span

ForceRows = Sequence[Mapping[int, int]]
"""For each place of a participant, the rows in which each force stands there."""


class ForceNumbers:
    """The numbers of forces in a stretch, of the units that have any in it."""

    def __init__(self, block: UnitBlock, forces: frozenset[int], stretch: AskedStretch) -> None:
        self.block, self.stretch = block, stretch
        self.members: ForceRows = [
            {member: rows for member, rows in part.members.items() if member in forces} for part in block.participants
        ]
        self.taking_part = [sum_of(members.values()) for members in self.members]

    def places(self, *, apart: bool) -> dict[ForceKey, PresenceBits]:
        """When units had how many forces; with `apart`, which ones."""
        found: dict[ForceKey, PresenceBits] = defaultdict(lambda: NEVER)
        for rows, day in self._days():
            for place, held in day.places(self.members, apart=apart):
                found[place] = found[place] | held.where(rows)
        return found

    @property
    def unanswered(self) -> int:
        """The rows for which no day by itself says what all of them do."""
        found = self.block.whole.certain_of_no_day
        for part, rows in zip(self.block.participants, self.taking_part, strict=True):
            found |= part.periods.certain_of_no_day & rows
        return 0 if self.stretch.single else found ^ (found & self._together)

    def _days(self) -> Iterator[tuple[int, "DayNumbers"]]:
        """The days on which a number can change, each with the rows for which it is asked."""
        periods = [self.block.whole, *(part.periods for part in self.block.participants)]
        yield self._together, self._numbers([each.held(self.stretch) for each in periods])
        first, last = self.stretch.days
        several = self.block.rows ^ (self.block.rows & self._together)
        if self.stretch.single or not several:
            return
        yield several, self._numbers([each.held(AskedStretch.of(Span(first, first))) for each in periods])
        for days in (days for each in periods for days in each.days):
            if rows := several & days.above(first) & days.at_most(last):
                yield rows, self._numbers([each.held_on(days) for each in periods])

    @cached_property
    def _together(self) -> int:
        """The rows of which the answer for the stretch is that of each day: all forces were in it as long as it was."""
        found = self.block.alliance.rows
        for part, rows in zip(self.block.participants, self.taking_part, strict=True):
            alike = part.periods.equals(self.block.whole)
            there = rows & part.periods.held(self.stretch).possible
            found ^= found & (there ^ (there & alike))
        return self.block.alliance.rows if self.stretch.single else found

    def _numbers(self, held: Sequence[PresenceBits]) -> "DayNumbers":
        whole, *parts = held
        taking_part = [part.where(rows) for part, rows in zip(parts, self.taking_part, strict=True)]
        return DayNumbers(whole, taking_part, self.block.alliance.rows)


class DayNumbers:
    """How many forces each unit had on a day: `grouping._on`, for all rows."""

    def __init__(self, whole: PresenceBits, parts: Sequence[PresenceBits], rows: int) -> None:
        self.parts, self.rows = parts, rows
        self.unsure_units = whole.possible ^ whole.presumed
        self.all = BitColumn.counted([held.possible for held in parts], rows)
        self.sure = BitColumn.counted([self._sure(held) for held in parts], rows)
        uncertain = sum_of(held.possible ^ held.certain for held in parts)
        unpresumed = sum_of(held.possible ^ held.presumed for held in parts)
        self.weakest = PresenceBits(rows ^ uncertain, rows ^ unpresumed, rows)

    def places(self, members: ForceRows, *, apart: bool) -> Iterator[tuple[ForceKey, PresenceBits]]:
        """Each number, or each number of each force, with the units that had it."""
        for number, alike, unsure in self._each():
            if not apart:
                yield (None, number), alike | PresenceBits(0, 0, unsure)
                continue
            for forces, held in zip(members, self.parts, strict=True):
                # a sure one, or one beyond those that are sure
                perhaps = held.possible & unsure & (self._sure(held) | self.sure.at_most(number - 1))
                found = (held & alike) | PresenceBits(0, 0, perhaps)
                if found.possible:
                    yield from (((force, number), found.where(rows)) for force, rows in forces.items())

    def _each(self) -> Iterator[tuple[int, PresenceBits, int]]:
        """Each number, with the units that had so many, and those that perhaps had, while some forces are unsure."""
        agreed = self.all.equals(self.sure) | self.sure.at_most(0)
        for number in range(1, len(self.parts) + 1):
            so_many = self.all.above(number - 1)
            just = so_many ^ self.all.above(number)
            unsure = so_many & self.sure.at_most(number) & (self.rows ^ agreed)
            yield number, self.weakest.where(just & agreed), unsure

    def _sure(self, held: PresenceBits) -> int:
        """Where a force is one of the unit's for all that is known."""
        return held.presumed | (held.possible & self.unsure_units)

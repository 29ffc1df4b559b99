"""Units in columns put into groups: the groups of `grouping`, for all units of a block at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from app.analysis.counts.column_numbers import ForceNumbers
from app.analysis.counts.grouping import Dimension, ForceKey, GroupKey
from app.reads.calendar import NEVER, AskedStretch, PresenceBits, union
from app.reads.unit_columns.bit_columns import sum_of
from app.reads.unit_columns.blocks import ParticipantColumns, UnitBlock


@dataclass(frozen=True)
class ColumnQuestion:
    """What units are grouped by, and which of them count; as `grouping.groups` is asked. `forces`: all there are."""

    by: Sequence[Dimension]
    required: Collection[frozenset[int]]
    wider: Mapping[int, int]
    lifecycle: Collection[str]
    forces: frozenset[int]

    def answered_by_columns(self, stretches: Sequence[AskedStretch]) -> bool:
        """Whether it can be: how many forces there were is followed from day to day in one stretch alone.

        When presumptions lapse differs from unit to unit, so that only a single day has an answer.
        """
        if Dimension.FORCE_COUNT not in self.by or stretches[0].single:
            return True
        return len(stretches) == 1 and not stretches[0].days.presumed_since


class ColumnGroups:
    """The groups of those rows of a block that a question is about."""

    def __init__(self, block: UnitBlock, rows: int, question: ColumnQuestion) -> None:
        self.block, self.rows, self.question = block, rows, question
        self.shares = list(self._shares())
        """Each group but for forces, by the places of its values in `by`, and the rows that are in it."""

    def unanswered(self, stretch: AskedStretch) -> int:
        """The rows that must be asked one by one."""
        if Dimension.FORCE_COUNT not in self.question.by:
            return 0
        return self.rows & ForceNumbers(self.block, self.question.forces, stretch).unanswered

    def counts(self, stretch: AskedStretch) -> Iterator[tuple[GroupKey, tuple[int, int, int]]]:
        """Each group that had units in the stretch: how many were at least certain, presumed and possible."""
        for place, held in self._places(stretch):
            for values, rows in self.shares:
                one = held if rows == self.rows else held.where(rows)
                if one.possible:
                    yield self._key(place, values), tuple(bits.bit_count() for bits in one)  # type: ignore[misc]

    def _key(self, place: ForceKey, values: Mapping[Dimension, object]) -> GroupKey:
        own = {Dimension.FORCE: place[0], Dimension.FORCE_COUNT: place[1]}
        return tuple(own[name] if name in own else values[name] for name in self.question.by)

    def _shares(self) -> Iterator[tuple[dict[Dimension, object], int]]:
        names = [name for name in self.question.by if name not in (Dimension.FORCE, Dimension.FORCE_COUNT)]
        for found in product(*(self._values(name).items() for name in names)):
            rows = self.rows
            for _, having in found:
                rows &= having
            if rows:
                yield {name: value for name, (value, _) in zip(names, found, strict=True)}, rows

    def _values(self, name: Dimension) -> Mapping[Any, int]:
        if name is Dimension.KIND:
            return self.block.kinds
        if name is Dimension.ALLIANCE:
            return self.block.alliances
        found: dict[object, int] = {}
        for function, rows in self.block.of_function.items():
            broad = None if function is None else self.question.wider.get(function, function)
            found[broad] = found.get(broad, 0) | rows
        return found

    def _places(self, stretch: AskedStretch) -> Iterator[tuple[ForceKey, PresenceBits]]:
        """What `grouping.places` gives for each unit, of all of them, where they count."""
        whole = self.block.whole.held(stretch)
        counting = self.rows
        if lifecycle := self.question.lifecycle:
            counting &= self.block.having(stretch, lifecycle, whole.presumed)
        parts = [(part, part.periods.held(stretch)) for part in self.block.participants] if self._by_forces else []
        limit = PresenceBits(counting, counting, counting)
        for forces in self.question.required:
            limit = limit & union(_held(parts, force) for force in forces)
        for place, held in self._unlimited(stretch, whole, parts):
            found = held & limit
            if found.possible:
                yield place, found

    @property
    def _by_forces(self) -> bool:
        return bool(self.question.required) or not {Dimension.FORCE, Dimension.FORCE_COUNT}.isdisjoint(self.question.by)

    def _unlimited(
        self, stretch: AskedStretch, whole: PresenceBits, parts: "Parts"
    ) -> Iterator[tuple[ForceKey, PresenceBits]]:
        apart, number = Dimension.FORCE in self.question.by, Dimension.FORCE_COUNT in self.question.by
        if not apart and not number:
            yield (None, None), whole
            return
        forces = sorted({force for part, _ in parts for force in part.members} & self.question.forces)
        found = {force: _held(parts, force) for force in forces}
        covered = sum_of(held.possible for held in found.values())
        yield (None, None), whole.where(whole.possible ^ (whole.possible & covered))
        if not number:
            yield from (((force, None), held) for force, held in found.items())
            return
        yield from ForceNumbers(self.block, self.question.forces, stretch).places(apart=apart).items()


Parts = Sequence[tuple[ParticipantColumns, PresenceBits]]


def _held(parts: Parts, force: int) -> PresenceBits:
    certain, presumed, possible = NEVER
    for part, held in parts:
        if rows := held.possible & part.members.get(force, 0):
            certain |= held.certain & rows
            presumed |= held.presumed & rows
            possible |= rows
    return PresenceBits(certain, presumed, possible)

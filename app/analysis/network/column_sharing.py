"""What organisations share in units that stand in columns: `Sharing.add`, for all units of a block at once."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice

from app.analysis.network.sharing import MOST_NAMED, Sharing
from app.reads.calendar import NEVER, AskedStretch, PresenceBits, union
from app.reads.unit_columns.bit_columns import BitColumn, places_of, sum_of
from app.reads.unit_columns.blocks import UnitBlock
from app.registry.lapse import Lapse
from app.registry.presence import SHOWN


@dataclass
class ColumnSharing:
    """The rows of a block that a network is drawn from, in all days and in each stretch.

    With `lifecycles`, a unit counts in the stretches in which it has one of these.
    """

    block: UnitBlock
    rows: int
    sharing: Sharing
    lapse: Lapse | None
    in_series: bool
    lifecycles: Collection[str] = ()

    def add(self) -> None:
        """Count the rows in."""
        taking_part = [held.possible for held in self.members]
        sizes = BitColumn.counted(taking_part, self.block.rows)
        most = self.sharing.asked.most
        left_out = 0 if most is None else sizes.above(most)
        self.sharing.left_out.update(self.block.keys[place] for place in places_of(left_out))
        counted = self.rows ^ left_out
        for part, rows in zip(self.block.participants, taking_part, strict=True):
            self.sharing.members.update(member for member, its in part.members.items() if its & rows & counted)
        groups = [(size, rows) for size, rows in sizes.groups(counted) if size > 1]
        whole, series = self._pairs(counted)
        for pair, places in self._places().items():
            found = _of_pair(places, whole)
            if found.possible:
                self._add(pair, found, groups)
                stretches = self.sharing.pairs[pair].stretches
                for number, held in enumerate(series):
                    _count(stretches, _of_pair(places, held), 1 << number)

    def _add(self, pair: tuple[int, int], found: PresenceBits, groups: Sequence[tuple[int, int]]) -> None:
        shared = self.sharing.pairs[pair]
        _count(shared.whole, found, 1)
        for size, rows in groups:
            if many := (found.possible & rows).bit_count():
                shared.sizes[size] += many
        shared.keys += [self.block.keys[place] for place in islice(places_of(found.possible), MOST_NAMED)]

    @cached_property
    def stretches(self) -> list[tuple[AskedStretch, int]]:
        """The stretches of the series, each with the rows that count in it."""
        found = []
        for stretch in self.sharing.asked.stretches.stretches(self.lapse):
            rows = self.rows
            if self.lifecycles:
                presumed = self.block.whole.held(stretch).presumed
                rows &= self.block.having(stretch, self.lifecycles, presumed)
            found.append((stretch, rows))
        return found

    @cached_property
    def wholes(self) -> list[tuple[AskedStretch, int]]:
        """What the days asked for are asked as: all together, or where only some stretches count, one by one."""
        (whole,) = self.sharing.asked.whole.stretches(self.lapse)
        return self.stretches if self.lifecycles else [(whole, self.rows)]

    @cached_property
    def members(self) -> list[PresenceBits]:
        """For each place of a participant, how surely who stands there took part."""
        return [
            union(
                self._as_sure(part.periods.held(stretch)).where(rows & sum_of(part.members.values()))
                for stretch, rows in self.wholes
            )
            for part in self.block.participants
        ]

    def _as_sure(self, held: PresenceBits) -> PresenceBits:
        return held.where(held[SHOWN.index(self.sharing.asked.weakest)])

    def _pairs(self, counted: int) -> tuple["PairHeld", list["PairHeld"]]:
        """For each two places, when both took part: in all days, and in each stretch of a series."""
        whole: PairHeld = {}
        series: list[PairHeld] = [{} for _ in self.stretches] if self.in_series else []
        for one, other in combinations(range(len(self.block.participants)), 2):
            both = self.members[one].possible & self.members[other].possible & counted
            asked = [*self.wholes, *(self.stretches if self.in_series else ())]
            held = [self._together(one, other, stretch).where(rows & both) for stretch, rows in asked]
            whole[one, other] = union(held[: len(self.wholes)])
            for place, found in enumerate(held[len(self.wholes) :]):
                series[place][one, other] = found
        return whole, series

    def _together(self, one: int, other: int, stretch: AskedStretch) -> PresenceBits:
        first, second = (self.block.participants[place].periods for place in (one, other))
        if stretch.single:
            return self._as_sure(first.held(stretch) & second.held(stretch))
        return self._as_sure(first.within(second).held(stretch))

    def _places(self) -> dict[tuple[int, int], "PairPlaces"]:
        """For each pair of organisations, the places at which both stand; which of them comes first is settled."""
        found: dict[tuple[int, int], PairPlaces] = {}
        for one, other in combinations(range(len(self.block.participants)), 2):
            for first, its in self.block.participants[one].members.items():
                for second, others in self.block.participants[other].members.items():
                    if first < second:
                        found.setdefault((first, second), []).append(((one, other), its, others))
        return found


PairHeld = dict[tuple[int, int], PresenceBits]
"""For each two places of participants, the rows in which both took part at once."""
PairPlaces = list[tuple[tuple[int, int], int, int]]
"""Two places, with the rows in which one organisation stands at the first, and another at the second."""


def _of_pair(places: PairPlaces, held: PairHeld) -> PresenceBits:
    certain, presumed, possible = NEVER
    for place, its, others in places:
        found = held[place]
        if rows := found.possible & its & others:
            certain |= found.certain & rows
            presumed |= found.presumed & rows
            possible |= rows
    return PresenceBits(certain, presumed, possible)


def _count(counts: Counter[PresenceBits], found: PresenceBits, bit: int) -> None:
    """Count what held in one stretch, which has this bit."""
    certain, presumed, possible = (bits.bit_count() for bits in found)
    counts[PresenceBits(bit, bit, bit)] += certain
    counts[PresenceBits(0, bit, bit)] += presumed - certain
    counts[PresenceBits(0, 0, bit)] += possible - presumed

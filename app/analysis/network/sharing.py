"""What organisations share: who took part in one thing on the same day, and how surely."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from app.reads.calendar import Calendar, PresenceBits, union
from app.registry.presence import SHOWN, Period, Presence

Participations = Mapping[int, list[Period]]
"""When organisations took part in one thing, by their keys: `{17: [Period(…)], 23: [Period(…), Period(…)]}`."""
Pair = tuple[int, int]
MOST_NAMED = 60
"""Of what two organisations share, so many are named."""
EVERYWHERE = -1
"""Every stretch there is, as bits."""


class NetworkQuestion(NamedTuple):
    """Which days are asked for, in what stretches, how sure a part must be, and how many members are too many."""

    whole: Calendar
    stretches: Calendar
    weakest: Presence
    most: int | None


@dataclass
class SharedThings:
    """What two organisations were in together: how many held alike, of how many members they were, and their keys.

    `whole` is of all the days asked for, `stretches` of each stretch of the series.
    """

    whole: Counter[PresenceBits] = field(default_factory=Counter)
    stretches: Counter[PresenceBits] = field(default_factory=Counter)
    sizes: Counter[int] = field(default_factory=Counter)
    keys: list[int] = field(default_factory=list)

    @property
    def named(self) -> list[int]:
        """The keys of those that are named: of more than `MOST_NAMED`, the first recorded."""
        return sorted(self.keys)[:MOST_NAMED]

    @property
    def weight(self) -> float:
        """How closely the two work together: what few share counts for more.

        1/(n - 1) for each thing of n members: M. E. J. Newman, Scientific collaboration networks II, Physical Review E
        64, 016132 (2001).
        """
        return float(sum(Fraction(1 / (members - 1)) * many for members, many in self.sizes.items()))


@dataclass
class Sharing:
    """Who shares what: those that take part in something, what each pair shares, and what has too many members."""

    asked: NetworkQuestion
    members: set[int] = field(default_factory=set)
    pairs: dict[Pair, SharedThings] = field(default_factory=lambda: defaultdict(SharedThings))
    left_out: set[int] = field(default_factory=set)

    def add(self, key: int, parts: Participations, having: int = EVERYWHERE) -> None:
        """Count one thing in the stretches `having`, if it has not too many members."""
        parts = {member: periods for member, periods in parts.items() if self._whole(periods, having).possible}
        if self.asked.most is not None and len(parts) > self.asked.most:
            self.left_out.add(key)
            return
        self.members.update(parts)
        for (one, first), (other, second) in combinations(sorted(parts.items()), 2):
            both = [a.within(b) for a in first for b in second]
            whole = self._whole(both, having)
            if whole.possible:
                shared = self.pairs[one, other]
                shared.whole[whole] += 1
                shared.stretches[self._held(self.asked.stretches, both).where(having)] += 1
                shared.sizes[len(parts)] += 1
                shared.keys.append(key)

    def _whole(self, periods: Iterable[Period], having: int) -> PresenceBits:
        """Of all the days asked for: what held in them; of what counts in some stretches, the strongest in these."""
        if having == EVERYWHERE:
            return self._held(self.asked.whole, periods)
        found = self._held(self.asked.stretches, periods).where(having)
        return PresenceBits(*(int(bits != 0) for bits in found))

    def _held(self, calendar: Calendar, periods: Iterable[Period]) -> PresenceBits:
        """In which stretches any of the periods held, at least as surely as is asked."""
        found = union(map(calendar.held, periods))
        return found.where(found[SHOWN.index(self.asked.weakest)])

    def count(self, pair: Pair) -> dict[str, int]:
        """How many the two share, by presence."""
        return self.asked.whole.counts(self.pairs[pair].whole)[0]

    def series(self, pair: Pair) -> Iterator[tuple[str, dict[str, int]]]:
        """How many the two shared in each stretch, with its name."""
        counts = self.asked.stretches.counts(self.pairs[pair].stretches)
        yield from zip(self.asked.stretches.names, counts, strict=True)

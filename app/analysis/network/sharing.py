"""What organisations share: who took part in one thing on the same day, and how surely."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from math import fsum
from typing import NamedTuple

from app.reads.calendar import Calendar, PresenceBits, union
from app.registry.presence import SHOWN, Period, Presence

Participations = Mapping[int, list[Period]]
"""When organisations took part in one thing, by their keys: `{17: [Period(…)], 23: [Period(…), Period(…)]}`."""
Pair = tuple[int, int]
EVERYWHERE = -1
"""Every stretch there is, as bits."""


class Shared(NamedTuple):
    """One thing that two organisations were in together: its key, how many were in it, and when these two were.

    `whole` is of all the days asked for, `stretches` of each stretch of the series.
    """

    key: int
    members: int
    whole: PresenceBits
    stretches: PresenceBits


@dataclass(frozen=True)
class NetworkQuestion:
    """Which days are asked for, in what stretches, how sure a part must be, and how many members are too many."""

    whole: Calendar
    stretches: Calendar
    weakest: Presence
    most: int | None


@dataclass
class Sharing:
    """Who shares what: those that take part in something, what each pair shares, and what has too many members."""

    asked: NetworkQuestion
    members: set[int] = field(default_factory=set)
    pairs: dict[Pair, list[Shared]] = field(default_factory=lambda: defaultdict(list))
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
                stretches = self._held(self.asked.stretches, both).where(having)
                self.pairs[one, other].append(Shared(key, len(parts), whole, stretches))

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
        return self.asked.whole.counts(Counter(shared.whole for shared in self.pairs[pair]))[0]

    def series(self, pair: Pair) -> Iterator[tuple[str, dict[str, int]]]:
        """How many the two shared in each stretch, with its name."""
        counts = self.asked.stretches.counts(Counter(shared.stretches for shared in self.pairs[pair]))
        yield from zip(self.asked.stretches.names, counts, strict=True)

    def weight(self, pair: Pair) -> float:
        """How closely the two work together: what few share counts for more.

        1/(n - 1) for each thing of n members: M. E. J. Newman, Scientific collaboration networks II, Physical Review E
        64, 016132 (2001).
        """
        return fsum(1 / (shared.members - 1) for shared in self.pairs[pair])

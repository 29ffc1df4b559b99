"""What uncertain dates say about one day: certain, presumed, possible or absent."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Self

from app.registry.dates import AFTER_ALL, BEFORE_ALL, ENDED_UNKNOWN, Span, iso, parse_edtf
from app.registry.lapse import Lapse


class Presence(StrEnum):
    """How sure it is that something held on a day, strongest first."""

    CERTAIN = "certain"
    PRESUMED = "presumed"
    POSSIBLE = "possible"
    ABSENT = "absent"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return RANKS[self]


RANKS = {presence: rank for rank, presence in enumerate(Presence)}
"""How strong each is, 0 for the strongest."""
SHOWN = (Presence.CERTAIN, Presence.PRESUMED, Presence.POSSIBLE)
"""The presences that lists show, strongest first."""


def strongest(found: Iterable[Presence]) -> Presence:
    """The surest of them."""
    return min(found, key=RANKS.__getitem__)


def weakest(found: Iterable[Presence]) -> Presence:
    """The least sure of them."""
    return max(found, key=RANKS.__getitem__)


class Period(NamedTuple):
    """When something held, ready to be asked: each field is a day, and each level of presence one run of days.

    At least possible on [begins_earliest, possible_until), at least presumed on [begins_latest, presumed_until),
    certain on [begins_latest, certain_until). `certain_until` is the day after the last on which a source shows it in
    being, or on which it can have begun at the earliest: also where no single day is certain, it says something of a
    month or a year.
    """

    begins_earliest: int
    begins_latest: int
    certain_until: int
    presumed_until: int
    possible_until: int

    def within(self, whole: Self) -> "Period":
        """This period as a part of `whole`: on no day is a part more certain than what it belongs to."""
        return Period._make(clipped(self, whole))

    def presence(self, days: Span) -> Presence:
        """The strongest answer of any day in `days`; certain too, if some day of them is surely one of being."""
        return presence_of(self, days)

    @property
    def presumption_rests_on(self) -> int:
        """The last day for which it is certain, else the day by which it had begun."""
        return max(self.certain_until - 1, self.begins_latest)

    def lapsed(self, lapse: Lapse | None) -> "Period":
        """The period as it is presumed by who takes presumptions to lapse."""
        if lapse is None:
            return self
        until = min(lapse.after(self.presumption_rests_on) + 1, AFTER_ALL)
        return self._replace(presumed_until=min(self.presumed_until, until))


ALWAYS = Period(BEFORE_ALL, BEFORE_ALL, AFTER_ALL, AFTER_ALL, AFTER_ALL)
"""Of that on which no date sets a bound."""

Days = tuple[int, int, int, int, int]
"""The days of a period, as they are written to the database."""


def clipped(part: Sequence[int], whole: Sequence[int]) -> Days:
    """The days of `part` as a part of `whole`: `Period.within`, for where only the days are wanted."""
    b0, b1, certain, presumed, possible = part
    w0, w1, whole_certain, whole_presumed, whole_possible = whole
    until = min(whole_possible, possible)
    # what may have begun only after the end of the other was perhaps never there together with it
    apart = b1 >= until < possible or w1 >= until < whole_possible
    certain = BEFORE_ALL if apart else min(whole_certain, certain)
    return max(w0, b0), max(w1, b1), certain, min(whole_presumed, presumed), until


def presence_of(bounds: Sequence[int], days: Span) -> Presence:
    """The strongest answer of `days`, for the days of a period: which runs of days they meet.

    Of a month or a year it is certain as well where it had surely begun by the last of its days, and was surely there
    on the first or later: then some day of them was one of being, whichever that was.
    """
    begins_earliest, begins_latest, certain_until, presumed_until, possible_until = bounds
    first, last = days
    if begins_earliest > last or first >= possible_until or begins_earliest >= possible_until:
        return Presence.ABSENT
    begun = begins_latest <= last
    if first < certain_until:
        if begun and begins_latest < certain_until:
            return Presence.CERTAIN
        if first < last and (begun or possible_until <= last + 1):
            return Presence.CERTAIN
    if (
        begun
        and first < presumed_until > begins_latest
        and days.presumed_since <= max(certain_until - 1, begins_latest)
    ):
        return Presence.PRESUMED
    return Presence.POSSIBLE


@lru_cache(maxsize=8192)
def period_of(started: str | None, ended: str | None, observed: tuple[str, ...]) -> Period:
    """The period that EDTF texts state. Raises UnsupportedDateError."""
    return Stated.read(started, ended, observed).period()


def contradictions_of(started: str | None, ended: str | None, observed: tuple[str, ...]) -> tuple[str, ...]:
    """What EDTF texts say that cannot be true at once, in words. Raises UnsupportedDateError."""
    return tuple(Stated.read(started, ended, observed).contradictions())


class Stated(NamedTuple):
    """What is recorded of a period. `ended` is exclusive: the first day on which it no longer held."""

    started: Span | None
    ended: Span | None
    ended_unknown: bool
    observed: tuple[Span, ...]

    @classmethod
    def read(cls, started: str | None, ended: str | None, observed: tuple[str, ...] = ()) -> "Stated":
        """From EDTF texts; `ended` may also be "unknown". Raises UnsupportedDateError."""
        unknown = ended == ENDED_UNKNOWN
        return cls(
            parse_edtf(started) if started else None,
            parse_edtf(ended) if ended and not unknown else None,
            unknown,
            tuple(map(parse_edtf, observed)),
        )

    def contradictions(self) -> list[str]:
        """What cannot be true at once, in words; empty when the dates agree."""
        found = []
        started, ended = self.started, self.ended
        if started and ended and ended.latest < started.earliest:
            found.append(f"ended by {iso(ended.latest)}, before it started ({iso(started.earliest)})")
        elif started and ended and ended.latest == started.earliest < AFTER_ALL:
            found.append(f"ended by {iso(ended.latest)}, the day on which it started: that is a period without a day")
        for day in self.observed:
            if started and day.latest < started.earliest:
                found.append(f"observed by {iso(day.latest)}, before it started ({iso(started.earliest)})")
            if ended and day.earliest >= ended.latest:
                found.append(f"observed from {iso(day.earliest)}, when it had ended ({iso(ended.latest)})")
        return found

    def period(self) -> Period:
        """The period, its bounds sharpened by what was observed; that it started is an observation too."""
        s0, s1 = self.started or (BEFORE_ALL, AFTER_ALL)
        day_after_seen = min(s0 + 1, AFTER_ALL) if self.started and s0 > BEFORE_ALL else BEFORE_ALL
        for earliest, latest in self.observed:
            s1 = min(s1, latest)
            day_after_seen = max(day_after_seen, min(earliest + 1, AFTER_ALL))
        if self.ended_unknown:
            e0 = max(s1, day_after_seen)
            return Period(s0, s1, day_after_seen, e0, AFTER_ALL)
        if self.ended:
            e0 = max(self.ended.earliest, day_after_seen)
            return Period(s0, s1, e0, e0, self.ended.latest)
        return Period(s0, s1, day_after_seen, AFTER_ALL, AFTER_ALL)

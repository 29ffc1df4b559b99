"""Uncertain dates, and what they say about one day.

Days are counted as proleptic Gregorian ordinals (`datetime.date.toordinal`), so that both databases compare plain
integers and an open bound needs no special case: `BEFORE_ALL` and `AFTER_ALL` lie outside every real day.
"""

import calendar
import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Self

BEFORE_ALL = 0
AFTER_ALL = date.max.toordinal() + 1

ENDED_UNKNOWN = "unknown"
"""Stands where an end date would: it ended, and no source says when."""

ACCEPTED_FORMS = (
    "2009-04-01, 2009-04, 2009, each with ~ (about) or ? (uncertain) behind it; "
    "[..2011-06-02] (on or before), [2012-11..] (on or after), [2012-11..2016-05] (one day in that span)"
)
ACCEPTED_DAYS = "2012-01-01, 2012-01 or 2012"

_MONTHS = tuple(calendar.month_name)
_FULL, _YEAR = len("2009-04-01"), len("2009")
_DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_PLAIN = re.compile(rf"({_DATE})([~?]?)")
_SPAN = re.compile(rf"\[({_DATE})?\.\.({_DATE})?\]")


class UnsupportedDateError(ValueError):
    """A date in a form the registry does not read."""


class Presence(StrEnum):
    """How sure it is that something held on a day, strongest first."""

    CERTAIN = "certain"
    PRESUMED = "presumed"
    POSSIBLE = "possible"
    ABSENT = "absent"


class Span(NamedTuple):
    """The days, both inclusive, in which one day lies that is not known better."""

    earliest: int
    latest: int


@lru_cache(maxsize=65536)
def parse_edtf(text: str) -> Span:
    """Read one EDTF date (ISO 8601-2) of the accepted forms; `~` and `?` change no bound.

    Raises UnsupportedDateError for every other text, days that no calendar has included.
    """
    if plain := _PLAIN.fullmatch(text):
        return _days_of(plain[1])
    if (span := _SPAN.fullmatch(text)) and (span[1] or span[2]):
        earliest = _days_of(span[1]).earliest if span[1] else BEFORE_ALL
        latest = _days_of(span[2]).latest if span[2] else AFTER_ALL
        if earliest > latest:
            raise UnsupportedDateError(f"'{text}' ends before it begins")
        return Span(earliest, latest)
    raise UnsupportedDateError(f"'{text[:60]}' is not a date the registry reads; write {ACCEPTED_FORMS}")


def parse_as_of(text: str) -> Span:
    """Read the day, month or year of `as_of`. Raises UnsupportedDateError."""
    if re.fullmatch(_DATE, text):
        return _days_of(text)
    raise UnsupportedDateError(f"'{text[:60]}' is not a day, month or year; write {ACCEPTED_DAYS}")


def _days_of(text: str) -> Span:
    try:
        if len(text) == _FULL:
            day = date.fromisoformat(text).toordinal()
            return Span(day, day)
        year, months = int(text[:4]), [int(text[5:])] if len(text) > _YEAR else [1, 12]
        first, last = date(year, months[0], 1), date(year, months[-1], 1)
        return Span(first.toordinal(), last.toordinal() + calendar.monthrange(year, last.month)[1] - 1)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise UnsupportedDateError(f"'{text}' is not in the calendar; write {ACCEPTED_FORMS}") from error


def iso(day: int) -> str | None:
    """The day in ISO 8601, or None for an open bound."""
    return date.fromordinal(day).isoformat() if BEFORE_ALL < day < AFTER_ALL else None


@lru_cache(maxsize=65536)
def in_words(edtf: str) -> str:
    """The date as an English reader would write it: "April 2009", "on or before 2 June 2011"."""
    if span := _SPAN.fullmatch(edtf):
        if span[1] and span[2]:
            return f"between {_written(span[1])} and {_written(span[2])}"
        return f"not before {_written(span[1])}" if span[1] else f"not after {_written(span[2])}"
    mark = {"~": "about ", "?": "perhaps "}.get(edtf[-1], "")
    return mark + _written(edtf.rstrip("~?"))


def _written(text: str) -> str:
    year, month, day = (*text.split("-"), "", "")[:3]
    if not month:
        return year
    return f"{day.lstrip('0')} {_MONTHS[int(month)]} {year}" if day else f"{_MONTHS[int(month)]} {year}"


class Period(NamedTuple):
    """When something held, ready to be asked: each field is a day, and each level of presence one run of days.

    At least possible on [begins_earliest, possible_until), at least presumed on [begins_latest, presumed_until),
    certain on [begins_latest, certain_until).
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
        """The strongest answer of any day in `days`."""
        return presence_of(self, days)


def clipped(part: Sequence[int], whole: Sequence[int]) -> tuple[int, int, int, int, int]:
    """The five days of `part` as a part of `whole`: `Period.within`, for where only the days are wanted."""
    b0, b1, certain, presumed, possible = part
    w0, w1, whole_certain, whole_presumed, whole_possible = whole
    return (
        max(w0, b0),
        max(w1, b1),
        min(whole_certain, certain),
        min(whole_presumed, presumed),
        min(whole_possible, possible),
    )


def presence_of(bounds: Sequence[int], days: Span) -> Presence:
    """The strongest answer of any day in `days`, for the five days of a period: which runs of days they meet."""
    begins_earliest, begins_latest, certain_until, presumed_until, possible_until = bounds
    first, last = days
    if begins_latest <= last:
        if first < certain_until > begins_latest:
            return Presence.CERTAIN
        if first < presumed_until > begins_latest:
            return Presence.PRESUMED
    if begins_earliest <= last and first < possible_until > begins_earliest:
        return Presence.POSSIBLE
    return Presence.ABSENT


def period_of(started: str | None, ended: str | None, observed: tuple[str, ...]) -> Period:
    """The period that EDTF texts state. Raises UnsupportedDateError."""
    return _reckoned(started, ended, observed)[0]


def contradictions_of(started: str | None, ended: str | None, observed: tuple[str, ...]) -> tuple[str, ...]:
    """What EDTF texts say that cannot be true at once, in words. Raises UnsupportedDateError."""
    return _reckoned(started, ended, observed)[1]


@lru_cache(maxsize=65536)
def _reckoned(started: str | None, ended: str | None, observed: tuple[str, ...]) -> tuple[Period, tuple[str, ...]]:
    stated = Stated.read(started, ended, observed)
    return stated.period(), tuple(stated.contradictions())


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
        for day in self.observed:
            if started and day.latest < started.earliest:
                found.append(f"observed by {iso(day.latest)}, before it started ({iso(started.earliest)})")
            if ended and day.earliest >= ended.latest:
                found.append(f"observed from {iso(day.earliest)}, when it had ended ({iso(ended.latest)})")
        return found

    def period(self) -> Period:
        """The period, its bounds sharpened by what was observed."""
        s0, s1 = self.started or (BEFORE_ALL, AFTER_ALL)
        day_after_seen = BEFORE_ALL
        for earliest, latest in self.observed:
            s1 = min(s1, latest)
            day_after_seen = max(day_after_seen, min(earliest + 1, AFTER_ALL))
        if self.ended_unknown:
            e0 = max(s1, day_after_seen)
            return Period(s0, s1, e0, e0, AFTER_ALL)
        if self.ended:
            e0 = max(self.ended.earliest, day_after_seen)
            return Period(s0, s1, e0, e0, self.ended.latest)
        return Period(s0, s1, day_after_seen, AFTER_ALL, AFTER_ALL)

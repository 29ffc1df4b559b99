"""Uncertain dates, and what they say about one day.

Days are counted as proleptic Gregorian ordinals (`datetime.date.toordinal`), so that both databases compare plain
integers and an open bound needs no special case: `BEFORE_ALL` and `AFTER_ALL` lie outside every real day.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
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
    year, *rest = map(int, text.split("-"))
    month, day = (*rest, None, None)[:2]
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        ends = 12 if month is None else month
        last = date(year, ends, calendar.monthrange(year, ends)[1] if day is None else day)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise UnsupportedDateError(f"'{text}' is not in the calendar; write {ACCEPTED_FORMS}") from error
    return Span(first.toordinal(), last.toordinal())


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
    return " ".join(filter(None, (day.lstrip("0"), month and calendar.month_name[int(month)], year)))


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
        return Period(
            max(self.begins_earliest, whole.begins_earliest),
            max(self.begins_latest, whole.begins_latest),
            min(self.certain_until, whole.certain_until),
            min(self.presumed_until, whole.presumed_until),
            min(self.possible_until, whole.possible_until),
        )

    def presence(self, days: Span) -> Presence:
        """The strongest answer of any day in `days`."""
        return presence_of(self, days)


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


@lru_cache(maxsize=65536)
def period_of(started: str | None, ended: str | None, observed: tuple[str, ...]) -> Period:
    """The period that EDTF texts state. Raises UnsupportedDateError."""
    return Stated.read(started, ended, observed).period()


@lru_cache(maxsize=65536)
def contradictions_of(started: str | None, ended: str | None, observed: tuple[str, ...]) -> tuple[str, ...]:
    """What EDTF texts say that cannot be true at once, in words. Raises UnsupportedDateError."""
    return tuple(Stated.read(started, ended, observed).contradictions())


@dataclass(frozen=True)
class Stated:
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
        if self.started and self.ended and self.ended.latest < self.started.earliest:
            found.append(f"ended by {iso(self.ended.latest)}, before it started ({iso(self.started.earliest)})")
        for day in self.observed:
            if self.started and day.latest < self.started.earliest:
                found.append(f"observed by {iso(day.latest)}, before it started ({iso(self.started.earliest)})")
            if self.ended and day.earliest >= self.ended.latest:
                found.append(f"observed from {iso(day.earliest)}, when it had ended ({iso(self.ended.latest)})")
        return found

    def period(self) -> Period:
        """The period, its bounds sharpened by what was observed."""
        s0, s1 = self.started or (BEFORE_ALL, AFTER_ALL)
        s1 = min([s1, *(day.latest for day in self.observed)])
        day_after_seen = max((min(day.earliest + 1, AFTER_ALL) for day in self.observed), default=BEFORE_ALL)
        if self.ended_unknown:
            e0 = max(s1, day_after_seen)
            return Period(s0, s1, e0, e0, AFTER_ALL)
        if self.ended:
            e0 = max(self.ended.earliest, day_after_seen)
            return Period(s0, s1, e0, e0, self.ended.latest)
        return Period(s0, s1, day_after_seen, AFTER_ALL, AFTER_ALL)

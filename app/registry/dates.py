"""Uncertain dates, and what they say about one day.

Days are counted as proleptic Gregorian ordinals (`datetime.date.toordinal`), so that both databases compare plain
integers and an open bound needs no special case: `BEFORE_ALL` and `AFTER_ALL` lie outside every real day.
"""

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

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


class Span(NamedTuple):
    """The days, both inclusive, in which one day lies that is not known better."""

    earliest: int
    latest: int

    @property
    def presumed_since(self) -> int:
        """A presumption holds in these days if it rests on evidence of that day or later; BEFORE_ALL: on any."""
        return BEFORE_ALL


class LapsingSpan(Span):
    """Days asked for by who takes a presumption to lapse some time after the last evidence."""

    _presumed_since: int

    def __new__(cls, earliest: int, latest: int, presumed_since: int) -> "LapsingSpan":
        """The days, and the day on which the evidence of a presumption must not be older."""
        made = super().__new__(cls, earliest, latest)
        made._presumed_since = presumed_since
        return made

    @property
    def presumed_since(self) -> int:
        """A presumption holds in these days if it rests on evidence of that day or later."""
        return self._presumed_since


@lru_cache(maxsize=16384)
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


@lru_cache(maxsize=16384)
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


EVER = Span(BEFORE_ALL + 1, AFTER_ALL - 1)
"""Every day there is: what a read without `as_of` asks for."""

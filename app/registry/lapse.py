"""How long a presumption lasts: an ISO 8601 period after the last day for which something is certain."""

import calendar
import re
from datetime import date
from typing import NamedTuple

from app.registry.dates import AFTER_ALL, BEFORE_ALL, LapsingSpan, Span

ACCEPTED_PERIODS = "P5Y, P18M, P90D, P1Y6M, or 5y, 18m, 90d"
_PERIOD = re.compile(r"P(?=[0-9])(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,6})D)?", re.IGNORECASE)
_SHORT = re.compile(r"[0-9]{1,6}[YMD]", re.IGNORECASE)


class UnsupportedPeriodError(ValueError):
    """A period in a form the registry does not read."""


class Lapse(NamedTuple):
    """A period of years, months and days: `Lapse(5, 0, 0)` is P5Y."""

    years: int
    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> "Lapse":
        """Read an ISO 8601 period of years, months or days; `5y` is short for P5Y. Raises UnsupportedPeriodError."""
        found = _PERIOD.fullmatch(f"P{text}" if _SHORT.fullmatch(text) else text)
        if not found:
            raise UnsupportedPeriodError(
                f"'{text[:60]}' is not a period of years, months or days; write {ACCEPTED_PERIODS}"
            )
        return cls(*(int(part or 0) for part in found.groups()))

    def after(self, day: int) -> int:
        """The last day on which a presumption holds that rests on evidence of the day; the calendar's end at most."""
        if not BEFORE_ALL < day < AFTER_ALL:
            return day
        start = date.fromordinal(day)
        month = start.year * 12 + start.month - 1 + self.years * 12 + self.months
        if month // 12 > date.max.year:
            return AFTER_ALL
        year, number = month // 12, month % 12 + 1
        last = calendar.monthrange(year, number)[1]
        return min(date(year, number, min(start.day, last)).toordinal() + self.days, AFTER_ALL)

    def asked_of(self, days: Span) -> LapsingSpan:
        """The days, with the oldest evidence on which a presumption can rest on the first of them."""
        since = max(days.earliest - (self.years * 366 + self.months * 31 + self.days), BEFORE_ALL + 1)
        while self.after(since) < days.earliest:
            since += 1
        return LapsingSpan(days.earliest, days.latest, since)

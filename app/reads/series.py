"""Views that count one month, quarter or year after the other: which days they are asked for, and in what stretches."""

from collections.abc import Mapping

from app.api import list_values
from app.api.parameters import Parameters, invalid
from app.api.view import Parameter
from app.reads.calendar import MONTHS, Calendar, CalendarTooLongError
from app.registry.dates import ACCEPTED_DAYS, Span
from app.registry.serving.statements import Clock

MOST_STRETCHES, MOST_ROWS = 1_200, 50_000
MISSING = f"is missing; a series goes from one day, month or year to another: {ACCEPTED_DAYS}"
PARAMETERS: Mapping[str, Parameter] = {
    "interval": Parameter("How long each is.", {"type": "string", "enum": list(MONTHS), "default": "month"}),
    "from": Parameter(f"The first day, month or year: {ACCEPTED_DAYS}; else that of `as_of`.", names_days=True),
    "to": Parameter(f"The last day, month or year: {ACCEPTED_DAYS}; else that of `as_of`.", names_days=True),
}


def calendar(days: Span, interval: str) -> Calendar:
    """The months, quarters or years in which the days lie. Raises Unsupported for too many."""
    try:
        return Calendar.regular(days, interval, MOST_STRETCHES)
    except CalendarTooLongError as error:
        asked = f"asks for {error.count:,} {interval}s; at most {error.most:,} are answered"
        message = f"{asked}: take a longer interval, or `from` and `to` closer together"
        raise invalid("interval", message) from error


def days_of_series(parameters: Parameters, when: Clock) -> Span:
    """From the first day of `from` to the last of `to`; or the days of `as_of`. Raises Unsupported."""
    given = [name for name in ("from", "to") if name in parameters]
    if when.days:
        if given:
            raise invalid("as_of", "names the days of the series, and so do `from` and `to`; give one or the other")
        return when.days
    for name in ("from", "to"):
        if name not in given:
            raise invalid(name, MISSING)
    first, last = (list_values.days_of(parameters, name) for name in ("from", "to"))
    if first.earliest > last.latest:
        raise invalid("to", "is before `from`")
    return Span(first.earliest, last.latest)

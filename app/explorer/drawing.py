"""Where the marks of a drawing lie, as numbers: life bars and bars of years. Templates only write them down."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span
from app.registry.documents.canonical import Document
from app.registry.presence import Period, Presence
from app.registry.stretches import stretches_of

WIDTH = 1000.0
"""How wide a drawing is, in its own units."""
OLDEST = date(2004, 1, 1).toordinal()
"""Where an axis begins at the latest, so that most bars can be held against each other."""
MOST_YEARS = 60
"""What began earlier than that is drawn as running in from the left."""


class Axis(NamedTuple):
    """The days that a drawing shows."""

    first: int
    last: int

    def at(self, day: int) -> float:
        """Where a day lies."""
        inside = min(max(day, self.first), self.last)
        return round((inside - self.first) / max(self.last - self.first, 1) * WIDTH, 1)

    def ticks(self) -> list[tuple[float, int]]:
        """The years that are named, and where each begins."""
        first, last = date.fromordinal(self.first).year, date.fromordinal(self.last).year
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / step <= 12)
        years = range(first + -first % step, last + 1, step)
        return [(self.at(date(year, 1, 1).toordinal()), year) for year in years]


class BarPart(NamedTuple):
    """A run of days of one presence: where it begins, and how wide it is."""

    x: float
    width: float
    presence: Presence


class Bar(NamedTuple):
    """A life as a bar: its runs of days, the days on which it was seen, and where something took its place."""

    parts: Sequence[BarPart]
    seen: Sequence[float]
    replaced: float | None = None
    day: float | None = None


def axis(days: Iterable[int], today: int) -> Axis:
    """The axis for what happened on these days, until today."""
    real = [day for day in days if BEFORE_ALL < day < AFTER_ALL]
    oldest = min([OLDEST, *real])
    first = max(date.fromordinal(oldest).year, date.fromordinal(today).year - MOST_YEARS)
    return Axis(date(first, 1, 1).toordinal(), today)


def bar(
    period: Period,
    scale: Axis,
    *,
    observed: Iterable[Document] = (),
    replaced: int | None = None,
    days: Span | None = None,
) -> Bar:
    """The bar of a period, drawn until the end of the axis."""
    parts = [
        BarPart(scale.at(each.first), round(scale.at(each.until) - scale.at(each.first), 1), each.presence)
        for each in stretches_of(period)
        if each.first <= scale.last and each.until > scale.first
    ]
    earliest = (date.fromisoformat(each["earliest"]).toordinal() for each in observed if each.get("earliest"))
    seen = [scale.at(day) for day in earliest if scale.first <= day <= scale.last]
    middle = scale.at((days.earliest + days.latest) // 2) if days else None
    return Bar(
        [part for part in parts if part.width > 0],
        seen,
        scale.at(replaced) if replaced is not None and scale.first <= replaced <= scale.last else None,
        middle,
    )


class YearBar(NamedTuple):
    """The counts of one year as heights of a bar, from the foot: certain, presumed, possible."""

    year: str
    x: float
    width: float
    certain: tuple[float, float]
    presumed: tuple[float, float]
    possible: tuple[float, float]
    counts: Document


def year_bars(series: Sequence[Document], height: float) -> list[YearBar]:
    """A bar for each year of a series; each part is where its top lies and how high it is."""
    most = max([sum(each["count"].values()) for each in series] or [1]) or 1
    step = WIDTH / max(len(series), 1)
    found = []
    for place, each in enumerate(series):
        foot, parts = height, []
        for presence in ("certain", "presumed", "possible"):
            part = each["count"][presence] / most * height
            foot -= part
            parts.append((round(foot, 1), round(part, 1)))
        x, width = round(place * step + step * 0.06, 1), round(step * 0.88, 1)
        found.append(YearBar(each["period"], x, width, parts[0], parts[1], parts[2], each["count"]))
    return found

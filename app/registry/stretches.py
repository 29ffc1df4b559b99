"""The stretches of days on which something was as sure as before: presence for clients that do not know its rules."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span
from app.registry.presence import Period, Presence, presence_of


class Stretch(NamedTuple):
    """From a day until, not including, another, the presence was this. BEFORE_ALL and AFTER_ALL: no bound."""

    first: int
    until: int
    presence: Presence


def stretches_of(period: Period) -> Iterator[Stretch]:
    """All stretches of a period, the earliest first; on a day that is in none of them it was absent."""
    cuts = sorted({BEFORE_ALL, AFTER_ALL, *(day for day in period if BEFORE_ALL < day < AFTER_ALL)})
    runs = ((first, until, presence_of(period, Span(first, first))) for first, until in pairwise(cuts))
    for presence, alike in groupby(runs, key=lambda run: run[2]):
        found = list(alike)
        if presence is not Presence.ABSENT:
            yield Stretch(found[0][0], found[-1][1], presence)

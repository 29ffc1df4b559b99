"""What else bounds a period: other records do too, and each rule clips the days that a record states of itself.

Pure, on the days of `app.registry.presence.Period`. The projection of periods applies them, in this order: nothing is
older than its members, a unit that was superseded is not presumed to go on, and a relation lives no longer than what
it hangs on. So every answer, whoever gives it, is of the same days.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span
from app.registry.presence import Period


class Life(NamedTuple):
    """The days that the recorded start and end of a record leave open: from `first` until, not including, `until`."""

    first: int = BEFORE_ALL
    until: int = AFTER_ALL


class Succession(NamedTuple):
    """What a successor says of a record: when the successor began, and on whose word, and how, it followed."""

    began: Span
    stated: bool
    splits: bool


def not_before_members(period: Period, founded: Iterable[int]) -> Period:
    """Nothing that several run is older than the second of those whose founding is recorded.

    `founded` are the first possible days of all, BEFORE_ALL where no founding is recorded. Where that is recorded of
    one alone, and of all but one at most, it is no older than that one: it takes two. Only where the start has no lower
    bound of its own; what was seen earlier wins.
    """
    every = list(founded)
    known = sorted(day for day in every if day > BEFORE_ALL)
    if period.begins_earliest > BEFORE_ALL or not known or (len(known) == 1 and len(every) > 2):
        return period
    return period._replace(begins_earliest=min(known[:2][-1], period.begins_latest))


def superseded(period: Period, successions: Iterable[Succession]) -> Period:
    """Where no end is recorded, the end lies at or after the start of the first successor.

    It is presumed no longer from then on; and where a source states the succession, the record is gone on the day
    after its successor had certainly begun, unless it split or was seen later.
    """
    known = list(successions)
    if not known or period.presumed_until < AFTER_ALL:
        return period
    e0 = max(period.certain_until, min(each.began.earliest for each in known))
    e1 = min((each.began.latest + 1 for each in known if each.stated and not each.splits), default=AFTER_ALL)
    if e1 <= period.certain_until:
        e1 = AFTER_ALL
    return period._replace(presumed_until=min(e0, e1), possible_until=min(e1, AFTER_ALL))


def within_life(period: Period, life: Life) -> Period:
    """A relation is absent on the days on which what it hangs on is absent by recorded dates."""
    if life == (BEFORE_ALL, AFTER_ALL):
        return period
    first, until = life
    return period.within(Period(first, first, until, until, until))

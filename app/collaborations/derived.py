"""What is worked out of joint units: where each stands."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from app.collaborations.schemas import Lifecycle
from app.registry.collection import Run, State
from app.registry.dates import AFTER_ALL, BEFORE_ALL, ENDED_UNKNOWN, Span
from app.registry.documents.canonical import Document
from app.registry.presence import Period, Presence


class Course(NamedTuple):
    """What a unit's lifecycle follows from: when it held, whether it ended, what followed it and what proposed it."""

    period: Period
    ended_from: int
    """The first day on which it had ended; AFTER_ALL: no end is recorded."""
    superseded_from: int
    """The first day on which a successor had begun, for all that is known; AFTER_ALL: none had."""
    cases: tuple[Period, ...]
    """When each business case that proposes it was there."""

    def on(self, day: int) -> Lifecycle | None:
        """Where the unit stood on a day; None: no one knows.

        What was superseded is never active again, whatever becomes of its successor, and what is only possible is
        never active.
        """
        if day >= self.ended_from:
            return Lifecycle.ENDED
        if day >= self.superseded_from:
            return Lifecycle.SUPERSEDED
        if self.period.presence(Span(day, day)) in (Presence.CERTAIN, Presence.PRESUMED):
            return Lifecycle.ACTIVE
        proposed = any(case.presence(Span(day, day)) is not Presence.ABSENT for case in self.cases)
        return Lifecycle.PROPOSED if day < self.period.begins_latest and proposed else None

    @property
    def change_days(self) -> Iterable[int]:
        """The days on which its standing can change, the first of all among them, in order."""
        bounds = {*self.period[:5], self.ended_from, self.superseded_from, BEFORE_ALL + 1, AFTER_ALL}
        bounds.update(day for case in self.cases for day in case[:5])
        return sorted(day for day in bounds if day > BEFORE_ALL)


def lifecycle_runs(unit: Document, periods: Mapping[str, Any]) -> list[Run]:
    """The runs of days of a unit's lifecycle, the first of them its standing by all that is recorded.

    `[(0, 0, "superseded"), (733407, 734593, "active"), (734593, 3652060, "superseded")]`
    """
    course = _course(unit, periods)
    runs: list[Run] = []
    if standing := _by_all_that_is_recorded(unit):
        runs.append((BEFORE_ALL, BEFORE_ALL, standing))
    for first, until in pairwise(course.change_days):
        value = course.on(first)
        if value and runs and runs[-1][1] == first and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], until, value)
        elif value:
            runs.append((first, until, value))
    return runs


def _course(unit: Document, periods: Mapping[str, Any]) -> Course:
    period = Period(*periods[""])
    successors = [Period(*days) for days in periods["successors"]]
    began = [each.begins_latest for each in successors if each.begins_latest < each.presumed_until]
    ended = AFTER_ALL
    if unit["ended"]:
        unknown = unit["ended"]["edtf"] == ENDED_UNKNOWN
        ended = period.presumed_until if unknown else period.possible_until
    cases = tuple(Period(*days) for days in periods["proposed_by"])
    return Course(period, ended, min(began, default=AFTER_ALL), cases)


def _by_all_that_is_recorded(unit: Document) -> Lifecycle | None:
    if unit["ended"]:
        return Lifecycle.ENDED
    if unit["successors"]:
        return Lifecycle.SUPERSEDED
    if unit["started"] or unit["observed"]:
        return Lifecycle.ACTIVE
    return Lifecycle.PROPOSED if unit["proposed_by"] else None


LIFECYCLE = State(
    values=(Lifecycle.SUPERSEDED, Lifecycle.ACTIVE, Lifecycle.ENDED, Lifecycle.PROPOSED),
    runs=lifecycle_runs,
    text="Where the unit stands, on `as_of` if given.",
    presumed=(Lifecycle.ACTIVE,),
)

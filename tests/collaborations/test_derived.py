"""Where a unit stands, on both sides of each day on which that changes."""

from typing import Any

import pytest

from app.collaborations.derived import lifecycle_runs
from app.collaborations.schemas import Lifecycle
from app.registry.collection import State
from app.registry.dates import parse_as_of
from app.registry.presence import Period, period_of
from tests.stated import day

VALUES = (Lifecycle.SUPERSEDED, Lifecycle.ACTIVE, Lifecycle.ENDED, Lifecycle.PROPOSED)
STATE = State(values=VALUES, runs=lifecycle_runs, text="")


def held(started: str | None = None, ended: str | None = None, *observed: str) -> Period:
    return period_of(started, ended, observed)


def standing(
    asked: str | None, own: Period, *, successors: tuple[Period, ...] = (), cases: tuple[Period, ...] = (), **said: Any
) -> str | None:
    """Where a unit stands on a day, or by all that is recorded: `said` are its dates as they are recorded."""
    unit = {
        "started": day(said.get("started")),
        "ended": day(said.get("ended")),
        "observed": said.get("observed", []),
        "successors": [{}] * len(successors),
        "proposed_by": [{}] * len(cases),
    }
    periods = {"": own, "successors": successors, "proposed_by": cases}
    return STATE.on(lifecycle_runs(unit, periods), parse_as_of(asked) if asked else None)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2012-03-31", None),
        ("2012-04-29", None),
        ("2012-04-30", "active"),
        ("2014-04-29", "active"),
        ("2014-04-30", "ended"),
        ("2012-04", "active"),
        (None, "ended"),
    ],
)
def test_a_start_and_an_end(asked: str | None, expected: str | None) -> None:
    own = held("2012-04", "2014-04-30")
    assert standing(asked, own, started="2012-04", ended="2014-04-30") == expected


@pytest.mark.parametrize(("asked", "expected"), [("2012-01-01", "active"), ("2012-01-02", "ended"), (None, "ended")])
def test_an_end_that_nobody_dates(asked: str | None, expected: str) -> None:
    assert standing(asked, held("2012-01-01", "unknown"), started="2012-01-01", ended="unknown") == expected


SUCCESSOR = held("2012-04")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("2012-04-01", "active"), ("2012-04-29", "active"), ("2012-04-30", "superseded"), (None, "superseded")],
)
def test_a_successor_supersedes_when_it_has_surely_begun(asked: str | None, expected: str) -> None:
    assert standing(asked, held("2010"), successors=(SUCCESSOR,), started="2010") == expected


def test_a_successor_that_is_only_ever_possible_supersedes_on_no_day() -> None:
    never_sure = Period(*held("2012-04")[:2], certain_until=0, presumed_until=0, possible_until=held("2012-04")[4])
    assert standing("2013", held("2010"), successors=(never_sure,), started="2010") == "active"
    assert standing(None, held("2010"), successors=(never_sure,), started="2010") == "superseded"


CASE = held("2011-06-01")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("2011-05-31", None), ("2011-06-01", "proposed"), ("2012-04-29", "proposed"), ("2012-04-30", "active")],
)
def test_a_case_proposes_until_the_unit_has_begun(asked: str, expected: str | None) -> None:
    assert standing(asked, held("2012-04"), cases=(CASE,), started="2012-04") == expected


@pytest.mark.parametrize(
    ("own", "cases", "said", "expected"),
    [
        (held(), (), {}, None),
        (held(), (CASE,), {}, "proposed"),
        (held(None, None, "2012"), (CASE,), {"observed": ["2012"]}, "active"),
        (held(None, None, "2012"), (), {"observed": ["2012"]}, "active"),
        (held("2012"), (CASE,), {"started": "2012"}, "active"),
    ],
)
def test_by_all_that_is_recorded(own: Period, cases: tuple[Period, ...], said: Any, expected: str | None) -> None:
    assert standing(None, own, cases=cases, **said) == expected


def test_a_case_that_only_may_have_been_there_proposes() -> None:
    assert standing("2011-06-15", held(), cases=(held("2011-06"),)) == "proposed"


def test_what_had_begun_and_is_not_presumed_any_more_is_not_proposed_again() -> None:
    lapsed = held("2010")._replace(presumed_until=held("2012-01-01")[1])
    assert standing("2011-06-15", lapsed, cases=(CASE,), started="2010") == "active"
    assert standing("2013", lapsed, cases=(CASE,), started="2010") is None

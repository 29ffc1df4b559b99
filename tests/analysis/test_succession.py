"""What an organisation answers for: on which days, and in whose place."""

from typing import Any

import pytest

from app.analysis.commitments.succession import Responsible, limits_of
from app.registry.dates import AFTER_ALL, BEFORE_ALL, parse_as_of, parse_edtf
from app.registry.presence import Period, period_of
from tests.stated import day, entry


def life(started: str | None = None, ended: str | None = None) -> Any:
    return {"started": day(started), "ended": day(ended)}


@pytest.mark.parametrize(
    ("lives", "asked", "presence"),
    [
        ([life()], "1900", "certain"),
        ([life("2012-11-22")], "2012-11-21", "absent"),
        ([life("2012-11-22")], "2012-11-22", "certain"),
        ([life("2012-11")], "2012-11-22", "possible"),
        ([life("2012-11")], "2012-11-30", "certain"),
        ([life(None, "2012-11-22")], "2012-11-21", "certain"),
        ([life(None, "2012-11-22")], "2012-11-22", "absent"),
        ([life(None, "2012-11")], "2012-11-15", "possible"),
        ([life(None, "unknown")], "2030", "certain"),
        ([life("2010"), life("2012", "2014")], "2011-06", "absent"),
        ([life("2010"), life("2012", "2014")], "2013", "certain"),
    ],
)
def test_what_is_not_recorded_rules_no_day_out(lives: list[Any], asked: str, presence: str) -> None:
    assert limits_of(*lives).presence(parse_as_of(asked)) == presence


def predecessor(ended: str | None) -> Any:
    period = period_of("1996", ended, ())
    return entry("governance-body", "authority", {"": list(period)})


HEIR = entry("governance-body", "commissioner", {"": list(period_of("2012-11-22", None, ()))})
FROM_THEN_ON = limits_of(life("2012-11-22"))
WHOLE = period_of("2010", None, ())


def involved(part: Period, before: Any) -> Period:
    return Responsible(HEIR, FROM_THEN_ON, before).involved(part, WHOLE)


def test_what_a_body_agreed_passes_to_its_successor() -> None:
    part = period_of("2010", None, ()).within(period_of("1996", "2012-11-22", ()))
    found = involved(part, predecessor("2012-11-22"))
    assert found.presence(parse_as_of("2012-11-21")) == "absent"
    assert found.presence(parse_as_of("2012-11-22")) == "presumed"
    assert found.presence(parse_as_of("2014")) == "presumed"


@pytest.mark.parametrize(
    ("left", "presence"), [("2012-11-21", "absent"), ("2012-11-22", "presumed"), ("2014", "certain")]
)
def test_but_not_what_it_had_left_before(left: str, presence: str) -> None:
    found = involved(period_of("2010", left, ()), predecessor("2012-11-22"))
    assert found.presence(parse_as_of("2013")) == presence


def test_one_that_took_nobodys_place_is_in_it_as_long_as_it_says() -> None:
    found = involved(period_of("2010", "2014", ()), None)
    assert [str(found.presence(parse_as_of(text))) for text in ("2012-11-21", "2013", "2015")] == [
        "absent",
        "certain",
        "absent",
    ]


def test_limits_are_the_first_and_last_days_that_dates_leave_open() -> None:
    span = parse_edtf("2012-11")
    assert limits_of(life("2012-11", "2012-11")) == Period(
        span.earliest, span.latest, span.earliest, span.earliest, span.latest
    )
    assert limits_of(life()) == Period(BEFORE_ALL, BEFORE_ALL, AFTER_ALL, AFTER_ALL, AFTER_ALL)

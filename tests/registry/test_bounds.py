"""What else bounds a period: each rule on both sides of its edge, without a database."""

from datetime import date

import pytest

from app.registry.bounds import Life, Succession, not_before_members, superseded, within_life
from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span, parse_as_of, parse_edtf
from app.registry.presence import Period, Stated


def period(started: str | None = None, ended: str | None = None, *observed: str) -> Period:
    return Stated.read(started, ended, observed).period()


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def presence(found: Period, text: str) -> str:
    return found.presence(parse_as_of(text))


FOUNDED = [day("1974-04-01"), day("1965-04-01"), day("2013-04-01")]


@pytest.mark.parametrize(
    ("found", "founded", "asked", "expected"),
    [
        (period(), FOUNDED, "1974-03-31", "absent"),
        (period(), FOUNDED, "1974-04-01", "possible"),
        (period(), FOUNDED[:1], "1974-03-31", "absent"),
        (period(), [BEFORE_ALL, FOUNDED[0]], "1974-03-31", "absent"),
        (period(), [BEFORE_ALL, FOUNDED[0]], "1974-04-01", "possible"),
        (period(), [BEFORE_ALL, BEFORE_ALL, FOUNDED[0]], "1700", "possible"),
        (period(), [BEFORE_ALL, FOUNDED[0], FOUNDED[1]], "1974-03-31", "absent"),
        (period(), [], "1700", "possible"),
        (period("[..2011-06-02]"), FOUNDED, "1974-03-31", "absent"),
        (period("[..2011-06-02]"), FOUNDED, "1974-04-01", "possible"),
        # its own lower bound is better evidence, and what was seen earlier wins
        (period("1970"), FOUNDED, "1970-06-01", "possible"),
        (period(None, None, "1970-06-01"), FOUNDED, "1970-06-01", "certain"),
    ],
)
def test_nothing_is_older_than_its_members(found: Period, founded: list[int], asked: str, expected: str) -> None:
    assert presence(not_before_members(found, founded), asked) == expected


def by(started: str, *, stated: bool = True, splits: bool = False) -> Succession:
    return Succession(parse_edtf(started), stated, splits)


@pytest.mark.parametrize(
    ("found", "successions", "asked", "expected"),
    [
        (period("2007"), [by("2012-04")], "2012-03-31", "presumed"),
        (period("2007"), [by("2012-04")], "2012-04-01", "possible"),
        (period("2007"), [by("2012-04")], "2012-04-30", "possible"),
        # a source says so: it is gone on the day after its successor was certainly there
        (period("2007"), [by("2012-04")], "2012-05-01", "absent"),
        (period("2007"), [by("2012-04", stated=False)], "2012-05-01", "possible"),
        (period("2007"), [by("2012-04", stated=False)], "2030", "possible"),
        (period("2007"), [by("2012-04", splits=True)], "2012-05-01", "possible"),
        (period("2007"), [by("2012-04-10")], "2012-04-09", "presumed"),
        (period("2007"), [by("2012-04-10")], "2012-04-10", "possible"),
        (period("2007"), [by("2012-04-10")], "2012-04-11", "absent"),
        # what was seen after its successor had begun was not gone
        (period("2007", None, "2013-01-01"), [by("2012-04")], "2012-12-01", "certain"),
        (period("2007", None, "2013-01-01"), [by("2012-04")], "2013-01-01", "certain"),
        (period("2007", None, "2013-01-01"), [by("2012-04")], "2013-01-02", "possible"),
        # of several successors the first counts
        (period("2007"), [by("2015"), by("2012-04", stated=False)], "2012-04-01", "possible"),
        (period("2007"), [by("2015"), by("2012-04", stated=False)], "2016-01-01", "absent"),
        # a recorded end is better evidence
        (period("2007", "2014-01-01"), [by("2012-04")], "2013-12-31", "certain"),
        (period("2007"), [], "2030", "presumed"),
    ],
)
def test_what_was_superseded_is_not_presumed_to_go_on(
    found: Period, successions: list[Succession], asked: str, expected: str
) -> None:
    assert presence(superseded(found, successions), asked) == expected


def test_a_successor_without_a_start_bounds_the_end_by_what_was_seen_alone() -> None:
    undated = Succession(Span(BEFORE_ALL, AFTER_ALL), True, False)
    found = superseded(period("2007-11-05", None, "2010-06-01"), [undated])
    assert (presence(found, "2010-06-01"), presence(found, "2010-06-02")) == ("certain", "possible")


ABOLISHED = Life(BEFORE_ALL, day("2012-11-22"))
FOUNDED_LATE = Life(day("2012-11-22"), AFTER_ALL)


@pytest.mark.parametrize(
    ("found", "life", "asked", "expected"),
    [
        (period("2011-06-02"), ABOLISHED, "2012-11-21", "presumed"),
        (period("2011-06-02"), ABOLISHED, "2012-11-22", "absent"),
        (period("2011-06-02"), ABOLISHED, "2012-11", "presumed"),
        (period("2011-06-02"), Life(), "2030", "presumed"),
        (period(), FOUNDED_LATE, "2012-11-21", "absent"),
        (period(), FOUNDED_LATE, "2012-11-22", "possible"),
        (period("2010", None, "2013-01-01"), FOUNDED_LATE, "2012-11-22", "certain"),
        (period(None, None, "2010-01-01"), ABOLISHED, "2010-01-01", "certain"),
        (period(None, "2013"), ABOLISHED, "2013", "absent"),
    ],
)
def test_a_relation_does_not_outlive_what_it_hangs_on(found: Period, life: Life, asked: str, expected: str) -> None:
    assert presence(within_life(found, life), asked) == expected


def test_an_end_that_is_recorded_stays_whatever_followed() -> None:
    own = period("2010", "2014")
    assert superseded(own, [Succession(parse_edtf("2012"), stated=True, splits=False)]) == own

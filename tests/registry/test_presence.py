"""Presence on the first and the last day of each run of days."""

import pytest

from app.registry.dates import AFTER_ALL, parse_as_of
from app.registry.presence import Period, Presence, Stated, contradictions_of, period_of, strongest, weakest

APRIL_TO_APRIL = period_of("2012-04", "2014-04", ())


@pytest.mark.parametrize(
    ("asked", "presence"),
    [
        ("2012-03-31", "absent"),
        ("2012-04-01", "possible"),
        ("2012-04-29", "possible"),
        ("2012-04-30", "certain"),
        ("2014-03-31", "certain"),
        ("2014-04-01", "possible"),
        ("2014-04-29", "possible"),
        ("2014-04-30", "absent"),
        ("2012-03", "absent"),
        ("2012-04", "certain"),
        ("2014-04", "possible"),
        ("2014-05", "absent"),
        ("2011", "absent"),
        ("2012", "certain"),
        ("2015", "absent"),
    ],
)
def test_a_start_and_an_end_by_the_month(asked: str, presence: str) -> None:
    assert APRIL_TO_APRIL.presence(parse_as_of(asked)) == presence


SEEN = period_of("2012-04", None, ("2012-04-10", "2013-05-10"))


@pytest.mark.parametrize(
    ("asked", "presence"),
    [
        ("2012-03-31", "absent"),
        ("2012-04-09", "possible"),
        ("2012-04-10", "certain"),
        ("2013-05-10", "certain"),
        ("2013-05-11", "presumed"),
        ("9999-12-31", "presumed"),
        ("2013-05", "certain"),
        ("2013-06", "presumed"),
    ],
)
def test_what_was_observed_is_certain_up_to_that_day(asked: str, presence: str) -> None:
    assert SEEN.presence(parse_as_of(asked)) == presence


@pytest.mark.parametrize(
    ("started", "ended", "observed", "asked", "presence"),
    [
        ("2010", "unknown", (), "2010-12-31", "possible"),
        ("2010", "unknown", ("2010-06-01",), "2010-06-01", "certain"),
        ("2010", "unknown", ("2010-06-01",), "2010-06-02", "possible"),
        ("2010-01-01", "unknown", (), "2010-01-01", "certain"),
        ("2010-01-01", "unknown", (), "2010-01-02", "possible"),
        ("2010-01", "unknown", (), "2010-01-31", "possible"),
        ("2010-01", "unknown", (), "2010-01", "certain"),
        ("2010-01", "unknown", (), "2010-02", "possible"),
        (None, "2012-01-01", (), "2011-12-31", "possible"),
        (None, "2012-01-01", (), "2012-01-01", "absent"),
        (None, "2012", ("2012-06-01",), "2012-06-01", "certain"),
        (None, "2012", ("2012-06-01",), "2012-06-02", "possible"),
        (None, None, (), "2012", "possible"),
        (None, None, ("2012-06-01",), "2012-05-31", "possible"),
        (None, None, ("2012-06-01",), "2012-06-02", "presumed"),
    ],
)
def test_what_is_not_known_leaves_days_possible(
    started: str | None, ended: str | None, observed: tuple[str, ...], asked: str, presence: str
) -> None:
    assert period_of(started, ended, observed).presence(parse_as_of(asked)) == presence


@pytest.mark.parametrize(
    ("started", "ended", "asked", "presence"),
    [
        ("2012-04", "2012-04", "2012-04", "certain"),
        ("2012-04", "2012-04", "2012-04-01", "possible"),
        ("2012-04", "2012-04", "2012", "certain"),
        ("2012", "2012-05-01", "2012-04", "certain"),
        ("2012", "2012-05-01", "2012-03", "possible"),
        ("2012", "2012-05-02", "2012-04", "possible"),
        ("2012", None, "2012", "certain"),
        ("2012", None, "2012-12", "presumed"),
        ("2012", None, "2012-11", "possible"),
        ("2012-04-30", None, "2012-04", "certain"),
        ("2012-05-01", None, "2012-04", "absent"),
        ("2012-04-10", None, "2012-05", "presumed"),
    ],
)
def test_of_a_month_it_is_certain_where_some_day_was_one_of_being(
    started: str, ended: str | None, asked: str, presence: str
) -> None:
    assert period_of(started, ended, ()).presence(parse_as_of(asked)) == presence


@pytest.mark.parametrize(
    ("ended", "presence"), [("2015-01-01", "certain"), ("2014-12-31", "possible"), ("2014-12-01", "possible")]
)
def test_what_may_have_begun_only_after_the_other_ended_was_perhaps_never_there_with_it(
    ended: str, presence: str
) -> None:
    part, whole = period_of("2014", None, ()), period_of("2010", ended, ())
    assert part.within(whole).presence(parse_as_of("2014")) == presence
    assert whole.within(part).presence(parse_as_of("2014")) == presence


def test_a_run_without_days_is_on_no_day() -> None:
    nothing = Period(10, 10, 10, 10, 10)
    assert all(nothing.presence(parse_as_of(text)) == "absent" for text in ("0001-01-10", "0001-01", "0001"))


def test_a_part_ends_with_its_whole_at_every_level() -> None:
    whole, part = Period(1, 2, 5, 6, 7), Period(0, 3, 8, 8, AFTER_ALL)
    assert part.within(whole) == Period(1, 3, 5, 6, 7)
    assert whole.within(part) == Period(1, 3, 5, 6, 7)


@pytest.mark.parametrize(
    ("started", "ended", "observed", "found"),
    [
        ("2012-04-01", "2012-04-01", (), 1),
        ("2012-04-01", "2012-04-02", (), 0),
        ("2012-04-02", "2012-04-01", (), 1),
        ("2012", "2012", (), 0),
        ("2012-04-01", None, ("2012-04-01",), 0),
        ("2012-04-01", None, ("2012-03-31",), 1),
        (None, "2012-04-01", ("2012-03-31",), 0),
        (None, "2012-04-01", ("2012-04-01",), 1),
        (None, "2012-04", ("2012-04-29",), 0),
        (None, "2012-04", ("2012-04-30",), 1),
        ("[2012..]", "[..2011]", ("[..2010]", "[2013..]"), 3),
        ("[..2012]", "unknown", ("1900", "2100"), 0),
    ],
)
def test_what_cannot_be_true_at_once_is_said_in_days(
    started: str | None, ended: str | None, observed: tuple[str, ...], found: int
) -> None:
    sentences = contradictions_of(started, ended, observed)
    assert len(sentences) == found
    assert not any("None" in sentence for sentence in sentences)


def test_what_ended_on_its_first_day_did_not_end_before_it() -> None:
    said = "ended by 2012-04-01, the day on which it started: that is a period without a day"
    assert contradictions_of("2012-04-01", "2012-04-01", ()) == (said,)


def test_the_surest_and_the_least_sure() -> None:
    found = [Presence.POSSIBLE, Presence.CERTAIN, Presence.PRESUMED]
    assert (strongest(found), weakest(found)) == (Presence.CERTAIN, Presence.POSSIBLE)


def test_an_end_that_is_unknown_is_no_date() -> None:
    assert Stated.read("2012", "unknown") == (parse_as_of("2012"), None, True, ())

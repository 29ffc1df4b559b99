"""Uncertain dates and presence, against the table of the contract written out a second time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span, UnsupportedDateError, in_words, iso, parse_as_of, parse_edtf
from app.registry.presence import Period, Presence, Stated

STRENGTH = [Presence.ABSENT, Presence.POSSIBLE, Presence.PRESUMED, Presence.CERTAIN]


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "words"),
    [
        ("2009-04-01", "2009-04-01", "2009-04-01", "1 April 2009"),
        ("2009-04", "2009-04-01", "2009-04-30", "April 2009"),
        ("2009", "2009-01-01", "2009-12-31", "2009"),
        ("2012-02", "2012-02-01", "2012-02-29", "February 2012"),
        ("2013~", "2013-01-01", "2013-12-31", "about 2013"),
        ("2013-05?", "2013-05-01", "2013-05-31", "perhaps May 2013"),
        ("[..2011-06-02]", None, "2011-06-02", "not after 2 June 2011"),
        ("[2012-11..]", "2012-11-01", None, "not before November 2012"),
        ("[2012-11..2016-05]", "2012-11-01", "2016-05-31", "between November 2012 and May 2016"),
        ("[2012-11-05..2012-11-05]", "2012-11-05", "2012-11-05", "between 5 November 2012 and 5 November 2012"),
        ("0001-01-01", "0001-01-01", "0001-01-01", "1 January 0001"),
        ("9999-12-31", "9999-12-31", "9999-12-31", "31 December 9999"),
    ],
)
def test_accepted_forms(text: str, earliest: str | None, latest: str | None, words: str) -> None:
    span = parse_edtf(text)
    assert (iso(span.earliest), iso(span.latest)) == (earliest, latest)
    assert in_words(text) == words


REFUSED = (
    *("", " 2009", "2009 ", "2009\n", "2009-4", "2009-13", "2009-00", "2009-04-00", "2009-02-30", "2009-04-31"),
    *("20090401", "0000", "2009/2010", "2009%", "2009-21", "201X", "2009~?", "~2009", "Y20000", "[..]", "[2012..2011]"),
    *("[2011,2012]", "[2012-11..", "2012-11..]", "[2012~..]", "{2011,2012}", "April 2009", "unknown", "२००९", "-2009"),
    *("+2009", "2012-01-01T00:00:00", "..2011", "2011..", "12009", "[2012-11 .. ]", "[2012-02-30..]", "10000-01-01"),
)


@pytest.mark.parametrize("text", REFUSED)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedDateError):
        parse_edtf(text)


@pytest.mark.parametrize("text", ["2012~", "[2012..]", "", "2012-1", "2012-00", "2012-13", "now", "2012-01-01?"])
def test_as_of_takes_days_months_and_years_only(text: str) -> None:
    with pytest.raises(UnsupportedDateError):
        parse_as_of(text)


FIRST = date(2011, 1, 1).toordinal()
days = st.integers(FIRST, FIRST + 40)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low, high = sorted((draw(days), draw(days)))
    return Span(*draw(st.sampled_from([(low, high), (low, low), (BEFORE_ALL, high), (low, AFTER_ALL)])))


@st.composite
def stated(draw: st.DrawFn) -> Stated:
    ended = draw(st.none() | spans())
    return Stated(
        draw(st.none() | spans()),
        ended,
        draw(st.booleans()) if ended is None else False,
        tuple(draw(st.lists(spans(), max_size=3))),
    )


def by_the_table(period: Stated, day: int) -> Presence:
    """The table of the contract, line by line."""
    s0, s1 = period.started or (BEFORE_ALL, AFTER_ALL)
    e0, e1 = period.ended or (BEFORE_ALL, AFTER_ALL)
    last = BEFORE_ALL
    for o0, o1 in period.observed:
        s1, e0, last = min(s1, o1), max(e0, o0 + 1), max(last, o0)
    if period.ended_unknown:
        e0 = max(s1, last + 1 if period.observed else BEFORE_ALL)
    recorded = period.ended is not None or period.ended_unknown
    if day < s0 or (recorded and day >= e1):
        return Presence.ABSENT
    if day < s1 or (recorded and day >= e0):
        return Presence.POSSIBLE
    if recorded or (period.observed and day <= last):
        return Presence.CERTAIN
    return Presence.PRESUMED


@given(stated(), st.integers(FIRST - 3, FIRST + 45), st.integers(0, 31))
def test_presence_is_what_the_table_says(period: Stated, first: int, length: int) -> None:
    if period.contradictions():
        return
    each = [by_the_table(period, day) for day in range(first, first + length + 1)]
    assert period.period().presence(Span(first, first)) == each[0]
    assert period.period().presence(Span(first, first + length)) == max(each, key=STRENGTH.index)


@given(stated(), stated(), st.integers(FIRST - 3, FIRST + 45), st.integers(0, 31))
def test_a_part_is_never_more_certain_than_its_whole(part: Stated, whole: Stated, first: int, length: int) -> None:
    if part.contradictions() or whole.contradictions():
        return
    each = [
        min(by_the_table(part, day), by_the_table(whole, day), key=STRENGTH.index)
        for day in range(first, first + length + 1)
    ]
    clipped = part.period().within(whole.period())
    assert clipped.presence(Span(first, first + length)) == max(each, key=STRENGTH.index)


def test_a_month_is_asked_as_its_strongest_day() -> None:
    unit = Stated.read("2012-01", None).period()
    assert unit.presence(parse_as_of("2011-12")) == "absent"
    assert unit.presence(parse_as_of("2012-01-01")) == "possible"
    assert unit.presence(parse_as_of("2012-01")) == "presumed"


def test_an_end_without_a_date_leaves_every_later_day_possible() -> None:
    unit = Stated.read("2009-04", "unknown", ("2010-01-01",)).period()
    asked = {text: unit.presence(parse_as_of(text)) for text in ("2009-04-30", "2010-01-01", "2010-01-02", "2030")}
    assert asked == {"2009-04-30": "certain", "2010-01-01": "certain", "2010-01-02": "possible", "2030": "possible"}


@pytest.mark.parametrize(
    ("started", "ended", "observed", "count"),
    [
        ("2012-04", "2012-03", (), 1),
        ("2012-04", "2012-04", ("2012-04",), 0),
        ("2012-04", None, ("2011",), 1),
        ("2012", "2013-01-01", ("2013-01-01",), 1),
        ("2012", "2013-01-01", ("2012-12-31",), 0),
        (None, "[..2011]", ("[2011-12-31..]",), 1),
    ],
)
def test_contradictions(started: str | None, ended: str | None, observed: tuple[str, ...], count: int) -> None:
    assert len(Stated.read(started, ended, observed).contradictions()) == count


def test_periods_are_tuples_of_days() -> None:
    day = date(2012, 1, 1)
    period = Stated.read("2012-01-01", "2012-01-02").period()
    assert period == Period(*[day.toordinal()] * 2, *[(day + timedelta(1)).toordinal()] * 3)

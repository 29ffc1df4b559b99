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
    """The table of the contract for one day, line by line; a start that is known to the day is a sighting."""
    s0, s1 = period.started or (BEFORE_ALL, AFTER_ALL)
    e0, e1 = period.ended or (BEFORE_ALL, AFTER_ALL)
    s1 = min([s1, *(latest for _, latest in period.observed)])
    seen = [*period.observed, *([Span(s0, s1)] if period.started and s0 == s1 else [])]
    last = BEFORE_ALL
    for o0, o1 in seen:
        s1, e0, last = min(s1, o1), max(e0, o0 + 1), max(last, o0)
    if period.ended_unknown:
        e0 = max(s1, last + 1 if seen else BEFORE_ALL)
    recorded = period.ended is not None or period.ended_unknown
    if day < s0 or (recorded and day >= e1):
        return Presence.ABSENT
    if day < s1 or (recorded and day >= e0):
        return Presence.POSSIBLE
    if recorded or (seen and day <= last):
        return Presence.CERTAIN
    return Presence.PRESUMED


def by_the_rule_for_months(period: Stated, asked: Span) -> bool:
    """Whether the start, an observation or the last day lies wholly in the days asked for, which are several."""
    s0, s1 = period.started or (BEFORE_ALL, AFTER_ALL)
    spans = [*period.observed]
    if period.started:
        spans.append(Span(s0, min([s1, *(latest for _, latest in period.observed)])))
    if period.ended:
        spans.append(
            Span(max([period.ended.earliest, *(first + 1 for first, _ in spans)]) - 1, period.ended.latest - 1)
        )
    return any(asked.earliest <= first and latest <= asked.latest for first, latest in spans)


@given(stated(), st.integers(FIRST - 3, FIRST + 45), st.integers(0, 31))
def test_presence_is_what_the_table_says(period: Stated, first: int, length: int) -> None:
    if period.contradictions():
        return
    asked = Span(first, first + length)
    each = [by_the_table(period, day) for day in range(first, first + length + 1)]
    strongest = max(each, key=STRENGTH.index)
    assert period.period().presence(Span(first, first)) == each[0]
    if length and by_the_rule_for_months(period, asked) and strongest != "absent":
        strongest = Presence.CERTAIN
    found = period.period().presence(asked)
    # what is surely there on some day of several, though on none of them for certain, is found beyond the rule
    assert found == strongest or (length and found == "certain" and surely_there(period, asked))


SMALL = range(FIRST, FIRST + 7)


@st.composite
def small_spans(draw: st.DrawFn) -> Span:
    low, high = sorted((draw(st.sampled_from(SMALL)), draw(st.sampled_from(SMALL))))
    return Span(low, high)


def worlds(period: Stated) -> list[tuple[int, int]]:
    """Every first day, and first day no longer, that agree with all that is recorded, within a few days."""
    low, high = SMALL[0] - 2, SMALL[-1] + 3
    starts = range(low, high) if period.started is None else range(*_inside(period.started, low, high))
    ends = range(low, high) if period.ended is None else range(*_inside(period.ended, low, high))
    return [
        (start, end)
        for start in starts
        for end in ends
        if start < end and all(max(start, o0) <= min(end - 1, o1) for o0, o1 in period.observed)
    ]


def _inside(span: Span, low: int, high: int) -> tuple[int, int]:
    return max(span.earliest, low), min(span.latest + 1, high)


def surely_there(period: Stated, asked: Span) -> bool:
    """Whether in every world some day asked for is one of being."""
    starts = period.started or Span(BEFORE_ALL, AFTER_ALL)
    ends = period.ended or Span(BEFORE_ALL, AFTER_ALL)
    s1 = min([starts.latest, *(o1 for _, o1 in period.observed), ends.latest - 1])
    last = max([starts.earliest, ends.earliest - 1, *(o0 for o0, _ in period.observed)])
    return s1 <= asked.latest and last >= asked.earliest


@given(
    st.builds(
        Stated,
        st.none() | small_spans(),
        st.none() | small_spans(),
        st.just(False),
        st.lists(small_spans(), max_size=2).map(tuple),
    ),
    small_spans(),
)
def test_presence_is_what_all_possible_worlds_have_in_common(period: Stated, asked: Span) -> None:
    every = worlds(period)
    if not every:
        return
    there = [start <= asked.latest and end > asked.earliest for start, end in every]
    found = period.period().presence(asked)
    assert (found == "absent") == (not any(there))
    if found == "certain":
        assert all(there)
    if all(there) and asked.earliest < asked.latest and (period.started or period.observed or period.ended):
        assert found == "certain"


@pytest.mark.parametrize(
    ("started", "ended", "observed", "asked", "expected"),
    [
        ("2012-04", None, (), "2012-04", "certain"),
        ("2012-04", None, (), "2012-04-29", "possible"),
        ("2012-04", None, (), "2012-04-30", "presumed"),
        ("2012-04", None, (), "2012-05", "presumed"),
        ("2012-04-02", None, (), "2012-04-02", "certain"),
        ("2012-04-02", None, (), "2012-04-03", "presumed"),
        (None, None, ("2017-06",), "2017-06", "certain"),
        (None, None, ("2017-06",), "2017", "certain"),
        (None, None, ("2017-06",), "2017-06-15", "possible"),
        (None, None, ("2017",), "2017-06", "possible"),
        (None, "2012-11-22", (), "2012-11", "certain"),
        (None, "2012-11-22", (), "2012-11-21", "possible"),
        (None, "2012-11-22", (), "2012-10", "possible"),
        ("2012", "2012", (), "2012", "certain"),
        ("2012", "2013", (), "2012", "certain"),
        ("[..2011-06-02]", None, (), "2011", "presumed"),
        (None, "unknown", ("2017-06",), "2017-06", "certain"),
        (None, "unknown", ("2017-06",), "2017-07", "possible"),
    ],
)
def test_a_month_is_asked_as_a_month(
    started: str | None, ended: str | None, observed: tuple[str, ...], asked: str, expected: str
) -> None:
    assert Stated.read(started, ended, observed).period().presence(parse_as_of(asked)) == expected


@given(stated(), stated(), st.integers(FIRST - 3, FIRST + 45), st.integers(0, 31))
def test_a_part_is_never_more_certain_than_its_whole(part: Stated, whole: Stated, first: int, length: int) -> None:
    if part.contradictions() or whole.contradictions():
        return
    each = [
        min(by_the_table(part, day), by_the_table(whole, day), key=STRENGTH.index)
        for day in range(first, first + length + 1)
    ]
    clipped = part.period().within(whole.period())
    assert [clipped.presence(Span(day, day)) for day in range(first, first + length + 1)] == each
    asked = Span(first, first + length)
    found = clipped.presence(asked)
    if found == "certain" and max(each, key=STRENGTH.index) != "certain":
        assert surely_there(part, asked)
        assert surely_there(whole, asked) or part.ended


def test_a_month_is_asked_as_its_strongest_day() -> None:
    unit = Stated.read("2012-01", None).period()
    assert unit.presence(parse_as_of("2011-12")) == "absent"
    assert unit.presence(parse_as_of("2012-01-01")) == "possible"
    assert unit.presence(parse_as_of("2012-01")) == "certain"


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

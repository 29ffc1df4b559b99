"""Many stretches of days asked at once answer what each would alone."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.reads.calendar import Calendar, change_points
from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span, parse_as_of
from app.registry.presence import Period

FIRST, LAST = parse_as_of("2009-12-15").earliest, parse_as_of("2012-02-10").latest
days = st.one_of(st.sampled_from([BEFORE_ALL, AFTER_ALL]), st.integers(FIRST - 60, LAST + 60))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, second = sorted((draw(days), draw(days)))
    ends = sorted((draw(days), draw(days), draw(days)))
    return Period(first, second, *ends)


@given(st.lists(periods(), max_size=6), st.sampled_from(["month", "quarter", "year"]))
def test_each_stretch_answers_as_its_days_would(found: list[Period], interval: str) -> None:
    calendar = Calendar.regular(Span(FIRST, LAST), interval, 100)
    counts = calendar.counts(Counter(map(calendar.held, found)))
    for name, count in zip(calendar.names, counts, strict=True):
        presences = [str(period.presence(stretch(name))) for period in found]
        assert count == {level: presences.count(level) for level in ("certain", "presumed", "possible")}, name


def stretch(name: str) -> Span:
    if "Q" not in name:
        return parse_as_of(name)
    year, quarter = name.split("-Q")
    first, last = (parse_as_of(f"{year}-{3 * int(quarter) - back:02}") for back in (2, 0))
    return Span(first.earliest, last.latest)


@given(st.lists(periods(), min_size=1, max_size=3))
def test_moments_are_days_on_which_nothing_changes(found: list[Period]) -> None:
    cut = list(change_points(Span(FIRST, FIRST + 90), found))
    assert [day for run in cut for day in range(run.earliest, run.latest + 1)] == list(range(FIRST, FIRST + 91))
    for run in cut:
        for period in found:
            assert len({period.presence(Span(day, day)) for day in range(run.earliest, run.latest + 1)}) == 1


def test_names_of_stretches() -> None:
    whole = Span(parse_as_of("2011-12-31").earliest, parse_as_of("2012-04-01").latest)
    for interval, names in (
        ("month", ["2011-12", "2012-01", "2012-02", "2012-03", "2012-04"]),
        ("quarter", ["2011-Q4", "2012-Q1", "2012-Q2"]),
        ("year", ["2011", "2012"]),
    ):
        assert Calendar.regular(whole, interval, 100).names == names
    assert Calendar.regular(parse_as_of("9999-12"), "year", 1).end == AFTER_ALL
    assert Calendar.regular(parse_as_of("0001-01-01"), "quarter", 1).names == ["0001-Q1"]

"""How long a presumption lasts: on both sides of its last day, for presence and for what SQL asks."""

from datetime import date

import pytest

from app.registry.dates import AFTER_ALL, Span
from app.registry.lapse import Lapse, UnsupportedPeriodError
from app.registry.presence import Stated


@pytest.mark.parametrize(
    ("text", "lapse"),
    [
        ("P5Y", Lapse(5, 0, 0)),
        ("5y", Lapse(5, 0, 0)),
        ("P18M", Lapse(0, 18, 0)),
        ("P1Y6M10D", Lapse(1, 6, 10)),
        ("90d", Lapse(0, 0, 90)),
        ("p2y", Lapse(2, 0, 0)),
    ],
)
def test_periods_that_are_read(text: str, lapse: Lapse) -> None:
    assert Lapse.parse(text) == lapse


@pytest.mark.parametrize("text", ["", "P", "5", "PT5H", "P5W", "-P5Y", "P5", "P1.5Y", "5y6m", "P99999Y", "five years"])
def test_periods_that_are_refused(text: str) -> None:
    with pytest.raises(UnsupportedPeriodError, match="P5Y"):
        Lapse.parse(text)


@pytest.mark.parametrize(
    ("lapse", "day", "last"),
    [
        ("P5Y", "2012-04-30", "2017-04-30"),
        ("P1Y", "2012-02-29", "2013-02-28"),
        ("P1M", "2012-01-31", "2012-02-29"),
        ("P1M1D", "2012-01-31", "2012-03-01"),
        ("P30D", "2012-01-01", "2012-01-31"),
    ],
)
def test_the_last_day_of_a_presumption(lapse: str, day: str, last: str) -> None:
    evidence, expected = (date.fromisoformat(text).toordinal() for text in (day, last))
    assert Lapse.parse(lapse).after(evidence) == expected


@pytest.mark.parametrize("lapse", ["P5Y", "P1M", "P17D", "P1Y1M1D", "P0D"])
@pytest.mark.parametrize("asked", ["2012-02-29", "2012-03-01", "2013-02-28", "2013-03-31", "2012-12-31"])
def test_the_oldest_evidence_is_the_oldest_that_lasts_until_then(lapse: str, asked: str) -> None:
    found, day = Lapse.parse(lapse), date.fromisoformat(asked).toordinal()
    since = found.asked_of(Span(day, day)).presumed_since
    assert found.after(since) >= day > found.after(since - 1)


@pytest.mark.parametrize(
    ("started", "observed", "asked", "presence"),
    [
        ("2010-06-01", (), "2015-06-01", "presumed"),
        ("2010-06-01", (), "2015-06-02", "possible"),
        ("2010-06", (), "2015-06-30", "presumed"),
        ("2010-06", (), "2015-07-01", "possible"),
        ("2010-06", ("2013-01-15",), "2018-01-15", "presumed"),
        ("2010-06", ("2013-01-15",), "2018-01-16", "possible"),
        ("2010-06", ("2013-01-15",), "2012-01-01", "certain"),
    ],
)
def test_what_was_not_shown_for_five_years_is_possible(
    started: str, observed: tuple[str, ...], asked: str, presence: str
) -> None:
    lapse, day = Lapse(5, 0, 0), date.fromisoformat(asked).toordinal()
    period = Stated.read(started, None, observed).period()
    assert period.presence(lapse.asked_of(Span(day, day))) == presence
    # said of the period itself, it is the same
    assert period.lapsed(lapse).presence(Span(day, day)) == presence
    assert period.lapsed(None) == period


def test_the_end_of_the_calendar_is_the_end() -> None:
    assert Lapse.parse("P9999Y").after(date(2012, 1, 1).toordinal()) == AFTER_ALL

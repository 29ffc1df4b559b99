"""Stretches of days at the days on which one ends and the next begins."""

from datetime import date

import pytest

from app.reads.calendar import Calendar, PresenceBits, change_points, runs_of_ones, union
from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span
from app.registry.presence import Period


def at(text: str) -> int:
    return date.fromisoformat(text).toordinal()


MONTHS = Calendar.regular(Span(at("2012-01-15"), at("2012-04-10")), "month", 100)


def bits(*names: str) -> int:
    return sum(1 << MONTHS.names.index(name) for name in names)


@pytest.mark.parametrize(
    ("first", "until", "names"),
    [
        ("2012-01-31", "2012-02-01", ["2012-01"]),
        ("2012-01-31", "2012-02-02", ["2012-01", "2012-02"]),
        ("2012-02-01", "2012-03-01", ["2012-02"]),
        ("2012-02-29", "2012-03-01", ["2012-02"]),
        ("2012-02-01", "2012-02-01", []),
        ("2012-02-02", "2012-02-01", []),
        ("2011-12-31", "2012-01-01", []),
        ("2011-12-31", "2012-01-02", ["2012-01"]),
        ("2012-04-30", "2012-05-01", ["2012-04"]),
        ("2012-05-01", "2012-06-01", []),
        ("2000-01-01", "2020-01-01", ["2012-01", "2012-02", "2012-03", "2012-04"]),
    ],
)
def test_a_stretch_is_met_by_its_first_and_its_last_day(first: str, until: str, names: list[str]) -> None:
    assert MONTHS.bits(at(first), at(until)) == bits(*names)


def test_whole_months_are_asked() -> None:
    assert MONTHS.names == ["2012-01", "2012-02", "2012-03", "2012-04"]
    assert MONTHS.days == Span(at("2012-01-01"), at("2012-04-30"))


def test_each_level_is_a_run_of_days() -> None:
    period = Period(at("2012-01-31"), at("2012-02-29"), at("2012-03-01"), at("2012-03-02"), at("2012-04-01"))
    assert MONTHS.held(period) == PresenceBits(
        certain=bits("2012-02"),
        presumed=bits("2012-02", "2012-03"),
        possible=bits("2012-01", "2012-02", "2012-03"),
    )
    assert MONTHS.counts({MONTHS.held(period): 2}) == [
        {"certain": 0, "presumed": 0, "possible": 2},
        {"certain": 2, "presumed": 0, "possible": 0},
        {"certain": 0, "presumed": 2, "possible": 0},
        {"certain": 0, "presumed": 0, "possible": 0},
    ]


def test_a_period_without_bounds_is_everywhere() -> None:
    everywhere = Period(BEFORE_ALL, BEFORE_ALL, AFTER_ALL, AFTER_ALL, AFTER_ALL)
    assert MONTHS.held(everywhere) == PresenceBits(0b1111, 0b1111, 0b1111)


def test_what_held_together_or_in_turn() -> None:
    one, other = PresenceBits(0b0011, 0b0111, 0b1111), PresenceBits(0b0110, 0b0110, 0b0110)
    assert one & other == PresenceBits(0b0010, 0b0110, 0b0110)
    assert one | other == union([one, other]) == PresenceBits(0b0111, 0b0111, 0b1111)
    assert one.where(0b1001) == PresenceBits(0b0001, 0b0001, 0b1001)


@pytest.mark.parametrize(
    ("number", "runs"),
    [(0, []), (0b1, [(0, 1)]), (0b1011, [(0, 2), (3, 4)]), (0b110100, [(2, 3), (4, 6)]), (1 << 900, [(900, 901)])],
)
def test_runs_of_ones(number: int, runs: list[tuple[int, int]]) -> None:
    assert list(runs_of_ones(number)) == runs


def test_days_are_cut_where_something_changes() -> None:
    periods = [Period(3, 5, 9, 9, 11), Period(0, 1, 5, 10, 12)]
    assert list(change_points(Span(1, 10), periods)) == [Span(1, 2), Span(3, 4), Span(5, 8), Span(9, 9), Span(10, 10)]
    assert list(change_points(Span(1, 10), [])) == [Span(1, 10)]

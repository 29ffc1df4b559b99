"""The stretches of a period say of every day what its presence is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span, iso
from app.registry.presence import Period, Presence, period_of, presence_of
from app.registry.stretches import stretches_of

Told = tuple[str | None, str | None, str]


def in_words(started: str | None, ended: str | None, *observed: str) -> list[Told]:
    found = stretches_of(period_of(started, ended, observed))
    return [(iso(stretch.first), iso(stretch.until), str(stretch.presence)) for stretch in found]


@pytest.mark.parametrize(
    ("started", "ended", "observed", "expected"),
    [
        (None, None, (), [(None, None, "possible")]),
        ("2012-04-01", None, (), [("2012-04-01", "2012-04-02", "certain"), ("2012-04-02", None, "presumed")]),
        ("2012-04-01", "2016-05-01", (), [("2012-04-01", "2016-05-01", "certain")]),
        ("2012-04", None, (), [("2012-04-01", "2012-04-30", "possible"), ("2012-04-30", None, "presumed")]),
        (
            "2012-04-01",
            "2016",
            (),
            [("2012-04-01", "2016-01-01", "certain"), ("2016-01-01", "2016-12-31", "possible")],
        ),
        (
            None,
            None,
            ("2013-06-01",),
            [
                (None, "2013-06-01", "possible"),
                ("2013-06-01", "2013-06-02", "certain"),
                ("2013-06-02", None, "presumed"),
            ],
        ),
        (
            "2012-04-01",
            "unknown",
            ("2013-06-01",),
            [("2012-04-01", "2013-06-02", "certain"), ("2013-06-02", None, "possible")],
        ),
        ("[2012-04-01..]", "2012-04-01", (), []),
    ],
)
def test_stretches(
    started: str | None,
    ended: str | None,
    observed: tuple[str, ...],
    expected: list[tuple[str | None, str | None, str]],
) -> None:
    assert in_words(started, ended, *observed) == expected


DAYS = st.one_of(st.sampled_from([BEFORE_ALL, AFTER_ALL]), st.integers(1, 12))


@given(st.tuples(DAYS, DAYS, DAYS, DAYS, DAYS))
def test_every_day_has_the_presence_that_its_stretch_says(days: tuple[int, int, int, int, int]) -> None:
    period = Period(*days)
    found = list(stretches_of(period))
    for day in range(1, 15):
        presences = [stretch.presence for stretch in found if stretch.first <= day < stretch.until]
        assert (presences or [Presence.ABSENT]) == [presence_of(period, Span(day, day))]
    for one, other in pairwise(found):
        assert one.until <= other.first
        assert one.until < other.first or one.presence is not other.presence

"""A unit counted by its forces, and by how many they are."""

from collections import Counter

import pytest

from app.analysis.counts.grouping import Dimension, groups, places
from app.reads.calendar import Calendar, PresenceBits
from app.reads.joint_units import Unit
from app.registry.dates import parse_as_of
from app.registry.presence import Period, period_of

ALPHA, BETA = 1, 2
DAY = Calendar.single(parse_as_of("2012-06-01"))
CERTAIN, PRESUMED, POSSIBLE = PresenceBits(1, 1, 1), PresenceBits(0, 1, 1), PresenceBits(0, 0, 1)


def held(started: str | None, ended: str | None = None) -> Period:
    return period_of(started, ended, ())


def unit(**forces: Period) -> Unit:
    numbers = {"alpha": ALPHA, "beta": BETA}
    return Unit("unit", held("2010", "2014"), {numbers[name]: [period] for name, period in forces.items()}, [7, 8])


@pytest.mark.parametrize(
    ("forces", "found"),
    [
        ({}, {(None, None): CERTAIN}),
        ({"alpha": held("2010", "2014")}, {(ALPHA, None): CERTAIN}),
        ({"alpha": held("2013")}, {(ALPHA, None): PresenceBits(0, 0, 0), (None, None): CERTAIN}),
        ({"alpha": held("2010"), "beta": held("2012")}, {(ALPHA, None): PRESUMED, (BETA, None): POSSIBLE}),
    ],
)
def test_by_force(forces: dict[str, Period], found: dict[tuple[int | None, int | None], PresenceBits]) -> None:
    assert places(unit(**forces), [Dimension.FORCE], DAY) == found


@pytest.mark.parametrize(
    ("forces", "found"),
    [
        ({"alpha": held("2010", "2014"), "beta": held("2010", "2014")}, {2: CERTAIN}),
        ({"alpha": held("2010", "2014"), "beta": held("2010")}, {2: PRESUMED}),
        ({"alpha": held("2010", "2014"), "beta": held("2012")}, {1: POSSIBLE, 2: POSSIBLE}),
        ({"alpha": held("2010", "2014"), "beta": held("2013")}, {1: CERTAIN}),
        ({"alpha": held("2012"), "beta": held("2012")}, {2: POSSIBLE}),
        ({"alpha": held("2013"), "beta": held("2013")}, {None: CERTAIN}),
    ],
)
def test_by_number_of_forces(forces: dict[str, Period], found: dict[int | None, PresenceBits]) -> None:
    counted = places(unit(**forces), [Dimension.FORCE_COUNT], DAY)
    assert {number: how for (_, number), how in counted.items()} == found


def test_no_unit_counts_as_more_than_the_force_that_is_asked_for() -> None:
    units = [unit(alpha=held("2010", "2014"), beta=held("2010")), unit(alpha=held("2010", "2014"))]
    found = groups(units, [Dimension.KIND], DAY, [frozenset([BETA])], {})
    assert found == {("unit",): Counter({PRESUMED: 1})}


def test_a_unit_counts_once_for_each_function_or_for_the_broadest_above_it() -> None:
    found = groups([unit()], [Dimension.FUNCTION], DAY, [], {7: 70})
    assert found == {(70,): Counter({CERTAIN: 1}), (8,): Counter({CERTAIN: 1})}
    assert groups([unit()], [Dimension.FUNCTION], DAY, [], {7: 70, 8: 70}) == {(70,): Counter({CERTAIN: 1})}

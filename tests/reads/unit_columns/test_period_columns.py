"""Columns of bits against one number, and one period, after the other."""

import random
from itertools import islice
from struct import pack

import pytest

from app.reads.calendar import AskedStretch, Calendar
from app.reads.unit_columns.bit_columns import BitColumn, BitTable, places_of, rows_of
from app.reads.unit_columns.period_columns import PeriodColumns
from app.registry.dates import AFTER_ALL, BEFORE_ALL, EVER, Span
from app.registry.lapse import Lapse
from app.registry.presence import Period

LAPSES = (None, Lapse(0, 0, 10), Lapse(1, 0, 0), Lapse(0, 2, 0))


def places(rows: int) -> list[int]:
    return list(places_of(rows))


def column(chance: random.Random, numbers: list[int]) -> BitColumn:
    """The numbers as a column, in two batches."""
    table, cut = BitTable(), chance.randrange(len(numbers))
    for part in (numbers[:cut], numbers[cut:]):
        if part:
            table.add([pack("<I", number) for number in part])
    (made,) = table.columns()
    return made


@pytest.mark.parametrize("seed", range(20))
def test_columns_answer_as_their_numbers_do(seed: int) -> None:
    chance = random.Random(seed)
    numbers, others = ([chance.choice((0, 1, 7, 255, 256, 3652060)) for _ in range(21)] for _ in range(2))
    one, other = column(chance, numbers), column(chance, others)
    for asked in (-1, 0, 1, 6, 255, 3652060, 1 << 40):
        assert places(one.above(asked)) == [place for place, number in enumerate(numbers) if number > asked]
        assert places(one.at_most(asked)) == [place for place, number in enumerate(numbers) if number <= asked]
    pairs = list(zip(numbers, others, strict=True))
    assert places(one.below(other)) == [place for place, (own, its) in enumerate(pairs) if own < its]
    assert places(one.equals(other)) == [place for place, (own, its) in enumerate(pairs) if own == its]
    assert values(one.least(other), 21) == [min(pair) for pair in pairs]
    assert values(one.greatest(other), 21) == [max(pair) for pair in pairs]
    assert values(one, 21) == numbers


def values(made: BitColumn, count: int) -> list[int]:
    found = {place: number for number, rows in made.groups(made.rows) for place in places_of(rows)}
    return [found[place] for place in range(count)]


def test_rows_are_counted_and_listed() -> None:
    assert places(rows_of([0, 3, 9_000], 9_001)) == [0, 3, 9_000]
    assert list(islice(places_of((1 << 20_000) - 1), 3)) == [0, 1, 2]
    assert values(BitColumn.counted([0b0111, 0b0011, 0b0001], 0b1111), 4) == [3, 2, 1, 0]


def test_rows_of_several_lengths_are_filled_up() -> None:
    table = BitTable()
    table.add([pack("<I", 5), pack("<2I", 6, 7), b""])
    table.add([pack("<3I", 1, 2, 3)])
    assert [values(made, 4) for made in table.columns()] == [[5, 6, 0, 1], [0, 7, 0, 2], [0, 0, 0, 3]]


def day(chance: random.Random) -> int:
    near = chance.randrange(1, 60), chance.randrange(20, 30), chance.randrange(733_000, 733_900)
    return chance.choice((BEFORE_ALL, AFTER_ALL, *near))


def periods(chance: random.Random, count: int) -> list[Period]:
    """In and out of order: what cannot be is answered alike as well."""
    found = [[day(chance) for _ in range(5)] for _ in range(count)]
    return [Period._make(sorted(days) if chance.random() < 0.5 else days) for days in found]


def in_columns(chance: random.Random, made: list[Period]) -> PeriodColumns:
    return PeriodColumns(*(column(chance, [period[place] for period in made]) for place in range(5)))


def asked(chance: random.Random) -> Span:
    first = chance.choice((1, 25, 733_000, chance.randrange(1, 60)))
    return chance.choice((EVER, Span(first, first), Span(first, first + chance.choice((1, 5, 30, 1000)))))


@pytest.mark.parametrize("seed", range(40))
def test_periods_in_columns_hold_as_each_by_itself(seed: int) -> None:
    chance = random.Random(seed)
    one, other = periods(chance, 30), periods(chance, 30)
    both = [part.within(whole) for part, whole in zip(one, other, strict=True)]
    first, second = in_columns(chance, one), in_columns(chance, other)
    for made, each in ((first, one), (second, other), (first.within(second), both)):
        for span in (asked(chance) for _ in range(8)):
            lapse = chance.choice(LAPSES)
            calendar = Calendar.single(span)
            held = made.held(calendar.stretches(lapse)[0])
            expected = [calendar.held(period.lapsed(lapse)) for period in each]
            for level in range(3):
                assert places(held[level]) == [place for place, found in enumerate(expected) if found[level]]


@pytest.mark.parametrize("seed", range(10))
def test_each_row_is_asked_of_a_day_of_its_own(seed: int) -> None:
    chance = random.Random(seed)
    made = periods(chance, 30)
    days = [chance.choice((1, 25, 733_100)) for _ in made]
    held = in_columns(chance, made).held_on(column(chance, days))
    expected = [Calendar.single(Span(on, on)).held(period) for on, period in zip(days, made, strict=True)]
    for level in range(3):
        assert places(held[level]) == [place for place, found in enumerate(expected) if found[level]]


def test_a_month_is_one_stretch_of_several_days() -> None:
    assert AskedStretch.of(Span(5, 5)).single
    assert not AskedStretch.of(Span(5, 6)).single

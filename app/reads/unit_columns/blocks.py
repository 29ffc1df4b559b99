"""Joint units in columns: a row for each, what it is counted by, and when."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from app.catalogue import UNITS
from app.reads.calendar import AskedStretch, PresenceBits, union
from app.reads.unit_columns.bit_columns import BitColumn, BitTable, places_of, rows_of
from app.reads.unit_columns.facts import NUMBER, WIDTH
from app.reads.unit_columns.period_columns import PeriodColumns

LIFECYCLE = UNITS.states["lifecycle"]

MOST_PARTICIPANTS, MOST_FUNCTIONS, MOST_RUNS = 12, 8, 8
"""A unit with more of any of these has no row here: columns for it would be empty for all others."""


@dataclass(eq=False)
class ParticipantColumns:
    """One of the participants of each unit, and when it took part; 0: the unit has no further one."""

    record: BitColumn
    periods: PeriodColumns

    @cached_property
    def members(self) -> dict[int, int]:
        """For each participant that stands here, the rows in which it does."""
        return {member: rows for member, rows in self.record.groups(self.record.rows) if member}


@dataclass(eq=False)
class RunColumns:
    """One of the runs of days of each unit's lifecycle: `State.runs`; the value 0: there is no further one."""

    first: BitColumn
    until: BitColumn
    value: BitColumn

    @cached_property
    def valued(self) -> dict[int, int]:
        """For each value by its place in `State.values`, counted from 1, the rows that have it here."""
        return dict.fromkeys(range(len(LIFECYCLE.values) + 1), 0) | dict(self.value.groups(self.value.rows))


@dataclass(eq=False)
class UnitBlock:
    """Units by their keys, in that order; `rows` are those that count, each a bit. Those `apart` have none."""

    keys: "array[int]"
    rows: int
    apart: frozenset[int]
    alliance: BitColumn
    whole: PeriodColumns
    functions: list[BitColumn]
    participants: list[ParticipantColumns]
    runs: list[RunColumns]
    kinds: dict[str | None, int] = field(default_factory=dict)

    def of_keys(self, keys: Iterable[int]) -> int:
        """The rows of those of these units that have one."""
        places = ((bisect_left(self.keys, key), key) for key in keys)
        return rows_of(
            (place for place, key in places if place < len(self.keys) and self.keys[place] == key), len(self.keys)
        )

    @cached_property
    def alliances(self) -> dict[int | None, int]:
        """The rows of each alliance; None: of none."""
        return {alliance or None: rows for alliance, rows in self.alliance.groups(self.alliance.rows)}

    @cached_property
    def of_function(self) -> dict[int | None, int]:
        """The rows of each function, in as many as a unit has; None: of none."""
        found: dict[int | None, int] = defaultdict(int)
        for column in self.functions:
            for function, rows in column.groups(column.rows):
                if function:
                    found[function] |= rows
        having = 0
        for rows in found.values():
            having |= rows
        return {**found, None: self.alliance.rows ^ having}

    def ever_with(self, member: int) -> int:
        """The rows in which a record takes part at some time, whether or not there is a day for it."""
        found = 0
        for each in self.participants:
            found |= each.members.get(member, 0)
        return found

    def held_by(self, member: int, stretch: AskedStretch) -> PresenceBits:
        """The rows in which a record takes part in the stretch."""
        return union(
            each.periods.held(stretch).where(each.members[member])
            for each in self.participants
            if member in each.members
        )

    def having(self, stretch: AskedStretch, values: Collection[str], presumed: int) -> int:
        """The rows whose lifecycle in the stretch is one of the values: `State.on`; `presumed`: the rows that are."""
        first, last = stretch.days
        found, stronger = 0, 0
        for place, value in enumerate(LIFECYCLE.values, 1):
            met = 0
            for run in self.runs:
                met |= run.valued[place] & run.first.at_most(last) & run.until.above(first)
            if value in values:
                having = met ^ (met & stronger)
                found |= having & presumed if value in LIFECYCLE.presumed else having
            stronger |= met
        return found

    def standing(self, values: Collection[str]) -> int:
        """The rows whose lifecycle is one of the values by all that is recorded."""
        found = 0
        for place, value in enumerate(LIFECYCLE.values, 1):
            for run in self.runs if value in values else ():
                found |= run.valued[place] & run.until.at_most(0)
        return found


class BlockBuilder:
    """A block in the making: rows of `unit_facts` come in batches, in the order of their keys."""

    def __init__(self) -> None:
        self.keys = array("q")
        self.wide: set[int] = set()
        self.own, self.functions, self.participants, self.runs = (BitTable() for _ in range(4))
        self.kinds: dict[str | None, int] = {}

    def add(self, batch: Sequence[Sequence[Any]]) -> None:
        """Add rows: key, kind, own, functions, participants, runs."""
        self.wide.update(row[0] for row in batch if _is_wide(row))
        kept = [row for row in batch if row[0] not in self.wide] if self.wide else batch
        if not kept:
            return
        keys, kinds, *columns = zip(*kept, strict=True)
        for table, column in zip((self.own, self.functions, self.participants, self.runs), columns, strict=True):
            table.add(column)
        code = BitTable()
        codes = {kind: place for place, kind in enumerate(dict.fromkeys(kinds))}
        code.add([codes[kind].to_bytes(NUMBER, "little") for kind in kinds])
        (column,) = code.columns()
        named = list(codes)
        for number, rows in column.groups(column.rows):
            self.kinds[named[number]] = self.kinds.get(named[number], 0) | rows << len(self.keys)
        self.keys.extend(keys)

    def block(self) -> UnitBlock:
        """The block of all rows that were added."""
        rows = (1 << len(self.keys)) - 1
        alliance, *days = self.own.columns() or [BitColumn((), 0)] * (WIDTH // NUMBER)
        participants = [
            ParticipantColumns(record, PeriodColumns(*periods)) for record, *periods in _by(6, self.participants, rows)
        ]
        twice = _twice(participants)
        apart = frozenset(self.wide.union(self.keys[place] for place in places_of(twice)))
        return UnitBlock(
            keys=self.keys,
            rows=rows ^ twice,
            apart=apart,
            alliance=alliance,
            whole=PeriodColumns(*days),
            functions=[column for (column,) in _by(1, self.functions, rows)],
            participants=participants,
            runs=[RunColumns(*columns) for columns in _by(3, self.runs, rows)],
            kinds=self.kinds,
        )


def _is_wide(row: Sequence[Any]) -> bool:
    _, _, _, functions, participants, runs = row
    return (
        len(participants) > MOST_PARTICIPANTS * WIDTH
        or len(functions) > MOST_FUNCTIONS * NUMBER
        or len(runs) > MOST_RUNS * 3 * NUMBER
    )


def _by(width: int, table: BitTable, rows: int) -> Iterator[list[BitColumn]]:
    """The columns of the table, so many together."""
    columns = [BitColumn(column.planes, rows) for column in table.columns()]
    for first in range(0, len(columns), width):
        yield columns[first : first + width]


def _twice(participants: Sequence[ParticipantColumns]) -> int:
    """The rows in which a participant stands twice; they stand in the order of their keys."""
    found = 0
    for one, other in pairwise(participants):
        there = 0
        for plane in one.record.planes:
            there |= plane
        found |= one.record.equals(other.record) & there
    return found

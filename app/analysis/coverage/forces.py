"""What there is of forces: the records that each takes part in, governs or is governed by, and how surely."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from struct import iter_unpack
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.analysis.coverage.column_tallies import ColumnTally
from app.analysis.coverage.records import held_in_columns
from app.reads.calendar import NEVER, AskedStretch, PresenceBits
from app.reads.record_columns.blocks import RecordBlock
from app.reads.snapshots import days_asked
from app.reads.unit_columns.blocks import UnitBlock
from app.reads.unit_columns.facts import NUMBER
from app.reads.unit_columns.kept_blocks import ROWS, unit_columns
from app.registry.chunks import chunked
from app.registry.clocks import period_columns, recorded_at
from app.registry.presence import Presence, presence_of
from app.registry.records import PeriodRow, Record
from app.registry.serving.statements import Clock

LINKS = {
    "governance-body": ("oversees",),
    "appointment": ("body",),
    "alliance": ("participants",),
    "joint-unit": ("participants",),
    "agreement": ("parties", "covers"),
}
"""The fields by which records are of forces, in the order in which one leads to another."""
WHOLE = ("appointment.body", "agreement.covers")
"""Those that hold as surely as the record itself."""
ABSENT = Presence.ABSENT.rank

Ranks = dict[int, int]
"""How surely something is of each force, by its key: 0 for certain, 2 for possible."""


class Link(NamedTuple):
    """What a record leads to, and the rank of how surely."""

    target: int
    rank: int


class ForceRecords:
    """The records of all forces on the days asked for."""

    def __init__(self, connection: Connection, when: Clock) -> None:
        self.connection, self.when, self.days = connection, when, days_asked(when)
        self.forces = frozenset(connection.scalars(select(Record.pk).where(Record.collection == "force")))
        self.known: dict[int, Ranks] = {}
        """Of what forces records are that others lead through."""
        self.tallies: dict[int, dict[str, ColumnTally]] = defaultdict(dict)
        for kind in LINKS:
            if kind == "joint-unit":
                self._count_units()
            else:
                self._count(kind, self._linked(kind))

    def tally(self, force: int, kind: str) -> ColumnTally:
        """What is counted of a force's records of a type."""
        return self.tallies[force].setdefault(kind, ColumnTally(kind))

    def add_force(self, force: int, presence: Presence) -> None:
        """Count the force itself in."""
        for block, _ in held_in_columns(self.connection, self.when, "force"):
            self.tally(force, "force").add(block, _as_sure(block.of_keys([force]) & block.rows, presence.rank))

    def _count(self, kind: str, found: Iterable[tuple[int, Ranks]]) -> None:
        """Count records one by one, and keep of what forces they are."""
        keys: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for key, ranks in found:
            self.known[key] = ranks
            for force, rank in ranks.items():
                keys[force][rank].append(key)
        for block, _ in held_in_columns(self.connection, self.when, kind) if keys else ():
            for force, by_rank in keys.items():
                held = NEVER
                for rank, its in by_rank.items():
                    held = held | _as_sure(block.of_keys(its) & block.rows, rank)
                self.tally(force, kind).add(block, held)

    def _linked(self, kind: str) -> Iterator[tuple[int, Ranks]]:
        """The records of a type in the order of their ids, each with the forces that it is of."""
        fields = [f"{kind}.{name}" for name in LINKS[kind]]
        asked = (
            select(PeriodRow.record_pk, PeriodRow.field, PeriodRow.target_pk, *period_columns())
            .join(Record, Record.pk == PeriodRow.record_pk)
            .where(Record.collection == kind, PeriodRow.field.in_(["", *fields]))
            .where(recorded_at(PeriodRow, self.when.revision))
            .order_by(Record.id, PeriodRow.field)
        )
        if kind == "agreement":
            self.known.update(self._units(self._covered()))
        rows = self.connection.execute(asked)
        for key, periods in groupby(rows, key=lambda row: row.record_pk):
            _, _, _, *days = next(periods)  # its own, whose field is ""
            own = presence_of(days, self.days).rank
            if own != ABSENT:
                parts = (Link(row[2], own if row[1] in WHOLE else self._rank(row[3:])) for row in periods)
                yield key, self._through(parts)

    def _rank(self, days: Iterable[int]) -> int:
        return presence_of(tuple(days), self.days).rank

    def _through(self, links: Iterable[Link]) -> Ranks:
        """The forces that links lead to, by the strongest of them, each as sure as the weakest on its way."""
        found: Ranks = {}
        for target, rank in links:
            leading = {target: 0} if target in self.forces else self.known.get(target, {})
            for force, surely in leading.items():
                found[force] = min(found.get(force, ABSENT), max(rank, surely))
        return {force: rank for force, rank in found.items() if rank != ABSENT}

    def _covered(self) -> Iterable[int]:
        """What agreements cover."""
        asked = select(PeriodRow.target_pk).join(Record, Record.pk == PeriodRow.record_pk)
        asked = asked.where(Record.collection == "agreement", PeriodRow.field == "agreement.covers")
        return set(self.connection.scalars(asked.where(recorded_at(PeriodRow, self.when.revision))))

    def _units(self, keys: Iterable[int]) -> Iterator[tuple[int, Ranks]]:
        """Those of these that are units, each with the forces that it is of."""
        for chunk in chunked(sorted(keys)):
            for key, _, own, _, participants, _ in ROWS.of_keys(self.connection, self.when.revision, chunk):
                ((*days,),) = iter_unpack("<5I", own[NUMBER:])
                if self._rank(days) != ABSENT:
                    parts = (Link(target, self._rank(its)) for target, *its in iter_unpack("<6I", participants))
                    yield key, self._through(parts)

    def _count_units(self) -> None:
        columns = unit_columns(self.connection, self.when)
        for units in columns.blocks:
            held = self._held_by_forces(units)
            for block in self._unit_records:
                for force, bits in held.items():
                    its = PresenceBits(*(block.of_rows(units.keys, rows) for rows in bits))
                    self.tally(force, "joint-unit").add(block, its.where(block.rows))
        self._count("joint-unit", self._units(columns.apart))

    @cached_property
    def _unit_records(self) -> list[RecordBlock]:
        return [block for block, _ in held_in_columns(self.connection, self.when, "joint-unit")]

    def _held_by_forces(self, units: UnitBlock) -> Mapping[int, PresenceBits]:
        """For each force the units that it is in, itself or through another that takes part."""
        found: dict[int, PresenceBits] = defaultdict(lambda: NEVER)
        stretch = AskedStretch.of(self.days)
        there = units.whole.held(stretch).possible & units.rows
        for part in units.participants:
            held = part.periods.held(stretch).where(there)
            for member, rows in part.members.items():
                leading = {member: 0} if member in self.forces else self.known.get(member, {})
                for force, surely in leading.items():
                    found[force] = found[force] | _limited(held.where(rows), surely)
        return found


def _as_sure(rows: int, rank: int) -> PresenceBits:
    """The rows as held, by the rank of how surely."""
    return _limited(PresenceBits(rows, rows, rows), rank)


def _limited(held: PresenceBits, rank: int) -> PresenceBits:
    """What held, at most as surely as the rank says."""
    return PresenceBits(*(bits if level >= rank else 0 for level, bits in enumerate(held)))

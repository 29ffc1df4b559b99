"""The records that coverage counts, and the dates of their sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, exists, func, select

from app.reads import snapshots
from app.reads.calendar import AskedStretch, PresenceBits
from app.reads.record_columns.blocks import RecordBlock, record_columns
from app.reads.snapshots import RecordSnapshot, days_asked
from app.reads.unit_columns.kept_blocks import functions_of, unit_columns
from app.registry.clocks import held_on, recorded_at
from app.registry.presence import Presence
from app.registry.records import PeriodRow, Record
from app.registry.serving.statements import Clock


def held(connection: Connection, when: Clock, types: Iterable[str]) -> Iterator[tuple[RecordSnapshot, Presence]]:
    """The records of these types that can have held, each with its presence."""
    for entry in snapshots.of_types(connection, when, types):
        presence = entry.period.presence(days_asked(when))
        if presence is not Presence.ABSENT:
            yield entry, presence


def held_in_columns(connection: Connection, when: Clock, kind: str) -> Iterator[tuple[RecordBlock, PresenceBits]]:
    """The records of a type in columns, and those that can have held, by how surely they did."""
    stretch = AskedStretch.of(days_asked(when))
    for block in record_columns(connection, when, kind):
        yield block, block.whole.held(stretch).where(block.rows)


def units_by_function(connection: Connection, when: Clock, block: RecordBlock) -> dict[int | None, int]:
    """The rows of a block of units by each function that they have; None: of those that have none."""
    columns = unit_columns(connection, when)
    found: dict[int | None, int] = defaultdict(int)
    for units in columns.blocks:
        for function, rows in units.of_function.items():
            found[function] |= block.of_rows(units.keys, rows & units.rows)
    for key, functions in functions_of(connection, when, columns.apart):
        for function in functions or (None,):
            found[function] |= block.of_keys([key])
    return found


def cited_sources(connection: Connection, when: Clock, kind: str) -> int:
    """How many sources the records of a type cite that can have held."""
    citing = exists().where(
        PeriodRow.target_pk == Record.pk,
        PeriodRow.field == f"{kind}.citations",
        recorded_at(PeriodRow, when.revision),
        held_on(PeriodRow, days_asked(when)),
    )
    return connection.execute(select(func.count()).where(Record.collection == "source", citing)).scalar_one()

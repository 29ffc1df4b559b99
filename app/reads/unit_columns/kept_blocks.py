"""The units of a revision in columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from struct import iter_unpack
from typing import NamedTuple

from sqlalchemy import Connection

from app.reads.unit_columns.blocks import BlockBuilder, UnitBlock
from app.reads.unit_columns.facts import UnitFacts
from app.reads.unit_columns.shelves import FactRows, Shelves
from app.registry.chunks import chunked
from app.registry.serving.statements import Clock

ROWS = FactRows(UnitFacts, UnitFacts.kind, UnitFacts.own, UnitFacts.functions, UnitFacts.participants, UnitFacts.runs)


class UnitColumns(NamedTuple):
    """The units of a revision: those in blocks, and the keys of those that stand apart, each in one of both."""

    blocks: tuple[UnitBlock, ...]
    apart: frozenset[int]


def unit_columns(connection: Connection, when: Clock) -> UnitColumns:
    """The units that the registry knew at the revision."""
    block, changed = SHELVES.nearest(connection, when)
    if not changed:
        return UnitColumns((block,), block.apart)
    newer = _of_keys(connection, when.revision, changed)
    older = replace(block, rows=block.rows ^ (block.rows & block.of_keys(changed)))
    return UnitColumns((older, newer), block.apart - set(changed) | newer.apart)


def functions_of(connection: Connection, when: Clock, keys: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
    """The functions of some units."""
    for chunk in chunked(sorted(keys)):
        for key, _, _, functions, *_ in ROWS.of_keys(connection, when.revision, chunk):
            yield key, [number for (number,) in iter_unpack("<I", functions)]


def _of_keys(connection: Connection, revision: int, keys: Sequence[int]) -> UnitBlock:
    builder = BlockBuilder()
    for chunk in chunked(keys):
        builder.add(ROWS.of_keys(connection, revision, chunk))
    return builder.block()


def load(connection: Connection, revision: int) -> UnitBlock:
    """All units of a revision in a block."""
    builder = BlockBuilder()
    for batch in ROWS.batches(connection, revision):
        builder.add(batch)
    return builder.block()


SHELVES = Shelves(ROWS, load)

"""The blocks that a process keeps: that of a revision serves those before and after it, as long as little changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Connection, Engine, bindparam, or_, select

from app.prepared_statements import PreparedStatement
from app.reads.unit_columns.blocks import BlockBuilder, UnitBlock
from app.reads.unit_columns.facts import UnitFacts
from app.registry.chunks import chunked
from app.registry.clocks import recorded_at
from app.registry.relations import KEYS, REVISION
from app.registry.serving.statements import Clock

MOST_BLOCKS = 2
"""Blocks of so many revisions are kept for one database."""
MOST_CHANGES = 2_000
"""Where more units changed between two revisions, that which is asked for gets a block of its own."""
BATCH = 8_192
"""So many rows are read at once."""

_AFTER: BindParameter[int] = bindparam("after")
_FACTS = select(
    UnitFacts.record_pk,
    UnitFacts.kind,
    UnitFacts.own,
    UnitFacts.functions,
    UnitFacts.participants,
    UnitFacts.runs,
).where(recorded_at(UnitFacts, REVISION))
_ALL = PreparedStatement(_FACTS.where(UnitFacts.record_pk > _AFTER).order_by(UnitFacts.record_pk).limit(BATCH))
_SOME = PreparedStatement(_FACTS.where(UnitFacts.record_pk.in_(KEYS)).order_by(UnitFacts.record_pk))


def _between(column: Any) -> Any:
    return (column > bindparam("low")) & (column <= bindparam("high"))


_CHANGED = PreparedStatement(
    select(UnitFacts.record_pk)
    .where(or_(_between(UnitFacts.recorded_from), _between(UnitFacts.recorded_to)))
    .limit(2 * MOST_CHANGES + 1)
)


class UnitColumns(NamedTuple):
    """The units of a revision: those in blocks, and the keys of those that stand apart, each in one of both."""

    blocks: tuple[UnitBlock, ...]
    apart: frozenset[int]


class _Kept(NamedTuple):
    revision: int
    redacted: int
    block: UnitBlock


class _Shelf:
    """The blocks of one database, the last used first."""

    def __init__(self) -> None:
        self.lock, self.kept = Lock(), list[_Kept]()

    def columns(self, connection: Connection, when: Clock) -> UnitColumns:
        # what was kept before something was redacted is not it any more
        self.kept = [each for each in self.kept if each.redacted == when.redacted]
        for kept in self.kept:
            changed = _changed(connection, kept.revision, when.revision)
            if len(changed) <= MOST_CHANGES:
                self.kept = [kept, *(each for each in self.kept if each is not kept)]
                return _corrected(connection, kept.block, sorted(changed), when.revision)
        kept = _Kept(when.revision, when.redacted, _loaded(connection, when.revision))
        self.kept = [kept, *self.kept][:MOST_BLOCKS]
        return UnitColumns((kept.block,), kept.block.apart)


_SHELVES: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()


def unit_columns(connection: Connection, when: Clock) -> UnitColumns:
    """The units that the registry knew at the revision."""
    shelf = _SHELVES.setdefault(connection.engine, _Shelf())
    with shelf.lock:
        return shelf.columns(connection, when)


def _changed(connection: Connection, one: int, other: int) -> set[int]:
    """The units that changed between two revisions, whichever is the later; of very many, only some."""
    if one == other:
        return set()
    return set(_CHANGED.scalars(connection, low=min(one, other), high=max(one, other)))


def _corrected(connection: Connection, block: UnitBlock, changed: Sequence[int], revision: int) -> UnitColumns:
    """The block without what changed, and beside it a small one with that as it was at the revision."""
    if not changed:
        return UnitColumns((block,), block.apart)
    builder = BlockBuilder()
    for chunk in chunked(changed):
        builder.add(_SOME.rows(connection, keys=chunk, revision=revision))
    newer = builder.block()
    older = replace(block, rows=block.rows ^ (block.rows & block.of_keys(changed)))
    return UnitColumns((older, newer), block.apart - set(changed) | newer.apart)


def _loaded(connection: Connection, revision: int) -> UnitBlock:
    builder = BlockBuilder()
    for batch in _batches(connection, revision):
        builder.add(batch)
    return builder.block()


def _batches(connection: Connection, revision: int) -> Iterator[list[Any]]:
    after = 0
    while batch := _ALL.rows(connection, revision=revision, after=after):
        yield batch
        after = batch[-1][0]

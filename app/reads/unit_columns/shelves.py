"""The blocks of columns that a process keeps: that of a revision serves those around it, as long as little changed."""

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Connection, Engine, Select, bindparam, or_, select

from app.database import register_of
from app.prepared_statements import PreparedStatement
from app.registry.clocks import recorded_at
from app.registry.relations import KEYS, REVISION
from app.registry.serving.statements import Clock

MOST_BLOCKS = 2
"""Blocks of so many revisions are kept for one database."""
MOST_CHANGES = 2_000
"""Where more records changed between two revisions, that which is asked for gets a block of its own."""
BATCH = 8_192
"""So many rows are read at once."""
_AFTER: BindParameter[int] = bindparam("after")

Block = TypeVar("Block")


class FactRows:
    """The rows of a table of facts, by the keys of their records: those of a revision, and those that changed."""

    def __init__(self, table: Any, *columns: Any) -> None:
        asked: Select[Any] = select(table.record_pk, *columns).where(recorded_at(table, REVISION))
        ordered = asked.order_by(table.record_pk)
        changed = or_(_between(table.recorded_from), _between(table.recorded_to))
        self._all = PreparedStatement(ordered.where(table.record_pk > _AFTER).limit(BATCH))
        self._some = PreparedStatement(ordered.where(table.record_pk.in_(KEYS)))
        self._changed = PreparedStatement(select(table.record_pk).where(changed).limit(2 * MOST_CHANGES + 1))

    def batches(self, connection: Connection, revision: int) -> Iterator[list[Any]]:
        """All rows of a revision."""
        after = 0
        while batch := self._all.rows(connection, revision=revision, after=after):
            yield batch
            after = batch[-1][0]

    def of_keys(self, connection: Connection, revision: int, keys: list[int]) -> list[Any]:
        """The rows of some records."""
        return self._some.rows(connection, revision=revision, keys=keys)

    def changed(self, connection: Connection, one: int, other: int) -> list[int]:
        """The records that changed between two revisions, whichever is the later; of very many, only some."""
        if one == other:
            return []
        return sorted(set(self._changed.scalars(connection, low=min(one, other), high=max(one, other))))


def _between(column: Any) -> Any:
    return (column > bindparam("low")) & (column <= bindparam("high"))


class _Kept(NamedTuple):
    revision: int
    redacted: int
    block: Any


class _Shelf:
    """The blocks of one database, the last used first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.kept: list[_Kept] = []


class Shelves(Generic[Block]):
    """The blocks of every database that the process reads, made of the same rows."""

    def __init__(self, rows: FactRows, load: Callable[[Connection, int], Block]) -> None:
        self.rows, self.load = rows, load
        self._shelves: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()

    def nearest(self, connection: Connection, when: Clock) -> tuple[Block, list[int]]:
        """A block, and the records that are otherwise in it than at the revision."""
        shelf = self._shelves.setdefault(register_of(connection), _Shelf())
        with shelf.lock:
            # what was kept before something was redacted is not it any more
            shelf.kept = [each for each in shelf.kept if each.redacted == when.redacted]
            for kept in shelf.kept:
                changed = self.rows.changed(connection, kept.revision, when.revision)
                if len(changed) <= MOST_CHANGES:
                    shelf.kept = [kept, *(each for each in shelf.kept if each is not kept)]
                    return kept.block, changed
            kept = _Kept(when.revision, when.redacted, self.load(connection, when.revision))
            shelf.kept = [kept, *shelf.kept][:MOST_BLOCKS]
            return kept.block, []

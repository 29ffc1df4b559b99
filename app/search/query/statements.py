"""The statements that ask the index of tokens and the table of names: what differs between the databases is here."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Text, bindparam, cast, column, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from app.registry.clocks import BoundDays, held_on, recorded_at
from app.registry.presence import Presence
from app.registry.records import PeriodRow
from app.search.index.tables import SearchEntry, SearchName

Every = list[list[str]]
"""One token of each group."""
Either = list[Every]
"""All groups of one of these."""


class Statements(NamedTuple):
    """By tokens of the index, and by names that begin so."""

    indexed: Any
    named: Any


@lru_cache(maxsize=256)
def statements(dialect: str, weakest: Presence, types: bool, pks: bool, days: bool, targets: int) -> Statements:
    """The statements for a search that is narrowed by these."""
    conditions = [recorded_at(SearchEntry, bindparam("revision", type_=Integer))]
    if types:
        conditions.append(SearchEntry.collection.in_(bindparam("types", expanding=True)))
    if pks:
        conditions.append(SearchEntry.record_pk.in_(bindparam("pks", expanding=True)))
    if days:
        conditions += _on_days(weakest, targets)
    named = select(*_COLUMNS).join(SearchName, SearchName.pk == SearchEntry.pk).where(*conditions)
    named = named.where(SearchName.name.between(bindparam("name"), bindparam("beyond")))
    named = named.order_by(SearchName.name, SearchName.pk).limit(_MOST)
    return Statements(_indexed(dialect).where(*conditions).limit(_MOST), named)


_COLUMNS = (
    *(SearchEntry.pk, SearchEntry.record_pk, SearchEntry.collection, SearchEntry.record_id),
    *(SearchEntry.names, SearchEntry.initials, SearchEntry.links, SearchEntry.other, SearchEntry.marks),
)
_INDEX = table("search_index", column("rowid"), column("search_index"))
_MOST = bindparam("most", type_=Integer, literal_execute=True)


def _indexed(dialect: str) -> Any:
    """The entries that fit, in the order of their keys: on SQLite as FTS5 has them, on PostgreSQL by the GIN index."""
    # written into the statement, so that PostgreSQL plans each by the words it asks for
    asked = bindparam("asked", type_=Text, literal_execute=True)
    if dialect == "sqlite":
        found = select(*_COLUMNS).select_from(_INDEX).join(SearchEntry, SearchEntry.pk == _INDEX.c.rowid)
        return found.where(_INDEX.c.search_index.op("MATCH")(asked)).order_by(_INDEX.c.rowid)
    return select(*_COLUMNS).where(SearchEntry.tokens.op("@@")(cast(asked, TSQUERY))).order_by(SearchEntry.pk)


def _on_days(weakest: Presence, targets: int) -> Iterator[ColumnElement[bool]]:
    """That the record, and a part of it that names each of the targets, hold on the days asked for."""
    days = BoundDays

    def held(source: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        # a value and not EXISTS, which PostgreSQL would look up for all records beforehand
        one = select(literal(1)).where(source.record_pk == SearchEntry.record_pk, held_on(source, days, weakest))
        one = one.where(recorded_at(source, bindparam("revision", type_=Integer)), *conditions)
        return one.limit(1).scalar_subquery().is_not(None)

    yield held(PeriodRow, PeriodRow.field == "", PeriodRow.position == 0)
    for number in range(targets):
        keys: Any = bindparam(f"targets_{number}", expanding=True)
        # "+ 0": by the record's few pointers, never by all that point to the target
        yield SearchEntry.record_pk.in_(keys) | held(
            PeriodRow, PeriodRow.field != "", (PeriodRow.target_pk + 0).in_(keys)
        )


def question(dialect: str, asked: Either, groups: Every) -> str:
    """What is asked of the index in its own language; tokens hold letters, digits and marks alone, never its syntax."""
    either, both, quote = (" OR ", " AND ", '"') if dialect == "sqlite" else (" | ", " & ", "'")

    def group(tokens: list[str]) -> str:
        return "(" + either.join(dict.fromkeys(f"{quote}{token}{quote}" for token in tokens)) + ")"

    return either.join("(" + both.join(map(group, [*every, *groups])) + ")" for every in asked)

"""Candidates: what the index of tokens finds, step by step from the surest, never more than can be ranked.

A statement asks for whole tokens, joined with AND and OR, in the order of records: that is all that FTS5 and PostgreSQL
do alike, and so both find the same.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Integer,
    Text,
    bindparam,
    cast,
    column,
    exists,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from app.insight.search.question import Asked, Word
from app.registry.dates import Presence, Span
from app.registry.entries import SearchEntry, SearchName
from app.registry.indexing import cut, mark
from app.registry.queries import Clock, held_on, recorded_at
from app.registry.records import Pointer, Version

MOST = 300
"""So many candidates are ranked; of more that match, those recorded first."""
ENOUGH, MOST_NAMED, MOST_OF_ONE = 20, 100, 60
"""Below so many, records that match in part are looked for too; and the most for a whole name, and for one word."""
MOST_PARTS = 6
"""Of how many words some may be missing."""

Every = list[list[str]]
"""One token of each group."""
Either = list[Every]
"""All groups of one of these."""


@dataclass(frozen=True)
class Within:
    """What is searched: the records of these types and keys that are, or name, one of each of these sets of targets.

    `targets` are "type:id"s, by which the index is narrowed, with the keys that decide who is named on a day.
    """

    when: Clock
    weakest: Presence = Presence.POSSIBLE
    types: tuple[str, ...] = ()
    pks: Set[int] | None = None
    targets: tuple[Mapping[str, int], ...] = ()

    @property
    def groups(self) -> Every:
        """The tokens that narrow the index."""
        names = [self.types, *self.targets] if self.types else self.targets
        return [[mark(name) for name in each] for each in names]

    @property
    def values(self) -> dict[str, Any]:
        """The values of a statement that searches here."""
        values: dict[str, Any] = {"revision": self.when.revision, "types": self.types, "pks": sorted(self.pks or ())}
        if self.when.days:
            values |= self.when.days._asdict()
            values |= {f"targets_{number}": [*each.values()] for number, each in enumerate(self.targets)}
        return values


class Found(NamedTuple):
    """An entry that was found: the key, type and id of its record, and its text."""

    pk: int
    record_pk: int
    type: str
    id: str
    names: str
    initials: str
    links: str
    other: str
    marks: str


class Candidates(NamedTuple):
    """What was found, in the order of steps; `more`: more match than were taken."""

    found: list[Found]
    more: bool


def for_search(connection: Connection, query: Asked, within: Within) -> Candidates:
    """Names first, then all words in names, all words anywhere, and if that is little, some of the words."""
    found = _Finding(connection, within)
    found.named(query.text)
    exact = len(found.rows)
    found.begun(query.text)
    found.ask([[_in_names(word) for word in query.words]])
    found.ask([[_anywhere(word) for word in query.words]])
    for asked, most in () if exact else _partly(query):
        if len(found.rows) < ENOUGH:
            found.ask(asked, most)
    return found.candidates


def for_suggestion(connection: Connection, query: Asked, within: Within) -> Candidates:
    """Names, then names that begin so, or that have all words, of which each may be begun only."""
    found = _Finding(connection, within)
    found.named(query.text)
    found.begun(query.text)
    found.ask([[[*_in_names(word), *("." + each for each in word.begun)] for word in query.words]])
    return found.candidates


def _partly(query: Asked) -> Iterator[tuple[Either, int]]:
    """All words but one, then each by itself."""
    groups = [_anywhere(word) for word in query.words]
    if 2 < len(groups) <= MOST_PARTS:
        yield [[*groups[:place], *groups[place + 1 :]] for place in range(len(groups))], MOST
    if len(groups) > 1:
        yield from (([[group]], MOST_OF_ONE) for group in groups[:MOST_PARTS])


def _in_names(word: Word) -> list[str]:
    return [*("." + each.text for each in word.spellings if not each.prefix), "~" + word.text]


def _anywhere(word: Word) -> list[str]:
    return [*(each.text for each in word.spellings if not each.prefix), *word.begun, "~" + word.text]


class _Finding:
    """Candidates as they are found, each once."""

    def __init__(self, connection: Connection, within: Within) -> None:
        self.connection, self.within, self.rows = connection, within, dict[int, Found]()
        shape = (within.weakest, bool(within.types), within.pks is not None, bool(within.when.days))
        self.statements = _statements(connection.dialect.name, *shape, len(within.targets))

    def named(self, text: str) -> None:
        """Entries with that name."""
        self._take(self._narrowed(self.statements.named), MOST_NAMED, name=cut(text))

    def begun(self, text: str) -> None:
        """Entries with names that begin so, the first by alphabet."""
        beyond = f"{cut(text)}\U0010ffff"
        self._take(self._narrowed(self.statements.begun), MOST_NAMED, name=cut(text), beyond=beyond)

    def _narrowed(self, by_name: Any) -> Any:
        """The statement for the targets alone, as the tokens are for the others; on a day, it is already."""
        marks = " " + SearchEntry.marks + " "
        for each in () if self.within.when.days else self.within.targets:
            by_name = by_name.where(or_(*(marks.contains(f" {mark(name)} ", autoescape=True) for name in each)))
        return by_name

    def ask(self, asked: Either, most: int = MOST) -> None:
        """What the index finds, unless there is enough."""
        if len(self.rows) <= MOST:
            write = _for_fts5 if self.connection.dialect.name == "sqlite" else _for_postgresql
            self._take(self.statements.indexed, most + 1, asked=write(asked, self.within.groups))

    def _take(self, statement: Any, most: int, **values: str) -> None:
        for row in self.connection.execute(statement, {**self.within.values, **values, "most": most}).all():
            self.rows.setdefault(row[0], Found._make(row))

    @property
    def candidates(self) -> Candidates:
        """As many as can be ranked."""
        return Candidates(list(self.rows.values())[:MOST], len(self.rows) > MOST)


class _Statements(NamedTuple):
    indexed: Any
    named: Any
    begun: Any


@lru_cache(maxsize=256)
def _statements(
    dialect: str, weakest: Presence, types: bool, pks: bool, days: bool, targets: int
) -> _Statements:  # fmt: skip
    """The statements for a search that is narrowed by these."""
    conditions = [recorded_at(SearchEntry, bindparam("revision", type_=Integer))]
    if types:
        conditions.append(SearchEntry.collection.in_(bindparam("types", expanding=True)))
    if pks:
        conditions.append(SearchEntry.record_pk.in_(bindparam("pks", expanding=True)))
    if days:
        conditions += _on_days(weakest, targets)
    by_name = select(*_COLUMNS).join(SearchName, SearchName.pk == SearchEntry.pk).where(*conditions)
    by_name = by_name.order_by(SearchName.name, SearchName.pk).limit(_MOST)
    return _Statements(
        _indexed(dialect).where(*conditions).limit(_MOST),
        by_name.where(SearchName.name == bindparam("name")),
        by_name.where(SearchName.name.between(bindparam("name"), bindparam("beyond"))),
    )


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
    days: Any = Span(*(bindparam(name, type_=Integer) for name in Span._fields))  # type: ignore[arg-type]

    def held(source: Any) -> Exists:
        own = exists().where(source.record_pk == SearchEntry.record_pk, held_on(source, days, weakest))
        return own.where(recorded_at(source, bindparam("revision", type_=Integer)))

    yield held(Version)
    for number in range(targets):
        keys: Any = bindparam(f"targets_{number}", expanding=True)
        yield SearchEntry.record_pk.in_(keys) | held(Pointer).where(Pointer.target_pk.in_(keys))


def _for_fts5(asked: Either, groups: Every) -> str:
    return _written(asked, groups, " OR ", " AND ", lambda token: f'"{token}"')


def _for_postgresql(asked: Either, groups: Every) -> str:
    return _written(asked, groups, " | ", " & ", lambda token: f"'{token}'")


def _written(asked: Either, groups: Every, either: str, both: str, write: Callable[[str], str]) -> str:
    """The question in the language of a database; tokens hold letters, digits and marks alone, never its syntax."""

    def group(tokens: list[str]) -> str:
        return "(" + either.join(dict.fromkeys(map(write, tokens))) + ")"

    return either.join("(" + both.join(map(group, [*every, *groups])) + ")" for every in asked)

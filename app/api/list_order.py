"""The order of lists: by which index each is read, so that a page costs the same however long the list is.

A list sorted by a field is two, one after the other: the records of which it is recorded, in its order, and those of
which it is not, in that of their ids. Each is read off an index that has this very order. A state such as `lifecycle`
has a few values, and a list for each.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, Select, Text, and_, case, cast, false, func, literal, not_, or_, tuple_

from app.api.list_parameters import choices
from app.api.lists import Question, date_column, has_state
from app.database import code_text
from app.registry.clocks import recorded_at
from app.registry.collection import Collection
from app.registry.records import Answer, PeriodRow, StateRun, Version

_JSON = Text().with_variant(JSON(), "postgresql")
"""What a document is read as: SQLite finds fields in the text itself."""


class Key(NamedTuple):
    """One expression that a list is sorted by."""

    expression: ColumnElement[Any]
    descending: bool = False


class ListSection(NamedTuple):
    """A part of a list that stands in one order: the rows of `source`, under conditions on it and on versions."""

    source: Any
    own: Sequence[ColumnElement[bool]]
    besides: Sequence[ColumnElement[bool]]
    keys: Sequence[Key]
    alike: Sequence[Key] = ()
    """What an index begins with before the keys, and is null for all rows: PostgreSQL wants to be told so."""

    @property
    def repeating(self) -> bool:
        """Whether a record may stand in the source more than once: it points twice, or had a state twice."""
        return self.source in (PeriodRow, StateRun)

    def joined(self, asked: Select[Any], question: Question) -> Select[Any]:
        """The rows, with versions and the collection's own columns where the question needs them."""
        collection = question.collection
        table: Any = collection.table
        kept = {*collection.scalars, *collection.dates, *collection.openings, "revision"}
        used = {name for name, _ in question.sort} | {
            name.removesuffix("_from").removesuffix("_to") for name in question.parameters
        }
        asked = asked.select_from(self.source)
        if self.source is table:
            asked = asked.join(Version, Version.pk == table.version_pk)
        elif self.source is not Version and self.besides:
            current = recorded_at(Version, question.when.revision)
            asked = asked.join(Version, and_(Version.record_pk == self.source.record_pk, current))
        if kept & used and self.source is not table:
            asked = asked.join(table, table.version_pk == Version.pk)
        return asked.where(*self.own, *self.besides)

    def behind(self, after: Sequence[Any]) -> ColumnElement[bool]:
        """Behind the item with these sort keys, each in its own direction."""
        first, bound = self.keys[0], after[0]
        if len({key.descending for key in self.keys}) > 1:
            found: ColumnElement[bool] = false()
            for key, value in reversed(list(zip(self.keys, after, strict=True))):
                past = key.expression < value if key.descending else key.expression > value
                found = past if found is false() else or_(past, and_(key.expression == value, found))
        else:
            here, there = tuple_(*(key.expression for key in self.keys)), tuple_(*after)
            found = here < there if first.descending else here > there
        # what an index begins with is said by itself: not every database looks up a comparison of several tables
        return and_(first.expression <= bound if first.descending else first.expression >= bound, found)


def sections(question: Question) -> list[ListSection]:
    """The sections of a sorted list, in their order; ties go by id."""
    (name, descending), *others = question.sort
    collection = question.collection
    rest = [key for each in others for key in _later_keys(question, *each)]
    source, own = _source(question, name)
    if not any(each == "id" for each, _ in question.sort):
        rest.append(Key(source.record_id))
    if name == "id":
        return [ListSection(source, own, (), [Key(source.record_id, descending), *rest])]
    if state := collection.states.get(name):
        held = {str(value): has_state(name, value, state, question.when) for value in state.values}
        found = [ListSection(source, [*own, held[value]], (), rest) for value in sorted(held, reverse=descending)]
        return [*found, ListSection(source, [*own, not_(or_(*held.values()))], (), rest)]
    columns = _columns(collection, name)
    # of a text, the index has the beginning
    alike = [Key(each, rest[0].descending) for each in (columns if name in collection.dates else columns[:1])]
    absent = ListSection(source, [*own, *(column.is_(None) for column in columns)], (), rest, alike)
    if descending and name in collection.scalars and (words := choices(collection, name)):
        # read backwards, an index has the ids backwards too: of a few words, each is read by itself
        found = [ListSection(source, [*own, columns[0] == word], (), rest) for word in sorted(words, reverse=True)]
        return [*found, absent]
    first = [Key(column, descending) for column in columns]
    if name == "revision" and descending:
        first = [Key(source.newest_first)]
    found = [ListSection(source, [*own, columns[0].is_not(None)], (), [*first, *rest])]
    return found if name in ("name", "revision") else [*found, absent]


def _source(question: Question, name: str) -> tuple[Any, list[ColumnElement[bool]]]:
    """The table that has an index in the order of a field, and what else must hold there."""
    kind = question.collection.type
    if name == "last_evidence":
        return Answer, [Answer.collection == kind, recorded_at(Answer, question.when.revision)]
    if name == "id" or name in question.collection.states:
        return Version, [Version.collection == kind]
    return question.collection.table, []


def _columns(collection: Collection, name: str) -> list[Any]:
    """The columns that a record is sorted by first, as an index has them, and where that has the beginning the text."""
    table: Any = collection.table
    if name in collection.dates:
        return [date_column(collection, name, end) for end in ("earliest", "latest")]
    if name in collection.scalars:
        return [getattr(table, name)]
    if name == "last_evidence":
        return [Answer.evidence_day]
    if name == "revision":
        return [table.recorded_from]
    return [getattr(table, f"{name}_opening"), Version.names_folded if name == "name" else _text(name)]


def _text(name: str) -> ColumnElement[Any]:
    """What a document says in a field of one text."""
    return cast(cast(Version.document, _JSON).op("->>")(literal(name)), code_text())


def _later_keys(question: Question, name: str, descending: bool) -> Iterator[Key]:
    """What records are sorted by that are alike in what comes before; what is not recorded comes last."""
    record_id: Any = Version.record_id
    if name == "id":
        yield Key(record_id, descending)
        return
    if state := question.collection.states.get(name):
        value = case(*((has_state(name, each, state, question.when), str(each)) for each in state.values))
        columns: list[Any] = [value]
    else:
        columns = _columns(question.collection, name)
    yield Key(case((columns[0].is_(None), 1), else_=0))
    for column in columns:
        blank: Any = -1 if column.type.python_type is int else ""
        yield Key(func.coalesce(column, blank), descending)

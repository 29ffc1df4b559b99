"""Pages of lists, and their totals: what SQL is asked, so that neither grows with the depth of a page.

A list filtered by one target (`force=bedfordshire`) in the order of ids is read off the index of periods, where the
target's records stand in that order with their days; one filtered by one word (`kind=unit`) off the index of that
word, one by a state off that of states, and every other list off the versions. A sorted list is read off the index of
its order (`app.api.list_order`), unless a filter leaves so few records that these are quicker put in order.

A statement is made once for all lists of one shape; what differs among these are its parameters.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal_column, or_, select

from app.api.list_order import Key, ListSection, sections
from app.api.list_parameters import filters
from app.api.list_shapes import PICKED, REVISION, ROWS, ListShape, Selection
from app.api.lists import Question, filtered, held, stated
from app.prepared_statements import PreparedStatement
from app.registry.clocks import held_on, recorded_at
from app.registry.records import Answer, PeriodRow, StateRun, Version

FEW = 4000
"""Of so many records it takes no longer to put them in order than to look for them along the order of all."""
KEPT = 1000
"""Shapes of lists whose statements are kept; the least recently asked is forgotten first."""


def _section(shape: ListShape) -> ListSection:
    """A list in the order of ids."""
    question, values, name = shape.question, shape.bound, shape.source.name
    collection, days = question.collection, question.when.days
    source: Any = Version
    own, besides = stated(question, values), []
    if shape.source.kind == "target":
        field = f"{collection.type}.{filters(collection)[name].fields[0]}"
        source, besides = PeriodRow, filtered(question, values, name)
        target = PeriodRow.target_pk == bindparam("target")
        own = [target, PeriodRow.field == field, recorded_at(PeriodRow, REVISION)]
        own += [held_on(PeriodRow, days, question.weakest)] if days else []
    elif shape.source.kind == "word":
        source, besides = collection.table, _of_version(question, values)
        own = [getattr(collection.table, name) == bindparam("word")]
    elif shape.source.kind == "state":
        # without a day, the run says it all
        besides = [Version.collection == collection.type, *_of_version(question, values, None if days else name)]
        source, own = StateRun, [StateRun.name == name, StateRun.value == question.parameters[name]]
        own += [recorded_at(StateRun, REVISION), *_met(days)]
    return ListSection(source, own, besides, [Key(source.record_id)])


def _met(days: Any) -> list[ColumnElement[bool]]:
    """Runs of days that have one of these; without any, those by all that is recorded."""
    if days is None:
        return [StateRun.first_day == 0, StateRun.until_day == 0]
    return [StateRun.first_day <= days.latest, StateRun.until_day > days.earliest]


def _of_version(question: Question, values: Mapping[str, Any], apart_from: str | None = None) -> list[Any]:
    """All conditions on versions but the collection, which the table of its own columns stands for."""
    # "+ 0": not by the index of revisions, but by that of the order
    found: list[Any] = [Version.recorded_from + 0 <= REVISION]
    found.append(or_(Version.recorded_to.is_(None), Version.recorded_to > REVISION))
    if question.when.days:
        found.append(held(question.when, question.weakest))
    if PICKED in values:
        found.append(Version.record_pk.in_(values[PICKED]))
    return found + filtered(question, values, apart_from)


def page(connection: Connection, selection: Selection) -> list[Any]:
    """The rows of a page and one more, if there is one: body, periods, the section, then the sort keys."""
    question = selection.question
    if question.sort:
        selection = _narrowed(connection, selection)
    shape = selection.shape()
    given = selection.given(shape.source)
    first, *after = question.after or (0,)
    rows: list[Any] = []
    for number in range(first, len(_sections(shape))):
        rows += _rows(connection, shape, given, number, after, question.limit + 1 - len(rows))
        if len(rows) > question.limit:
            break
        after = []
    return rows


def _narrowed(connection: Connection, selection: Selection) -> Selection:
    """A sorted list; where a filter leaves few records, with these alone to be put in order."""
    question = selection.question
    for name, by in filters(question.collection).items():
        pks = selection.values.get(name)
        if pks is None or by.detour:
            continue
        fields = [f"{question.collection.type}.{field}" for field in by.fields]
        asked = {"targets": pks, "fields": fields, "revision": question.when.revision, "rows": FEW + 1}
        few = _POINTING.scalars(connection, **asked)
        if len(few) <= FEW:
            return selection._replace(values={**selection.values, PICKED: sorted({*few})})
    return selection


_POINTING = PreparedStatement(
    select(PeriodRow.record_pk)
    .where(
        PeriodRow.target_pk.in_(bindparam("targets", expanding=True)),
        PeriodRow.field.in_(bindparam("fields", expanding=True)),
        recorded_at(PeriodRow, REVISION),
    )
    .limit(ROWS)
)


@lru_cache(KEPT)
def _sections(shape: ListShape) -> list[ListSection]:
    if not shape.sort:
        return [_section(shape)]
    besides = _of_version(shape.question, shape.bound)
    return [section._replace(besides=besides) for section in sections(shape.question)]


def _rows(
    connection: Connection, shape: ListShape, given: dict[str, Any], number: int, after: Sequence[Any], limit: int
) -> list[Any]:
    """The rows of one section behind an item, at most so many."""
    rows: list[Any] = []
    while True:
        behind = {f"after_{place}": value for place, value in enumerate(after)}
        batch = _page(shape, number, len(after)).rows(connection, **given, **behind, rows=limit)
        # who left and came back points twice; on an index the two stand side by side
        rows += [row for before, row in zip([None, *batch], batch, strict=False) if row != before]
        if len(rows) >= limit or len(batch) < limit:
            return rows[:limit]
        after = list(batch[-1][3:])


@lru_cache(KEPT)
def _page(shape: ListShape, number: int, after: int) -> PreparedStatement:
    """A page of a section. The answers of its records alone are read: those of all would be put in order with them."""
    section = _sections(shape)[number]
    keys = [key.expression.label(f"key_{place}") for place, key in enumerate(section.keys)]
    pk = section.source.record_pk if section.source in (PeriodRow, StateRun) else Version.record_pk
    found = section.joined(select(pk.label("record_pk"), *keys), shape.question)
    if after:
        found = found.where(section.behind([bindparam(f"after_{place}") for place in range(after)]))
    alike = _directed(section.alike, [key.expression for key in section.alike])
    inner = found.order_by(*alike, *_directed(section.keys, keys)).limit(ROWS).subquery()
    columns = [inner.c[key.name] for key in keys]
    asked = select(Answer.body, Answer.periods, literal_column(str(number)), *columns).select_from(inner)
    own = and_(Answer.record_pk == inner.c.record_pk, recorded_at(Answer, REVISION))
    return PreparedStatement(asked.join(Answer, own).order_by(*_directed(section.keys, columns)))


def _directed(keys: Sequence[Key], columns: Sequence[Any]) -> list[Any]:
    return [column.desc() if key.descending else column for key, column in zip(keys, columns, strict=True)]


def total(connection: Connection, selection: Selection) -> int:
    """How many records there are in all."""
    shape = selection.shape(sort=False)
    return int(_count(shape).scalar(connection, **selection.given(shape.source)))


@lru_cache(KEPT)
def _count(shape: ListShape) -> PreparedStatement:
    section = _section(shape)
    if section.repeating:  # in the order of the index, in which those of one record stand side by side
        each = section.joined(select(section.source.record_id).distinct(), shape.question)
        return PreparedStatement(select(func.count()).select_from(each.subquery()))
    asked: Select[Any] = section.joined(select(func.count()), shape.question)
    return PreparedStatement(asked)

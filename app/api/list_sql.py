"""Pages of lists, and their totals: what SQL is asked, so that neither grows with the depth of a page.

A list filtered by one target (`force=bedfordshire`) in the order of ids is read off the index of periods, where the
target's records stand in that order with their days; one filtered by one word (`kind=unit`) off the index of that
word, one by a state off that of states, and every other list off the versions. A sorted list is read off the index of
its order (`app.api.list_order`), unless a filter leaves so few records that these are quicker put in order.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from app.api.list_order import Key, ListSection, sections
from app.api.list_parameters import choices, filters
from app.api.lists import Question, conditions, filtered, held, targets
from app.api.parameters import split
from app.registry.clocks import held_on, recorded_at
from app.registry.dates import Span
from app.registry.records import Answer, PeriodRow, StateRun, Version

FEW = 4000
"""Of so many records it takes no longer to put them in order than to look for them along the order of all."""


def selected(connection: Connection, question: Question) -> ListSection:
    """What a question selects, in the order of ids. Raises Unsupported."""
    collection, revision = question.collection, question.when.revision
    source: Any = Version
    own, besides = conditions(connection, question), []
    if through := _single_target(connection, question):
        name, field, target = through
        source, besides = PeriodRow, filtered(connection, question, name)
        own = [PeriodRow.target_pk == target, PeriodRow.field == field, recorded_at(PeriodRow, revision)]
        if question.when.days:
            own.append(held_on(PeriodRow, question.when.days, question.weakest))
    elif word := _single_word(question):
        source, besides = collection.table, _of_version(connection, question)
        own = [getattr(collection.table, word) == question.parameters[word]]
    elif state := _single_state(question):
        # without a day, the run says it all
        apart_from = None if question.when.days else state
        source, besides = (
            StateRun,
            [Version.collection == collection.type, *_of_version(connection, question, apart_from)],
        )
        own = [StateRun.name == state, StateRun.value == question.parameters[state], recorded_at(StateRun, revision)]
        own += _met(question.when.days)
    return ListSection(source, own, besides, [Key(source.record_id)])


def _met(days: Span | None) -> list[ColumnElement[bool]]:
    """Runs of days that have one of these; without any, those by all that is recorded."""
    if days is None:
        return [StateRun.first_day == 0, StateRun.until_day == 0]
    return [StateRun.first_day <= days.latest, StateRun.until_day > days.earliest]


def _of_version(connection: Connection, question: Question, apart_from: str | None = None) -> list[ColumnElement[bool]]:
    """All conditions on versions but the collection, which the table of its own columns stands for."""
    revision = question.when.revision
    # "+ 0": not by the index of revisions, but by that of the order
    found = [Version.recorded_from + 0 <= revision, or_(Version.recorded_to.is_(None), Version.recorded_to > revision)]
    if question.when.days:
        found.append(held(question.when, question.weakest))
    return found + filtered(connection, question, apart_from)


def _single_target(connection: Connection, question: Question) -> tuple[str, str, int] | None:
    """The first filter on one target of one field: its name, the field and the target; None if there is none."""
    for name, by in filters(question.collection).items():
        value = question.parameters.get(name)
        if value and len(by.fields) == 1 and not by.detour and "," not in value and not value.startswith("all:"):
            found = targets(connection, question, name, by, value)
            if len(found) == 1:
                return name, f"{question.collection.type}.{by.fields[0]}", found[0]
    return None


def _single_word(question: Question) -> str | None:
    """The first filter on one of the words that a field may have."""
    for name in question.collection.scalars:
        if question.parameters.get(name) in (choices(question.collection, name) or ()):
            return name
    return None


def _single_state(question: Question) -> str | None:
    """The first filter on one value of a state."""
    for name, state in question.collection.states.items():
        if question.parameters.get(name) in state.values:
            return name
    return None


def page(connection: Connection, question: Question, selection: ListSection) -> list[Any]:
    """The rows of a page and one more, if there is one: body, periods, the section, then the sort keys."""
    every = [selection]
    if question.sort:
        besides = _in_order(connection, question)
        every = [section._replace(besides=besides) for section in sections(question)]
    first, *after = question.after or (0,)
    rows: list[Any] = []
    for number in range(first, len(every)):
        rows += _rows(connection, question, every[number], number, after, question.limit + 1 - len(rows))
        if len(rows) > question.limit:
            break
        after = []
    return rows


def _in_order(connection: Connection, question: Question) -> list[ColumnElement[bool]]:
    """The conditions on versions of a sorted list; where a filter leaves few records, these alone are put in order."""
    besides = _of_version(connection, question)
    for name, by in filters(question.collection).items():
        value = question.parameters.get(name)
        if value is None or by.detour or value.startswith("all:"):
            continue
        pks = [pk for item in split(name, value) for pk in targets(connection, question, name, by, item)]
        fields = [f"{question.collection.type}.{field}" for field in by.fields]
        asked = select(PeriodRow.record_pk).where(PeriodRow.target_pk.in_(pks), PeriodRow.field.in_(fields))
        few = list(connection.scalars(asked.where(recorded_at(PeriodRow, question.when.revision)).limit(FEW + 1)))
        if len(few) <= FEW:
            besides.append(Version.record_pk.in_(sorted({*few})))
            break
    return besides


def _rows(
    connection: Connection, question: Question, section: ListSection, number: int, after: Sequence[Any], limit: int
) -> list[Any]:
    """The rows of one section behind an item, at most so many."""
    rows: list[Any] = []
    while True:
        batch = list(connection.execute(_page(question, section, number, after, limit)))
        # who left and came back points twice; on an index the two stand side by side
        rows += [row for before, row in zip([None, *batch], batch, strict=False) if row != before]
        if len(rows) >= limit or len(batch) < limit:
            return rows[:limit]
        after = list(batch[-1][3:])


def _page(question: Question, section: ListSection, number: int, after: Sequence[Any], limit: int) -> Select[Any]:
    """A page of a section. The answers of its records alone are read: those of all would be put in order with them."""
    keys = [key.expression.label(f"key_{place}") for place, key in enumerate(section.keys)]
    pk = section.source.record_pk if section.source in (PeriodRow, StateRun) else Version.record_pk
    found = section.joined(select(pk.label("record_pk"), *keys), question)
    if after:
        found = found.where(section.behind(after))
    alike = _directed(section.alike, [key.expression for key in section.alike])
    inner = found.order_by(*alike, *_directed(section.keys, keys)).limit(limit).subquery()
    columns = [inner.c[key.name] for key in keys]
    asked = select(Answer.body, Answer.periods, literal(number), *columns).select_from(inner)
    own = and_(Answer.record_pk == inner.c.record_pk, recorded_at(Answer, question.when.revision))
    return asked.join(Answer, own).order_by(*_directed(section.keys, columns))


def _directed(keys: Sequence[Key], columns: Sequence[Any]) -> list[Any]:
    return [column.desc() if key.descending else column for key, column in zip(keys, columns, strict=True)]


def total(connection: Connection, question: Question, selection: ListSection) -> int:
    """How many records there are in all."""
    question = question._replace(sort=())
    if selection.repeating:  # in the order of the index, in which those of one record stand side by side
        each = selection.joined(select(selection.source.record_id).distinct(), question)
        asked = select(func.count()).select_from(each.subquery())
    else:
        asked = selection.joined(select(func.count()), question)
    return int(connection.execute(asked).scalar_one())

"""Pages of lists, and their totals: what SQL is asked, so that neither grows with the depth of a page.

A list filtered by one target (`force=bedfordshire`) in the order of ids is read off the index of periods, where the
target's records stand in that order with their days; every other list is read off the versions.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)

from app.api.list_parameters import filters
from app.api.lists import Question, conditions, date_column, filtered, has_state, targets
from app.database import code_text
from app.registry.clocks import held_on, recorded_at
from app.registry.records import Answer, PeriodRow, Version

_JSON = Text().with_variant(JSON(), "postgresql")
"""What a document is read as: SQLite finds fields in the text itself."""


class Key(NamedTuple):
    """One expression that a list is sorted by."""

    expression: ColumnElement[Any]
    descending: bool


class Selection(NamedTuple):
    """The rows of a list: the source they are read off, its own conditions, and those on versions besides."""

    source: Any
    own: list[ColumnElement[bool]]
    besides: list[ColumnElement[bool]]


def selected(connection: Connection, question: Question) -> Selection:
    """What a question selects. Raises Unsupported."""
    through = None if question.sort else _single_target(connection, question)
    if through is None:
        return Selection(Version, conditions(connection, question), [])
    name, field, target = through
    own = [PeriodRow.target_pk == target, PeriodRow.field == field, recorded_at(PeriodRow, question.when.revision)]
    if question.when.days:
        own.append(held_on(PeriodRow, question.when.days, question.weakest))
    return Selection(PeriodRow, own, filtered(connection, question, name))


def _single_target(connection: Connection, question: Question) -> tuple[str, str, int] | None:
    """The first filter on one target of one field: its name, the field and the target; None if there is none."""
    for name, by in filters(question.collection).items():
        value = question.parameters.get(name)
        if value and len(by.fields) == 1 and not by.detour and "," not in value and not value.startswith("all:"):
            found = targets(connection, question, name, by, value)
            if len(found) == 1:
                return name, f"{question.collection.type}.{by.fields[0]}", found[0]
    return None


_SHARED_KEYS: dict[str, Any] = {
    "id": Version.record_id,
    "name": Version.names_folded,
    "revision": Version.recorded_from,
}


def order(question: Question, source: Any) -> list[Key]:
    """The expressions a list is sorted by: dates by earliest, then latest, not recorded last; ties by id."""
    keys: list[Key] = []
    for name, descending in question.sort:
        if name in question.collection.dates:
            bounds = [date_column(question.collection, name, end) for end in ("earliest", "latest")]
            keys.append(Key(case((bounds[0].is_(None), 1), else_=0), False))
            keys += (Key(func.coalesce(bound, -1), descending) for bound in bounds)
        elif name == "last_evidence":
            keys.append(Key(case((Answer.evidence_day.is_(None), 1), else_=0), False))
            keys.append(Key(func.coalesce(Answer.evidence_day, -1), descending))
        elif name in _SHARED_KEYS:
            keys.append(Key(_SHARED_KEYS[name], descending))
        else:
            value = _value(question, name)
            keys.append(Key(case((value.is_(None), 1), else_=0), False))
            keys.append(Key(func.coalesce(value, ""), descending))
    if not any(name == "id" for name, _ in question.sort):
        keys.append(Key(source.record_id, False))
    return keys


def _value(question: Question, name: str) -> ColumnElement[Any]:
    """What a record has in a field of one value: in its column, by its runs of days, or in its document."""
    collection = question.collection
    if name in collection.scalars:
        column: ColumnElement[Any] = getattr(collection.table, name)
        return column
    if state := collection.states.get(name):
        return case(*((has_state(name, value, state, question.when), str(value)) for value in state.values))
    return cast(cast(Version.document, _JSON).op("->>")(literal(name)), code_text())


def _later(keys: list[Key], after: Iterable[Any]) -> ColumnElement[bool]:
    """Behind the item with the sort keys `after`, each key in its own direction."""
    behind: ColumnElement[bool] = false()
    for key, value in reversed(list(zip(keys, after, strict=True))):
        past = key.expression < value if key.descending else key.expression > value
        behind = past if behind is false() else or_(past, and_(key.expression == value, behind))
    return behind


def page(connection: Connection, question: Question, selection: Selection) -> list[Any]:
    """The rows of a page and one more, if there is one: body, periods, then the sort keys."""
    rows: list[Any] = []
    after = question.after
    while True:
        batch = list(connection.execute(_page(question, selection, after)))
        # who left and came back points twice; on the index of periods the two stand side by side
        rows += [row for before, row in zip([None, *batch], batch, strict=False) if row != before]
        if len(rows) > question.limit or len(batch) <= question.limit:
            return rows[: question.limit + 1]
        after = list(batch[-1][2:])


def _page(question: Question, selection: Selection, after: list[Any] | None) -> Select[Any]:
    source, keys = selection.source, order(question, selection.source)
    asked = select(Answer.body, Answer.periods, *(key.expression for key in keys)).select_from(source)
    asked = _joined(asked, question, selection)
    asked = asked.join(Answer, and_(Answer.record_pk == source.record_pk, recorded_at(Answer, question.when.revision)))
    if after is not None:
        asked = asked.where(_later(keys, after))
    asked = asked.order_by(*(key.expression.desc() if key.descending else key.expression for key in keys))
    return asked.limit(question.limit + 1)


def total(connection: Connection, question: Question, selection: Selection) -> int:
    """How many records there are in all."""
    each = func.count() if selection.source is Version else func.count(PeriodRow.record_pk.distinct())
    asked = _joined(select(each).select_from(selection.source), question, selection)
    return int(connection.execute(asked).scalar_one())


def _joined(asked: Select[Any], question: Question, selection: Selection) -> Select[Any]:
    """The source with its conditions, versions and the collection's own columns where the question needs them."""
    table = question.collection.table
    own = {*question.collection.scalars, *question.collection.dates}
    used = {name for name, _ in question.sort} | {
        name.removesuffix("_from").removesuffix("_to") for name in question.parameters
    }
    if selection.source is PeriodRow and selection.besides:
        current = recorded_at(Version, question.when.revision)
        asked = asked.join(Version, and_(Version.record_pk == PeriodRow.record_pk, current))
    if own & used:
        asked = asked.join(table, table.version_pk == Version.pk)
    return asked.where(*selection.own, *selection.besides)

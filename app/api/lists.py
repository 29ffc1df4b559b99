"""Lists: filters, sorting and pages, made from what a collection says of itself."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_
from sqlalchemy.orm import aliased

from app.api.list_parameters import choices, filters, list_query, sort_keys
from app.api.list_values import Values, filter_values, groups_of
from app.api.parameters import Parameters, invalid, split
from app.api.query_models import ClockQuery, ListQuery
from app.registry.clocks import held_on, own_period, recorded_at
from app.registry.collection import By, Collection, Detour, State
from app.registry.presence import Presence
from app.registry.records import Answer, PeriodRow, StateRun, Version
from app.registry.serving.statements import Clock

SHAPING = ListQuery.names() - ClockQuery.names() - {"id", "name"}
"""The parameters that say how a list is shown, not which records are in it; `certainty` is both."""


class Question(NamedTuple):
    """A list asked for: which records, in which order, from where on."""

    collection: Collection
    parameters: Parameters
    when: Clock
    weakest: Presence
    sort: tuple[tuple[str, bool], ...]
    limit: int
    after: list[Any] | None


def ask(collection: Collection, parameters: Parameters, when: Clock, after: list[Any] | None) -> Question:
    """The question that the parameters put. Raises Unsupported."""
    return question(collection, list_query(collection).of(parameters), when, after)


def question(collection: Collection, query: ListQuery, when: Clock, after: list[Any] | None) -> Question:
    """The question that a query puts. Raises Unsupported."""
    if query.certainty and not when.days:
        raise invalid("certainty", "needs as_of: presence is asked of a day")
    weakest = query.certainty or Presence.POSSIBLE
    sort = tuple(sort_keys(collection, query.sort))
    return Question(collection, query.given, when, weakest, sort, query.limit, after)


def conditions(connection: Connection, question: Question) -> list[ColumnElement[bool]]:
    """What the versions asked for have in common. Raises Unsupported."""
    return stated(question, read(connection, question))


def read(connection: Connection, question: Question) -> Values:
    """What the filters of a question say. Raises Unsupported."""
    return filter_values(connection, question.collection, question.parameters, question.when)


def stated(question: Question, values: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """The conditions that the versions meet; `values` are those of the filters, or parameters that stand for them."""
    found = [Version.collection == question.collection.type, recorded_at(Version, question.when.revision)]
    if question.when.days:
        found.append(held(question.when, question.weakest))
    return found + filtered(question, values)


def filtered(question: Question, values: Mapping[str, Any], apart_from: str | None = None) -> list[ColumnElement[bool]]:
    """The conditions of the filters, but one that is met in another way."""
    collection, parameters, when = question.collection, question.parameters, question.when
    found: list[ColumnElement[bool]] = []
    if "id" in values:
        found.append(Version.record_id.in_(values["id"]))
    if names := [value for name, value in values.items() if name.startswith("name_")]:
        found.append(or_(*(Version.names_folded.like(name, escape="/") for name in names)))
    for name, by in filters(collection).items():
        if name != apart_from:
            found += [_points_to(question, by, group) for group in groups_of(values, name)]
    found += _column_conditions(question, values)
    if "evidence_from" in values:
        found.append(_shown_since(values["evidence_from"], when))
    for name, state in collection.states.items():
        if name in parameters and name != apart_from:
            found.append(or_(*(has_state(name, value, state, when) for value in split(name, parameters[name]))))
    return found


def _column_conditions(question: Question, values: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    collection = question.collection
    for name in collection.scalars:
        if name in values:
            yield _one_word(question, name).in_(values[name])
    for name in collection.dates:
        if f"{name}_from" in values:
            yield date_column(collection, name, "latest") >= values[f"{name}_from"]
        if f"{name}_to" in values:
            # "+ 0": an index that begins with this day would be taken instead of that of the order
            yield date_column(collection, name, "earliest") + 0 <= values[f"{name}_to"]


def _one_word(question: Question, name: str) -> ColumnElement[Any]:
    """What is compared with the words of a filter: those of a list as they are, others in any case."""
    column: ColumnElement[Any] = getattr(question.collection.table, name)
    if choices(question.collection, name) is None:
        return func.lower(column)
    # of a sorted list, not by the index of this word, but by that of the order
    return column.concat("") if question.sort else column


def _shown_since(day: Any, when: Clock) -> ColumnElement[bool]:
    """Records whose last evidence is not before that day."""
    row = aliased(Answer)  # the answers themselves may be asked for
    own = exists().where(row.record_pk == Version.record_pk, recorded_at(row, when.revision))
    return own.where(row.evidence_day >= day)


def date_column(collection: Collection, name: str, end: str) -> Any:
    """The column of one end of a date: "earliest" or "latest"."""
    return getattr(collection.table, f"{name}_{end}")


def _points_to(question: Question, by: By, pks: Any) -> ColumnElement[bool]:
    kind = question.collection.type
    row = aliased(PeriodRow)  # the list itself may be read off the periods
    direct = exists().where(
        *_relation(question, row, Version.record_pk, [f"{kind}.{field}" for field in by.fields]), _one_of(row, pks)
    )
    return or_(direct, _round_about(question, by.detour, pks)) if by.detour else direct


def _round_about(question: Question, detour: Detour, pks: Any) -> ColumnElement[bool]:
    """Records that come to a target by way of another, on days on which both relations held."""
    first, then, own = aliased(PeriodRow), aliased(PeriodRow), aliased(PeriodRow)
    kind = question.collection.type
    found = exists().where(
        *_relation(question, first, Version.record_pk, [f"{kind}.{detour.first}"]),
        *_relation(question, then, first.target_pk, detour.then),
        _one_of(then, pks),
    )
    if detour.unless is None:
        return found
    named = exists().where(
        own.record_pk == Version.record_pk,
        own.field == f"{kind}.{detour.unless}",
        recorded_at(own, question.when.revision),
    )
    return and_(found, not_(named))


def _relation(question: Question, row: Any, record_pk: Any, fields: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    """The rows of periods that say when a record was related to others in one of these fields."""
    yield row.record_pk == record_pk
    yield row.field.in_(list(fields))
    yield recorded_at(row, question.when.revision)
    if question.when.days:
        yield held_on(row, question.when.days, question.weakest)


def _one_of(row: Any, pks: Any) -> ColumnElement[bool]:
    # "+ 0": by the record's few relations, never by all that point to the target
    found: ColumnElement[bool] = (row.target_pk + 0).in_(pks)
    return found


def has_state(name: str, value: str, state: State, when: Clock) -> ColumnElement[bool]:
    """Records whose state has the value: `State.on`, in SQL."""
    run = aliased(StateRun)
    own = exists().where(run.record_pk == Version.record_pk, run.name == name, recorded_at(run, when.revision))
    if when.days is None:
        return own.where(run.value == value, run.first_day == 0, run.until_day == 0)
    met = own.where(run.first_day <= when.days.latest, run.until_day > when.days.earliest)
    stronger = state.values[: state.values.index(value)]
    found: list[ColumnElement[bool]] = [met.where(run.value == value)]
    if stronger:
        found.append(not_(met.where(run.value.in_(stronger))))
    if value in state.presumed:
        found.append(held(when, Presence.PRESUMED))
    return and_(*found)


def held(when: Clock, weakest: Presence) -> ColumnElement[bool]:
    """Records that held on the days asked for, at least as surely as this."""
    row = aliased(PeriodRow)  # the list itself may be read off the periods
    return exists().where(own_period(Version.record_pk, when.revision, row), held_on(row, when.days, weakest))

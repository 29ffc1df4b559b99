"""Lists: filters, sorting and pages, made from what a collection says of itself."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from app.api.list_parameters import choices, filters, list_query, sort_keys
from app.api.parameters import Parameters, choose, invalid, split
from app.api.query_models import ClockQuery, ListQuery
from app.registry.clocks import held_on, own_period, recorded_at
from app.registry.collection import By, Collection, Detour, State
from app.registry.dates import Span, UnsupportedDateError, parse_as_of
from app.registry.presence import Presence
from app.registry.problems import MissingRecord
from app.registry.records import Answer, PeriodRow, Pointer, Record, StateRun, Version
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
    known: dict[tuple[str, str], list[int]]
    """The records that a filter's value names, by both: looked up once, however many statements need them."""


def ask(collection: Collection, parameters: Parameters, when: Clock, after: list[Any] | None) -> Question:
    """The question that the parameters put. Raises Unsupported."""
    return question(collection, list_query(collection).of(parameters), when, after)


def question(collection: Collection, query: ListQuery, when: Clock, after: list[Any] | None) -> Question:
    """The question that a query puts. Raises Unsupported."""
    if query.certainty and not when.days:
        raise invalid("certainty", "needs as_of: presence is asked of a day")
    weakest = query.certainty or Presence.POSSIBLE
    sort = tuple(sort_keys(collection, query.sort))
    return Question(collection, query.given, when, weakest, sort, query.limit, after, {})


def conditions(connection: Connection, question: Question) -> list[ColumnElement[bool]]:
    """What the versions asked for have in common. Raises Unsupported."""
    found = [Version.collection == question.collection.type, recorded_at(Version, question.when.revision)]
    if question.when.days:
        found.append(held(question.when, question.weakest))
    return found + filtered(connection, question)


def filtered(connection: Connection, question: Question, apart_from: str | None = None) -> list[ColumnElement[bool]]:
    """The conditions of the filters, but one that is met in another way. Raises Unsupported."""
    collection, parameters, when = question.collection, question.parameters, question.when
    found: list[ColumnElement[bool]] = []
    if "id" in parameters:
        found.append(Version.record_id.in_(split("id", parameters["id"])))
    if "name" in parameters:
        names = split("name", parameters["name"])
        found.append(or_(*(Version.names_folded.contains(name.casefold(), autoescape=True) for name in names)))
    for name, by in filters(collection).items():
        if name in parameters and name != apart_from:
            found += _pointing(connection, question, name, by)
    found += _column_conditions(question)
    if "evidence_from" in parameters:
        found.append(_shown_since(days_of(parameters, "evidence_from"), when))
    for name, state in collection.states.items():
        if name in parameters and name != apart_from:
            values = [choose(name, value, state.values) for value in split(name, parameters[name])]
            found.append(or_(*(has_state(name, value, state, when) for value in values)))
    return found


def _column_conditions(question: Question) -> Iterator[ColumnElement[bool]]:
    collection, parameters = question.collection, question.parameters
    for name in collection.scalars:
        if name in parameters:
            yield _equal(question, name, split(name, parameters[name]))
    for name in collection.dates:
        _refuse_backwards(parameters, name)
        if f"{name}_from" in parameters:
            yield date_column(collection, name, "latest") >= days_of(parameters, f"{name}_from").earliest
        if f"{name}_to" in parameters:
            # "+ 0": an index that begins with this day would be taken instead of that of the order
            yield date_column(collection, name, "earliest") + 0 <= days_of(parameters, f"{name}_to").latest


def _shown_since(days: Span, when: Clock) -> ColumnElement[bool]:
    """Records whose last evidence is not before these days."""
    row = aliased(Answer)  # the answers themselves may be asked for
    own = exists().where(row.record_pk == Version.record_pk, recorded_at(row, when.revision))
    return own.where(row.evidence_day >= days.earliest)


def _refuse_backwards(parameters: Parameters, name: str) -> None:
    """Raise Unsupported for days from one that is after the last: no record can fit."""
    first, last = f"{name}_from", f"{name}_to"
    if first not in parameters or last not in parameters:
        return
    if days_of(parameters, first).earliest > days_of(parameters, last).latest:
        raise invalid(first, f"lies after {last}; exchange them")


def date_column(collection: Collection, name: str, end: str) -> Any:
    """The column of one end of a date: "earliest" or "latest"."""
    return getattr(collection.table, f"{name}_{end}")


def days_of(parameters: Parameters, name: str) -> Span:
    """The days that a parameter names. Raises Unsupported for a date that is none."""
    try:
        return parse_as_of(parameters[name])
    except UnsupportedDateError as error:
        raise invalid(name, str(error), "unsupported-date") from error


def _equal(question: Question, name: str, values: list[str]) -> ColumnElement[bool]:
    column: ColumnElement[Any] = getattr(question.collection.table, name)
    known = choices(question.collection, name)
    if known:
        # of a sorted list, not by the index of this word, but by that of the order
        found = column.concat("") if question.sort else column
        return found.in_([choose(name, value, known) for value in values])
    return func.lower(column).in_([value.lower() for value in values])


def _pointing(connection: Connection, question: Question, name: str, by: By) -> Iterator[ColumnElement[bool]]:
    """Records that point to any of the targets; with `all:`, to each of them."""
    value = question.parameters[name]
    each = value.startswith("all:")
    values = split(name, value.removeprefix("all:"))
    groups = [targets(connection, question, name, by, item) for item in values]
    if each:
        yield from (_points_to(question, by, group) for group in groups)
    else:
        yield _points_to(question, by, [pk for group in groups for pk in group])


def _points_to(question: Question, by: By, pks: list[int]) -> ColumnElement[bool]:
    kind = question.collection.type
    row = aliased(PeriodRow)  # the list itself may be read off the periods
    direct = exists().where(
        *_relation(question, row, Version.record_pk, [f"{kind}.{field}" for field in by.fields]), _one_of(row, pks)
    )
    return or_(direct, _round_about(question, by.detour, pks)) if by.detour else direct


def _round_about(question: Question, detour: Detour, pks: list[int]) -> ColumnElement[bool]:
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


def _one_of(row: Any, pks: list[int]) -> ColumnElement[bool]:
    # "+ 0": by the record's few relations, never by all that point to the target
    found: ColumnElement[bool] = (row.target_pk + 0).in_(pks or [-1])
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


def named(connection: Connection, name: str, types: tuple[str, ...], value: str) -> list[int]:
    """The records that "id" or "type:id" in a parameter names. Raises Unsupported for a value unknown."""
    kind, _, slug = value.rpartition(":")
    asked = select(Record.pk).where(Record.collection.in_((kind,) if kind in types else types), Record.id == slug)
    pks = list(connection.scalars(asked)) if not kind or kind in types else []
    if not pks:
        missing = MissingRecord(slug[:120] if kind in types else value[:120], types)
        raise invalid(name, f"no {' or '.join(types)} '{value[:120]}'", missing=missing)
    return pks


def targets(connection: Connection, question: Question, name: str, by: By, value: str) -> list[int]:
    """The records that a filter's value names, narrower ones included. Raises Unsupported for a value unknown."""
    if (name, value) not in question.known:
        question.known[name, value] = _looked_up(connection, question, name, by, value)
    return question.known[name, value]


def _looked_up(connection: Connection, question: Question, name: str, by: By, value: str) -> list[int]:
    pks = named(connection, name, by.types, value)
    return with_narrower(connection, pks, f"{by.types[0]}.{by.narrower}", question.when) if by.narrower else pks


def with_narrower(connection: Connection, pks: Iterable[int], broader: str, when: Clock) -> list[int]:
    """The records, and all below them: what points to one of them in the field `broader`, and so on."""
    found = list(pks)
    frontier = found
    while frontier:
        below = select(Pointer.record_pk).where(
            Pointer.field == broader, Pointer.target_pk.in_(frontier), recorded_at(Pointer, when.revision)
        )
        frontier = [pk for pk in connection.scalars(below) if pk not in found]
        found = found + frontier
    return found

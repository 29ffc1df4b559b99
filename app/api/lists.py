"""Lists: filters, sorting and pages, made from what a collection says of itself."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
)

from app.api.parameters import Parameters, choose, invalid, split
from app.registry.collection import By, Collection
from app.registry.dates import Presence, Span, UnsupportedDateError, parse_as_of
from app.registry.queries import Clock, held_on, recorded_at
from app.registry.reading import suggest
from app.registry.records import Answer, Pointer, Record, Version

DEFAULT_LIMIT, MOST_ITEMS = 50, 200
CERTAINTIES = (Presence.CERTAIN, Presence.PRESUMED, Presence.POSSIBLE)
CLOCKS = ("as_of", "known_at")
SHAPING = ("sort", "fields", "limit", "cursor", "certainty", "format")
CITED = By(("citations",), ("source",), "Records that cite this source.")


class Question(NamedTuple):
    """A list asked for: which records, in which order, from where on."""

    collection: Collection
    parameters: Parameters
    when: Clock
    weakest: Presence
    sort: tuple[tuple[str, bool], ...]
    limit: int
    after: list[Any] | None


class Key(NamedTuple):
    """One expression that a list is sorted by."""

    expression: ColumnElement[Any]
    descending: bool


def filters(collection: Collection) -> dict[str, By]:
    """The reference filters of a collection."""
    return {**collection.by, "source": CITED}


@lru_cache(maxsize=64)
def parameter_names(collection: Collection) -> tuple[str, ...]:
    """Every parameter that a list of the collection takes."""
    ranges = (f"{name}_{end}" for name in collection.dates for end in ("from", "to"))
    return (*CLOCKS, *SHAPING, "id", "name", *filters(collection), *collection.scalars, *collection.states, *ranges)


def ask(collection: Collection, parameters: Parameters, when: Clock, after: list[Any] | None) -> Question:
    """The question that the parameters put. Raises Unsupported."""
    certainty = parameters.get("certainty")
    if certainty and not when.days:
        raise invalid("certainty", "needs as_of: presence is asked of a day")
    weakest = Presence(choose("certainty", certainty, CERTAINTIES)) if certainty else Presence.POSSIBLE
    sort = tuple(_sort_keys(collection, parameters.get("sort")))
    return Question(collection, parameters, when, weakest, sort, limit_of(parameters), after)


def limit_of(parameters: Parameters) -> int:
    """How many items a page holds. Raises Unsupported."""
    text = parameters.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ITEMS):
        raise invalid("limit", f"is not a whole number from 1 to {MOST_ITEMS}")
    return int(text)


def sortable(collection: Collection) -> tuple[str, ...]:
    """What a list can be sorted by."""
    return ("id", "name", "revision", *collection.scalars, *collection.dates)


def _sort_keys(collection: Collection, text: str | None) -> Iterator[tuple[str, bool]]:
    for name in split("sort", text) if text else ():
        yield choose("sort", name.removeprefix("-"), sortable(collection)), name.startswith("-")


def chosen_fields(collection: Collection, text: str | None) -> list[str] | None:
    """The fields to show, None for all. Raises Unsupported."""
    if text is None:
        return None
    known = [field.name for field in collection.plan.fields]
    return [choose("fields", name, known) for name in split("fields", text)]


def conditions(connection: Connection, question: Question) -> list[ColumnElement[bool]]:
    """What the versions asked for have in common. Raises Unsupported."""
    collection, parameters, when = question.collection, question.parameters, question.when
    found = [Version.collection == collection.type, recorded_at(Version, when.revision)]
    if when.days:
        found.append(held_on(Version, when.days, question.weakest))
    if "id" in parameters:
        found.append(Version.record_id.in_(split("id", parameters["id"])))
    if "name" in parameters:
        names = split("name", parameters["name"])
        found.append(or_(*(Version.names_folded.contains(name.casefold(), autoescape=True) for name in names)))
    for name, by in filters(collection).items():
        if name in parameters:
            found += _pointing(connection, question, name, by)
    found += _column_conditions(collection, parameters)
    for name, state in collection.states.items():
        if name in parameters:
            values = [choose(name, value, state.values) for value in split(name, parameters[name])]
            found.append(or_(*(state.condition(value, when.revision, when.days) for value in values)))
    return found


def _column_conditions(collection: Collection, parameters: Parameters) -> Iterator[ColumnElement[bool]]:
    for name in collection.scalars:
        if name in parameters:
            yield _equal(collection, name, split(name, parameters[name]))
    for name in collection.dates:
        if f"{name}_from" in parameters:
            yield _date_column(collection, name, "latest") >= _days(parameters, f"{name}_from").earliest
        if f"{name}_to" in parameters:
            yield _date_column(collection, name, "earliest") <= _days(parameters, f"{name}_to").latest


def _date_column(collection: Collection, name: str, end: str) -> Any:
    return getattr(collection.table, f"{name}_{end}")


def _days(parameters: Parameters, name: str) -> Span:
    try:
        return parse_as_of(parameters[name])
    except UnsupportedDateError as error:
        raise invalid(name, str(error), "unsupported-date") from error


def choices(collection: Collection, name: str) -> list[str] | None:
    """The values that a field can have, None where it is free text."""
    annotation = collection.plan.field(name).annotation
    listed = isinstance(annotation, type) and issubclass(annotation, StrEnum)
    return [item.value for item in annotation] if listed else None


def _equal(collection: Collection, name: str, values: list[str]) -> ColumnElement[bool]:
    column: ColumnElement[Any] = getattr(collection.table, name)
    known = choices(collection, name)
    if known:
        return column.in_([choose(name, value, known) for value in values])
    return func.lower(column).in_([value.lower() for value in values])


def _pointing(connection: Connection, question: Question, name: str, by: By) -> Iterator[ColumnElement[bool]]:
    """Records that point to any of the targets; with `all:`, to each of them."""
    value = question.parameters[name]
    each = value.startswith("all:")
    values = split(name, value.removeprefix("all:"))
    groups = [_targets(connection, question, name, by, item) for item in values]
    if each:
        yield from (_points_to(question, by, group) for group in groups)
    else:
        yield _points_to(question, by, [pk for group in groups for pk in group])


def _points_to(question: Question, by: By, targets: list[int]) -> ColumnElement[bool]:
    fields = [f"{question.collection.type}.{field}" for field in by.fields]
    asked = exists().where(
        Pointer.version_pk == Version.pk, Pointer.field.in_(fields), Pointer.target_pk.in_(targets or [-1])
    )
    if question.when.days:
        asked = asked.where(held_on(Pointer, question.when.days, question.weakest))
    return asked


def _targets(connection: Connection, question: Question, name: str, by: By, value: str) -> list[int]:
    """The records that a filter's value names, narrower ones included. Raises Unsupported for a value unknown."""
    kind, _, slug = value.rpartition(":")
    types = (kind,) if kind in by.types else by.types
    asked = select(Record.pk).where(Record.collection.in_(types), Record.id == slug)
    pks = list(connection.scalars(asked)) if not kind or kind in by.types else []
    if not pks:
        known = select(Record.id).where(
            Record.collection.in_(by.types), Record.id.startswith(slug[:2], autoescape=True)
        )
        near = suggest(slug, connection.scalars(known.limit(2000)))
        raise invalid(name, f"no {' or '.join(by.types)} '{value[:120]}'{near if 'mean' in near else ''}")
    frontier = pks if by.narrower else []
    while frontier:
        below = select(Pointer.record_pk).where(
            Pointer.field == f"{types[0]}.{by.narrower}",
            Pointer.target_pk.in_(frontier),
            recorded_at(Pointer, question.when.revision),
        )
        frontier = [pk for pk in connection.scalars(below) if pk not in pks]
        pks += frontier
    return pks


_SHARED_KEYS: dict[str, Any] = {
    "id": Version.record_id,
    "name": Version.names_folded,
    "revision": Version.recorded_from,
}


def order(question: Question) -> list[Key]:
    """The expressions a list is sorted by: dates by earliest, then latest, not recorded last; ties by id."""
    keys: list[Key] = []
    for name, descending in question.sort:
        if name in question.collection.dates:
            bounds = [_date_column(question.collection, name, end) for end in ("earliest", "latest")]
            keys.append(Key(case((bounds[0].is_(None), 1), else_=0), False))
            keys += (Key(func.coalesce(bound, -1), descending) for bound in bounds)
        elif name in question.collection.scalars:
            column = getattr(question.collection.table, name)
            keys.append(Key(case((column.is_(None), 1), else_=0), False))
            keys.append(Key(func.coalesce(column, ""), descending))
        else:
            keys.append(Key(_SHARED_KEYS[name], descending))
    if not any(name == "id" for name, _ in question.sort):
        keys.append(Key(Version.__table__.c.record_id, False))
    return keys


def _later(keys: list[Key], after: Iterable[Any]) -> ColumnElement[bool]:
    """Behind the item with the sort keys `after`, each key in its own direction."""
    behind: ColumnElement[bool] = false()
    for key, value in reversed(list(zip(keys, after, strict=True))):
        past = key.expression < value if key.descending else key.expression > value
        behind = past if behind is false() else or_(past, and_(key.expression == value, behind))
    return behind


def page(connection: Connection, question: Question, found: list[ColumnElement[bool]]) -> list[Any]:
    """The rows of a page and one more, if there is one: body, periods, then the sort keys."""
    keys = order(question)
    asked = _from(question, select(Answer.body, Answer.periods, *(key.expression for key in keys)))
    asked = asked.join(
        Answer, and_(Answer.record_pk == Version.record_pk, recorded_at(Answer, question.when.revision))
    ).where(*found)
    if question.after is not None:
        asked = asked.where(_later(keys, question.after))
    asked = asked.order_by(*(key.expression.desc() if key.descending else key.expression for key in keys))
    return list(connection.execute(asked.limit(question.limit + 1)))


def total(connection: Connection, question: Question, found: list[ColumnElement[bool]]) -> int:
    """How many records there are in all."""
    return int(connection.execute(_from(question, select(func.count())).where(*found)).scalar_one())


def _from(question: Question, asked: Select[Any]) -> Select[Any]:
    """Versions, with the collection's own columns where the question needs them."""
    table = question.collection.table
    own = {*question.collection.scalars, *question.collection.dates, *question.collection.states}
    used = {name for name, _ in question.sort} | {
        name.removesuffix("_from").removesuffix("_to") for name in question.parameters
    }
    asked = asked.select_from(Version)
    return asked.join(table, table.version_pk == Version.pk) if own & used else asked

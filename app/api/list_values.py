"""What the filters of a list say, read and looked up: numbers, texts and keys of records, by the names of parameters.

The SQL of a list is made of their names alone, and so is made once for all lists that are filtered alike.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.api.list_parameters import choices, filters
from app.api.parameters import Parameters, choose, invalid, split
from app.prepared_statements import PreparedStatement
from app.registry.clocks import recorded_at
from app.registry.collection import By, Collection
from app.registry.dates import Span, UnsupportedDateError, parse_as_of
from app.registry.problems import MissingRecord
from app.registry.records import Pointer, Record
from app.registry.serving.statements import Clock

Values = dict[str, Any]
"""`{"force": [17], "started_from": 733407}`; of a filter of which all must hold, a list for each: `force_all_0`."""
ALL = "_all_"
_NAMED = PreparedStatement(
    select(Record.pk).where(Record.collection.in_(bindparam("types", expanding=True)), Record.id == bindparam("id"))
)
_BELOW = PreparedStatement(
    select(Pointer.record_pk).where(
        Pointer.field == bindparam("field"),
        Pointer.target_pk.in_(bindparam("keys", expanding=True)),
        recorded_at(Pointer, bindparam("revision")),
    )
)


def filter_values(connection: Connection, collection: Collection, parameters: Parameters, when: Clock) -> Values:
    """What the filters of a list say. Raises Unsupported for a value that is none, or names nothing."""
    found = dict(_named_records(parameters))
    for name, by in filters(collection).items():
        if name in parameters:
            found |= _pointed_to(connection, name, by, parameters[name], when)
    return found | dict(_own_fields(collection, parameters))


def _named_records(parameters: Parameters) -> Iterator[tuple[str, Any]]:
    if "id" in parameters:
        yield "id", split("id", parameters["id"])
    if "name" in parameters:
        for place, name in enumerate(split("name", parameters["name"])):
            yield f"name_{place}", f"%{_plain(name.casefold())}%"


def _own_fields(collection: Collection, parameters: Parameters) -> Iterator[tuple[str, Any]]:
    """What is asked of the words, dates and states of the records themselves."""
    for name in collection.scalars:
        if name in parameters:
            yield name, _words(collection, name, split(name, parameters[name]))
    for name in collection.dates:
        yield from _bounds(parameters, name)
    if "evidence_from" in parameters:
        yield "evidence_from", days_of(parameters, "evidence_from").earliest
    for name, state in collection.states.items():
        for value in split(name, parameters[name]) if name in parameters else ():
            choose(name, value, state.values)


def _plain(text: str) -> str:
    """A text in a LIKE pattern, whose signs mean themselves."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _pointed_to(connection: Connection, name: str, by: By, text: str, when: Clock) -> Values:
    """The records that are to be pointed to: any of them; with `all:`, one of each list."""
    groups = [_targets(connection, name, by, item, when) for item in split(name, text.removeprefix("all:"))]
    if text.startswith("all:"):
        return {f"{name}{ALL}{place}": group for place, group in enumerate(groups)}
    return {name: [pk for group in groups for pk in group]}


def groups_of(values: Mapping[str, Any], name: str) -> Iterator[Any]:
    """The lists of records of which one each must be pointed to."""
    yield from (value for key, value in values.items() if key == name or key.startswith(name + ALL))


def _words(collection: Collection, name: str, values: list[str]) -> list[str]:
    known = choices(collection, name)
    return [choose(name, value, known) if known else value.lower() for value in values]


def _bounds(parameters: Parameters, name: str) -> Iterator[tuple[str, int]]:
    """The first and the last day that a date may lie on. Raises Unsupported where no record can fit."""
    first, last = f"{name}_from", f"{name}_to"
    if first in parameters:
        yield first, days_of(parameters, first).earliest
    if last in parameters:
        yield last, days_of(parameters, last).latest
        if first in parameters and days_of(parameters, first).earliest > days_of(parameters, last).latest:
            raise invalid(first, f"lies after {last}; exchange them")


def days_of(parameters: Parameters, name: str) -> Span:
    """The days that a parameter names. Raises Unsupported for a date that is none."""
    try:
        return parse_as_of(parameters[name])
    except UnsupportedDateError as error:
        raise invalid(name, str(error), "unsupported-date") from error


def named(connection: Connection, name: str, types: tuple[str, ...], value: str) -> list[int]:
    """The records that "id" or "type:id" in a parameter names. Raises Unsupported for a value unknown."""
    kind, _, slug = value.rpartition(":")
    asked = [kind] if kind in types else list(types)
    pks = _NAMED.scalars(connection, types=asked, id=slug) if not kind or kind in types else []
    if not pks:
        missing = MissingRecord(slug[:120] if kind in types else value[:120], types)
        raise invalid(name, f"no {' or '.join(types)} '{value[:120]}'", missing=missing)
    return pks


def _targets(connection: Connection, name: str, by: By, value: str, when: Clock) -> list[int]:
    """The records that a filter's value names, narrower ones included. Raises Unsupported for a value unknown."""
    pks = named(connection, name, by.types, value)
    return with_narrower(connection, pks, f"{by.types[0]}.{by.narrower}", when) if by.narrower else pks


def with_narrower(connection: Connection, pks: Iterable[int], broader: str, when: Clock) -> list[int]:
    """The records, and all below them: what points to one of them in the field `broader`, and so on."""
    found = list(pks)
    frontier = found
    while frontier:
        below = _BELOW.scalars(connection, field=broader, keys=frontier, revision=when.revision)
        frontier = [pk for pk in below if pk not in found]
        found = found + frontier
    return found

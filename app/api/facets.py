"""`facets` of a list: how many of its records have which value, and how sure it is that each has.

A value is counted as the list would give it: its counts are the totals of the same list with that filter besides, asked
with `certainty`. So a record counts by the weaker of its own presence and those of the relations that it is found by.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.api import lists
from app.api.list_parameters import filters
from app.api.parameters import choose, split
from app.registry.clocks import held_on, own_period, recorded_at
from app.registry.collection import By, Catalogue, Collection
from app.registry.dates import EVER, Span
from app.registry.documents.canonical import Document
from app.registry.presence import SHOWN, Presence
from app.registry.records import PeriodRow, Pointer, Record, Version
from app.registry.serving.references import references

MOST_VALUES = 200
"""Values of one facet that are shown, those of the most records first."""

LevelCounts = dict[Presence, int]
"""How many records there are at least as surely as that."""


class PresenceLevel(NamedTuple):
    """One level of presence: the days that relations are asked about, and the conditions of the list at that level."""

    presence: Presence
    days: Span
    conditions: Sequence[ColumnElement[bool]]


def facet_names(collection: Collection) -> tuple[str, ...]:
    """What the records of a collection can be counted by: the filters on references, fields and states.

    Not those that also find a record by a detour, through what it covers: they are no count of its own relations.
    """
    direct = (name for name, by in filters(collection).items() if by.detour is None)
    return (*direct, *collection.scalars, *collection.states)


def facets(connection: Connection, catalogue: Catalogue, question: lists.Question, text: str) -> Document:
    """The facets that `text` names: `{"kind": [{"kind": "unit", "count": {"certain": 8, …}}]}`. Raises Unsupported."""
    collection = question.collection
    names = [choose("facets", name, facet_names(collection)) for name in split("facets", text)]
    levels = list(_levels(connection, question))
    return {name: _facet(connection, catalogue, question, name, levels) for name in names}


def _levels(connection: Connection, question: lists.Question) -> Iterator[PresenceLevel]:
    """The list at each presence that it includes. Without `as_of`, by the strongest presence that each ever had."""
    for presence in SHOWN[: SHOWN.index(question.weakest) + 1]:
        asked = question._replace(weakest=presence)
        conditions = lists.conditions(connection, asked)
        if not question.when.days:
            conditions += _ever(connection, asked)
        yield PresenceLevel(presence, question.when.days or EVER, conditions)


def _ever(connection: Connection, question: lists.Question) -> list[ColumnElement[bool]]:
    """At some time as sure as the question asks, and the relations too by which it is found."""
    row, by = aliased(PeriodRow), filters(question.collection)
    own = own_period(Version.record_pk, question.when.revision, row)
    relations = {name: value for name, value in question.parameters.items() if name in by}
    asked = question._replace(parameters=relations, when=question.when._replace(days=EVER))
    held = select(row.record_pk).where(own, held_on(row, EVER, question.weakest)).exists()
    return [held, *lists.filtered(asked, lists.read(connection, asked))]


def _facet(
    connection: Connection, catalogue: Catalogue, question: lists.Question, name: str, levels: Iterable[PresenceLevel]
) -> list[Document]:
    by = filters(question.collection).get(name)
    found: dict[Any, LevelCounts] = {}
    for level in levels:
        for value, count in _counted(connection, question, name, level):
            found.setdefault(value, {})[level.presence] = count
    most = sorted(found, key=lambda value: (-max(found[value].values()), value))[:MOST_VALUES]
    revision = question.when.revision
    shown: Mapping[Any, Any] = (
        references(connection, catalogue, most, revision) if by else {value: value for value in most}
    )
    return [{name: shown[value], "count": _by_presence(found[value])} for value in most]


def _by_presence(at_least: LevelCounts) -> Document:
    """Each record once, by its strongest presence."""
    counts, before = {}, 0
    for presence in SHOWN:
        surely = max(at_least.get(presence, 0), before)
        counts[str(presence)], before = surely - before, surely
    return counts


def _counted(
    connection: Connection, question: lists.Question, name: str, level: PresenceLevel
) -> Iterator[tuple[Any, int]]:
    """Each value and the number of records that have it, at that level; a value that none has is left out."""
    collection = question.collection
    if by := filters(collection).get(name):
        asked = _by_target(question, by, level)
    elif name in collection.scalars:
        column = getattr(collection.table, name)
        asked = _listed(question, select(column, func.count()), level).where(column.is_not(None)).group_by(column)
    else:
        yield from _by_state(connection, question, name, level)
        return
    yield from ((row[0], row[1]) for row in connection.execute(asked))


def _listed(question: lists.Question, asked: Select[Any], level: PresenceLevel) -> Select[Any]:
    """The records of the list."""
    table = question.collection.table
    joined = asked.select_from(Version).join(table, table.version_pk == Version.pk)
    return joined.where(*level.conditions)


def _by_target(question: lists.Question, by: By, level: PresenceLevel) -> Select[Any]:
    """Records by what they point to, and by what that is a narrower one of."""
    row, revision = aliased(PeriodRow), question.when.revision
    fields = [f"{question.collection.type}.{field}" for field in by.fields]
    wider = _wider(by, revision)
    asked = _listed(question, select(wider.c.value, func.count(Version.record_pk.distinct())), level)
    asked = asked.join(row, and_(row.record_pk == Version.record_pk, recorded_at(row, revision)))
    asked = asked.join(wider, wider.c.target == row.target_pk)
    return asked.where(row.field.in_(fields), held_on(row, level.days, level.presence)).group_by(wider.c.value)


def _wider(by: By, revision: int) -> Any:
    """Each target with itself and with all that it is a narrower one of."""
    own = select(Record.pk.label("target"), Record.pk.label("value")).where(Record.collection.in_(by.types))
    if not by.narrower:
        return own.subquery()
    found = own.cte(recursive=True)
    field = f"{by.types[0]}.{by.narrower}"
    above = select(found.c.target, Pointer.target_pk).join(Pointer, Pointer.record_pk == found.c.value)
    return found.union(above.where(Pointer.field == field, recorded_at(Pointer, revision)))


def _by_state(
    connection: Connection, question: lists.Question, name: str, level: PresenceLevel
) -> Iterator[tuple[Any, int]]:
    state = question.collection.states[name]
    for value in state.values:
        asked = _listed(question, select(func.count()), level)
        met = lists.has_state(name, value, state, question.when)
        if count := connection.execute(asked.where(met)).scalar_one():
            yield str(value), count

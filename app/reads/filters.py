"""Filters of views: which records have to do with a force, a body, an alliance, a unit, a person or a source."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.api import query_models
from app.api.list_values import named, with_narrower
from app.api.parameters import Parameters, choose, split
from app.api.view import Parameter
from app.catalogue import CATALOGUE
from app.reads.snapshots import pointing
from app.registry.chunks import chunked
from app.registry.documents.references import Ref
from app.registry.records import Record
from app.registry.serving.statements import Clock

_ORGANISED = (
    "joint-unit.participants",
    "alliance.participants",
    "agreement.parties",
    "business-case.approvers",
    "governance-body.oversees",
    "governance-body.members",
    "decision.body",
    "decision.subject",
    "appointment.body",
    "claim.scope",
    "claim.subject",
    "force.successors",
    "governance-body.successors",
)
_ACTED = ("decision.body", "decision.subject", "appointment.body", "agreement.parties", "business-case.approvers")
_BELONGING = (
    "joint-unit.alliance",
    "alliance.part_of",
    "agreement.covers",
    "business-case.alliance",
    "decision.subject",
    "business-case.proposes",
    "claim.subject",
    "governance-body.oversees",
    "appointment.body",
)
_DOING = ("joint-unit.functions", "alliance.scope", "agreement.covers", "business-case.functions", "claim.subject")
# not by belonging: an alliance that names a function has units of other functions
_ABOUT = ("agreement.covers", "business-case.proposes", "decision.subject", "claim.subject")


class RelationFilter(NamedTuple):
    """A filter: what it names, and the fields by which other records belong to that, step by step.

    A decision on an agreement that covers a unit belongs to the unit in two steps.
    """

    types: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
    text: str
    broader: str | None = None
    """The field by which what is named is sorted into wider ones: what concerns a narrower one concerns it too."""


FORCE = RelationFilter(
    ("force",), (_ORGANISED, _ACTED, ("decision.subject",)), "What concerns this force, or what it is in."
)
RELATION_FILTERS: Mapping[str, RelationFilter] = {
    "force": FORCE,
    "body": RelationFilter(("governance-body",), FORCE.steps, "What concerns this governance body, or what it is in."),
    "alliance": RelationFilter(
        ("alliance",), (_BELONGING, _BELONGING, _BELONGING), "What concerns this alliance, or what belongs to it."
    ),
    "function": RelationFilter(
        ("function",),
        (_DOING, _ABOUT, ("decision.subject",)),
        "What concerns this function or a narrower one.",
        broader="function.broader",
    ),
    "unit": RelationFilter(("joint-unit",), (_BELONGING, ("decision.subject",)), "What concerns this joint unit."),
    "person": RelationFilter(("person",), (("appointment.person",),), "What concerns this person."),
}
EVERY_TYPE = tuple(CATALOGUE.by_type)


class MatchedRecords(NamedTuple):
    """What a filter lets through: the records that it names, and all that belong to them."""

    refs: frozenset[Ref]
    pks: frozenset[int]


def matching(connection: Connection, parameters: Parameters, when: Clock, names: Iterable[str]) -> list[MatchedRecords]:
    """What each of these filters lets through, where it is given. Raises Unsupported for a value unknown."""
    found = []
    for name in names:
        if name in parameters:
            about = RELATION_FILTERS[name]
            pks = any_named(connection, parameters, name, about.types)
            if about.broader:
                pks = set(with_narrower(connection, pks, about.broader, when))
            found.append(MatchedRecords(_refs(connection, pks), _closure(connection, pks, about, when)))
    return found


def any_named(connection: Connection, parameters: Parameters, name: str, types: tuple[str, ...]) -> set[int]:
    """The records that the values of a parameter name. Raises Unsupported for a value unknown."""
    return {pk for value in split(name, parameters[name]) for pk in named(connection, name, types, value)}


def slugs(connection: Connection, parameters: Parameters, name: str, types: tuple[str, ...]) -> frozenset[str] | None:
    """The ids that a parameter names, None where it is not given. Raises Unsupported for a value unknown."""
    if name not in parameters:
        return None
    return frozenset(ref.id for ref in _refs(connection, any_named(connection, parameters, name, types)))


def restrict(connection: Connection, parameters: Parameters, when: Clock, pks: set[int]) -> set[int]:
    """Of these records, those that `type`, `subject` and `force` ask for. Raises Unsupported for a value unknown."""
    for each in matching(connection, parameters, when, ("force",)):
        pks = pks & each.pks
    if "subject" in parameters:
        pks = pks & any_named(connection, parameters, "subject", EVERY_TYPE)
    types = chosen(parameters, "type", EVERY_TYPE)
    return pks if types is None else {pk for chunk in chunked(sorted(pks)) for pk in _typed(connection, chunk, types)}


def _typed(connection: Connection, pks: Iterable[int], types: set[str]) -> Iterable[int]:
    return connection.scalars(select(Record.pk).where(Record.pk.in_(list(pks)), Record.collection.in_(sorted(types))))


def chosen(parameters: Parameters, name: str, known: Iterable[str]) -> set[str] | None:
    """The values of a parameter, None where it is not given. Raises Unsupported for a value unknown."""
    known = list(known)
    return {choose(name, value, known) for value in split(name, parameters[name])} if name in parameters else None


def list_parameter(text: str, values: Iterable[str] = (), *, each: bool = False) -> Parameter:
    """The description of a filter that takes several values; `each`: with `all:` in front, all of them."""
    listed = list(values)
    item = {"type": "string", "enum": listed} if listed else {"type": "string"}
    return Parameter(query_models.several(text, each=each), {"type": "array", "items": item})


def relation_parameters(*names: str) -> dict[str, Parameter]:
    """The descriptions of filters by what records have to do with."""
    return {name: list_parameter(RELATION_FILTERS[name].text) for name in names}


def _refs(connection: Connection, pks: Iterable[int]) -> frozenset[Ref]:
    found: set[Ref] = set()
    for chunk in chunked(sorted(pks)):
        asked = select(Record.collection, Record.id).where(Record.pk.in_(chunk))
        found.update(Ref(kind, slug) for kind, slug in connection.execute(asked))
    return frozenset(found)


def _closure(connection: Connection, pks: set[int], about: RelationFilter, when: Clock) -> frozenset[int]:
    found, frontier = set(pks), set(pks)
    for fields in about.steps:
        frontier = {arrow.record_pk for arrow in pointing(connection, when, frontier, fields)} - found
        found |= frontier
    return frozenset(found)

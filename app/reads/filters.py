"""Filters of views: which records have to do with a force, a body, an alliance, a unit, a person or a source."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import CompoundSelect, Connection, Select, select, union_all
from sqlalchemy.orm import aliased

from app.api import query_models
from app.api.list_values import named, with_narrower
from app.api.parameters import Parameters, choose, split
from app.api.view import Parameter
from app.catalogue import CATALOGUE
from app.registry.chunks import chunked
from app.registry.clocks import recorded_at
from app.registry.documents.references import Ref
from app.registry.records import Pointer, Record
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


Keys = Sequence[int] | CompoundSelect[int]
"""Keys of records; of very many, what asks for them."""
FEW = 1_000


class MatchedRecords(NamedTuple):
    """What a filter lets through: the records that it names, and all that belong to them, these among them."""

    refs: frozenset[Ref]
    named: frozenset[int]
    belonging: Keys


def matching(connection: Connection, parameters: Parameters, when: Clock, names: Iterable[str]) -> list[MatchedRecords]:
    """What each of these filters lets through, where it is given. Raises Unsupported for a value unknown."""
    found = []
    for name in names:
        if name in parameters:
            about = RELATION_FILTERS[name]
            pks = any_named(connection, parameters, name, about.types)
            if about.broader:
                pks = set(with_narrower(connection, pks, about.broader, when))
            belonging = _belonging(connection, pks, about, when)
            found.append(MatchedRecords(_refs(connection, pks), frozenset(pks), belonging))
    return found


def any_named(connection: Connection, parameters: Parameters, name: str, types: tuple[str, ...]) -> set[int]:
    """The records that the values of a parameter name. Raises Unsupported for a value unknown."""
    return {pk for value in split(name, parameters[name]) for pk in named(connection, name, types, value)}


def slugs(connection: Connection, parameters: Parameters, name: str, types: tuple[str, ...]) -> frozenset[str] | None:
    """The ids that a parameter names, None where it is not given. Raises Unsupported for a value unknown."""
    if name not in parameters:
        return None
    return frozenset(ref.id for ref in _refs(connection, any_named(connection, parameters, name, types)))


def restricted(connection: Connection, parameters: Parameters, when: Clock) -> set[int] | None:
    """The records that `subject` and `force` ask for, None for all. Raises Unsupported for a value unknown."""
    found: set[int] | None = None
    for each in matching(connection, parameters, when, ("force",)):
        asked = each.belonging
        found = set(connection.scalars(asked) if isinstance(asked, CompoundSelect) else asked)
    if "subject" in parameters:
        named = any_named(connection, parameters, "subject", EVERY_TYPE)
        found = named if found is None else found & named
    return found


def restrict(connection: Connection, parameters: Parameters, when: Clock, pks: set[int]) -> set[int]:
    """Of these records, those that `type`, `subject` and `force` ask for. Raises Unsupported for a value unknown."""
    within = restricted(connection, parameters, when)
    pks = pks if within is None else pks & within
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


def _belonging(connection: Connection, pks: set[int], about: RelationFilter, when: Clock) -> Keys:
    steps: list[Select[int]] = [select(Record.pk).where(Record.pk.in_(sorted(pks)))]
    for fields in about.steps:
        row, before = aliased(Pointer), steps[-1].cte()
        steps.append(
            select(row.record_pk).where(
                row.target_pk.in_(select(before.c[0])), row.field.in_(fields), recorded_at(row, when.revision)
            )
        )
    asked = union_all(*(select(step.cte().c[0]) for step in steps))
    few = list(connection.scalars(asked.limit(FEW + 1)))
    return asked if len(few) > FEW else sorted(set(few))

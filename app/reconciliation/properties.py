"""The properties of records: the columns of their CSV, the filters of their lists, and their ids in other schemes."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from app.api.list_parameters import filters
from app.reads.snapshots import RecordSnapshot
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.documents.plan import OF_PRESENCE, FieldPlan, Kind, Plan
from app.registry.documents.values import one_or_many

SCHEME = "identifiers."
"""What the property of an identifier scheme begins with: `identifiers.gss`."""


class Property(NamedTuple):
    """One property: its id and description, what it holds, and for references the types they lead to."""

    id: str
    text: str
    kind: Kind
    types: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its id as people would write it: "Participants: organisation"."""
        return self.id.replace(".", ": ").replace("_", " ").capitalize()

    @property
    def shown(self) -> Document:
        """The property as the service names it."""
        return {"id": self.id, "name": self.name, "description": self.text}


@lru_cache(maxsize=64)
def properties(collection: Collection) -> dict[str, Property]:
    """The properties of a collection's records by their ids, references to other records first."""
    found = {name: Property(name, by.text, Kind.REFERENCE, by.types) for name, by in filters(collection).items()}
    for one in (*_of_plan(collection.plan, "", deep=False), *_of_plan(collection.plan, "", deep=True)):
        found.setdefault(one.id, one)
    return found


def _of_plan(plan: Plan, prefix: str, *, deep: bool) -> Iterator[Property]:
    """The fields of a shape; with `deep`, those of its parts instead."""
    for field in plan.fields:
        if field.name in OF_PRESENCE:
            continue
        if field.part and deep:
            inner = f"{prefix}{field.name}."
            yield from (*_of_plan(field.part, inner, deep=False), *_of_plan(field.part, inner, deep=True))
        elif not field.part and not deep:
            text = plan.shape.model_fields[field.attribute].description or ""
            yield Property(prefix + field.name, text, field.kind, field.target.types if field.target else ())


def property_of(collection: Collection, pid: str) -> Property | None:
    """The property of that id, where the collection's records can have it."""
    known = properties(collection).get(pid)
    if known is None and pid.startswith(SCHEME):
        return in_scheme(pid.removeprefix(SCHEME))
    return known


def in_scheme(scheme: str) -> Property:
    """The property of the ids in another scheme."""
    return Property(f"{SCHEME}{scheme}", "The id in this scheme.", Kind.PLAIN)


def values(entry: RecordSnapshot, pid: str) -> list[Any]:
    """What a record holds of a property: reference objects, date objects, or plain values; empty: not recorded."""
    collection, answer = entry.collection, entry.answer
    by = filters(collection).get(pid)
    if by:
        items = [item for name in by.fields for item in listed(answer.get(name))]
        references = [reference for item in items for reference in _references(item)]
        return _each_once(reference for reference in references if reference["type"] in by.types)
    if pid.startswith(SCHEME) and pid not in properties(collection):
        scheme = pid.removeprefix(SCHEME)
        return [each["value"] for each in answer.get("identifiers", []) if each["scheme"] == scheme]
    return _each_once(_walked(collection.plan, answer, pid.split(".")))


def _walked(plan: Plan, document: Document, steps: list[str]) -> Iterator[Any]:
    field = _field(plan, steps[0])
    for item in listed(document.get(steps[0])) if field else ():
        if field and field.part and len(steps) > 1:
            yield from _walked(field.part, item, steps[1:])
        elif len(steps) == 1:
            yield item


def _field(plan: Plan, name: str) -> FieldPlan | None:
    return next((field for field in plan.fields if field.name == name), None)


def listed(value: Any) -> list[Any]:
    """A list as it is, one value as a list of it, and nothing for null."""
    return one_or_many(value) or []


def _references(item: Document) -> list[Document]:
    """The references that an item of a field is or, for a part, holds."""
    held = (item, *item.values())
    return [each for each in held if isinstance(each, dict) and {"id", "type", "url"} <= each.keys()]


def _each_once(items: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    found.extend(item for item in items if item not in found)
    return found

"""Plans of documents, compiled from shapes once: where the references, dates and parts are, and in what order."""

from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from app.registry.documents.plan import FieldPlan, Kind, Plan
from app.registry.documents.shapes import Shape
from app.registry.documents.values import Reference, Target, UncertainDate


@cache
def plan_of(shape: type[Shape]) -> Plan:
    """The plan of a shape."""
    read_only = shape.read_only()
    fields = tuple(
        _field_plan(info.alias or name, name, info.annotation, info.metadata, name in read_only)
        for name, info in shape.model_fields.items()
    )
    return Plan(shape, _in_order(fields), getattr(shape, "held", None))


def _in_order(fields: tuple[FieldPlan, ...]) -> tuple[FieldPlan, ...]:
    """Identity first, evidence last: the order in which people read a record."""
    first = ("id", "type", "url", "name")
    last = ("note", "identifiers", "citations", "last_evidence", "revision", "not_recorded")
    rank = {name: index - 10 for index, name in enumerate(first)} | {name: index + 1 for index, name in enumerate(last)}
    return tuple(sorted(fields, key=lambda field: rank.get(field.name, 0)))


def _field_plan(name: str, attribute: str, annotation: Any, metadata: list[Any], read_only: bool) -> FieldPlan:
    inner, marks, many = _unwrap(annotation, tuple(metadata))
    target = next((mark for mark in marks if isinstance(mark, Target)), None)
    part, kind = None, Kind.REFERENCE if target else Kind.PLAIN
    if isinstance(inner, type) and issubclass(inner, UncertainDate):
        kind = Kind.DATE
    elif isinstance(inner, type) and issubclass(inner, Shape):
        kind, part = Kind.PART, plan_of(inner)
    elif isinstance(inner, type) and issubclass(inner, Reference):
        kind = Kind.REFERENCE
    return FieldPlan(name, attribute, kind, many, read_only, target, part, inner)


def _unwrap(annotation: Any, marks: tuple[Any, ...], many: bool = False) -> tuple[Any, tuple[Any, ...], bool]:
    """Look through Annotated, Optional and list; gives the inner type, the marks met and whether it is a list."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrap(get_args(annotation)[0], (*marks, *get_args(annotation)[1:]), many)
    if origin in (Union, UnionType):
        kept = [item for item in get_args(annotation) if item is not type(None)]
        return _unwrap(kept[0], marks, many) if len(kept) == 1 else (annotation, marks, many)
    if origin is list:
        return _unwrap(get_args(annotation)[0], marks, True)
    return annotation, marks, many

"""What a field of a shape holds, as typed files and workbooks need to know it."""

from enum import Enum, StrEnum
from functools import cache
from typing import Any, get_args

from pydantic import JsonValue

from app.registry.documents.plan import FieldPlan, Plan
from app.registry.documents.shapes import Shape
from app.registry.documents.values import Exact

_DECIMAL = get_args(Exact)[1]


class ValueType(StrEnum):
    """What one plain value is."""

    TEXT = "text"
    FLAG = "flag"
    WHOLE = "whole"
    EXACT = "exact"
    REAL = "real"
    JSON = "json"


def value_type(plan: Plan, field: FieldPlan) -> ValueType:
    """What a plain field of the plan holds."""
    if field.annotation in (bool, int):
        return ValueType.FLAG if field.annotation is bool else ValueType.WHOLE
    if field.annotation is float:
        return ValueType.REAL
    if field.annotation is JsonValue:
        return ValueType.JSON
    return ValueType.EXACT if _is_exact(plan.shape, field.attribute) else ValueType.TEXT


def description(plan: Plan, field: FieldPlan) -> str:
    """What the shape's docstring says of the field."""
    return " ".join((plan.shape.model_fields[field.attribute].description or "").split())


def values_of(field: FieldPlan) -> list[str]:
    """The values that the field can have, where they are few and known."""
    kind = field.annotation
    return [str(value.value) for value in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []


@cache
def _is_exact(shape: type[Shape], attribute: str) -> bool:
    info = shape.model_fields.get(attribute)
    if info is None:  # a column that a table has besides the shape's own fields
        return False
    marks: list[Any] = [*info.metadata, *(mark for arm in get_args(info.annotation) for mark in get_args(arm))]
    return _DECIMAL in marks

"""Values that a source gives for a field of a record, in the form in which the field itself is served."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from app.registry.documents.fields import keep_date
from app.registry.documents.plan import FieldPlan, Kind, Plan
from app.registry.documents.references import ReferenceObject
from app.registry.documents.values import UncertainDate, one_or_many, served_date

FindReference = Callable[[str], ReferenceObject | None]
"""Gives the reference object for "type:id", None for a record that there is not."""


def typed(plan: Plan, pointer: str, value: Any, refer: FindReference) -> Any:
    """The value as the field is served that a JSON Pointer names: a date as an object, an id as a reference.

    `typed(plan, "/started", "2002", refer)` is `{"edtf": "2002", "earliest": "2002-01-01", …}`. What cannot be read
    as a value of that field stays as the source has it.
    """
    field, entry = _field_at(plan, pointer)
    return value if field is None else _served(field, value, refer, many=field.many and not entry)


def _field_at(plan: Plan, pointer: str) -> tuple[FieldPlan | None, bool]:
    """The field that a pointer leads to, and whether it leads to one entry of its list."""
    found, entry = None, False
    inner: Plan | None = plan
    for step in pointer.split("/")[1:]:
        if found and found.many and not entry and step.isdigit():
            entry = True
            continue
        found = next((field for field in inner.fields if field.name == step), None) if inner else None
        inner, entry = found.part if found else None, False
    return found, entry


def _served(field: FieldPlan, value: Any, refer: FindReference, *, many: bool) -> Any:
    if value is None:
        return None
    if many:
        return [_served(field, item, refer, many=False) for item in one_or_many(value)]
    if field.kind is Kind.DATE:
        return _date(value)
    if field.kind is Kind.REFERENCE:
        return _reference(field, value, refer)
    if field.part and isinstance(value, dict):
        return field.part.blank | {name: typed(field.part, f"/{name}", item, refer) for name, item in value.items()}
    return value


def _date(value: Any) -> Any:
    try:
        return served_date(keep_date(UncertainDate.model_validate(value)))
    except ValidationError:
        return value


def _reference(field: FieldPlan, value: Any, refer: FindReference) -> Any:
    if not isinstance(value, str):
        return value
    kinds = field.target.types if field.target else ()
    name = value if ":" in value or len(kinds) != 1 else f"{kinds[0]}:{value}"
    return (refer(name) if ":" in name else None) or value

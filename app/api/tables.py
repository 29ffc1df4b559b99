"""Answers as tables: which columns a shape has, and what stands in them. docs/formats.md says the rule.

What a row holds is typed still: CSV writes it as text, a workbook as dates, numbers and links.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple, get_origin

from pydantic import JsonValue

from app.api.csv_cells import json_text
from app.registry.documents.canonical import Document
from app.registry.documents.field_types import ValueType, value_type
from app.registry.documents.plan import FieldPlan, Kind, Plan

PART = "part"
"""The column that says which list of an answer a row comes from."""


class CellType(StrEnum):
    """What one value in a column is."""

    TEXT = "text"
    EDTF = "edtf"
    DAY = "day"
    FLAG = "flag"
    WHOLE = "whole"
    EXACT = "exact"
    REAL = "real"


_PLAIN = {
    ValueType.FLAG: CellType.FLAG,
    ValueType.WHOLE: CellType.WHOLE,
    ValueType.EXACT: CellType.EXACT,
    ValueType.REAL: CellType.REAL,
}


class TableColumn(NamedTuple):
    """A column: its name, what its values are, and in how many lists they stand: 1 in `participants.organisation`."""

    name: str
    type: CellType
    lists: int


class AnswerTable(NamedTuple):
    """Rows, and the plan that says what stands in them."""

    plan: Plan
    rows: Sequence[Document]


def columns(plan: Plan, prefix: str = "", lists: int = 0) -> list[TableColumn]:
    """The columns of a shape: the same for every answer, whatever is recorded."""
    found: list[TableColumn] = []
    for field in plan.fields:
        name, depth = f"{prefix}{field.name}", lists + field.many
        if field.part:
            found += columns(field.part, f"{name}.", depth)
        elif field.kind is Kind.DATE:
            found.append(TableColumn(name, CellType.EDTF, depth))
            found += (TableColumn(f"{name}_{end}", CellType.DAY, depth) for end in ("earliest", "latest"))
        elif field.kind is Kind.REFERENCE:
            found += (TableColumn(each, CellType.TEXT, depth) for each in (name, f"{name}_name"))
        else:
            found.append(TableColumn(name, _PLAIN.get(value_type(plan, field), CellType.TEXT), depth))
    return found


def cells(plan: Plan, answer: Document) -> list[Any]:
    """What stands in the columns, in their order: values, or lists of them as deep as the column says."""
    return [cell for field in plan.fields for cell in _cells(field, answer.get(field.name))]


def _cells(field: FieldPlan, value: Any) -> list[Any]:
    if not field.many:
        return _one(field, value)
    if not value:
        return [[] for _ in _one(field, None)]
    return [list(found) for found in zip(*(_one(field, item) for item in value), strict=True)]


def _one(field: FieldPlan, value: Any) -> list[Any]:
    if field.kind is Kind.DATE:
        return [value[name] if value else None for name in ("edtf", "earliest", "latest")]
    if field.kind is Kind.REFERENCE:
        return [value[name] if value else None for name in ("id", "name")]
    if field.part:
        return cells(field.part, value or {})
    return [json_text(value) if field.annotation is JsonValue else value]


def spelt_out(table: AnswerTable) -> AnswerTable:
    """The table with a column for each name that a field such as `group` has in its rows, in their order."""
    plan, rows = table
    fields = tuple(
        replace(field, kind=Kind.PART, part=replace(plan, fields=_by_name(rows, field.name)))
        if get_origin(field.annotation) is dict
        else field
        for field in plan.fields
    )
    return AnswerTable(replace(plan, fields=fields), rows)


def _by_name(rows: Iterable[Document], name: str) -> tuple[FieldPlan, ...]:
    """A field for each name in a field of the rows, of the kind that its first value has."""
    found: dict[str, Any] = {}
    for row in rows:
        for key, value in row[name].items():
            if found.get(key) is None:
                found[key] = value
    return tuple(_field(key, value) for key, value in found.items())


def _field(name: str, value: Any) -> FieldPlan:
    many = isinstance(value, list)
    first = (value or [None])[0] if many else value
    kind = Kind.PLAIN
    if isinstance(first, dict):
        kind = Kind.DATE if "edtf" in first else Kind.REFERENCE
    annotation = int if isinstance(first, int) else str
    return FieldPlan(name, name, kind, many, read_only=True, target=None, part=None, annotation=annotation)


def of_parts(plan: Plan, names: Sequence[str], answer: Document) -> AnswerTable:
    """The lists of an answer as one table: of one list its entries; of several, with a column `part` that says which.

    The columns are those that any of the lists has.
    """
    parts = {name: part for name in names if (part := plan.field(name).part)}
    if len(parts) == 1:
        return AnswerTable(next(iter(parts.values())), answer[names[0]])
    fields = {PART: _field(PART, "")}
    for part in parts.values():
        fields |= {field.name: field for field in part.fields if field.name not in fields}
    rows = [{PART: name, **row} for name in names for row in answer[name]]
    return AnswerTable(replace(plan, fields=tuple(fields.values())), rows)

"""Columns of Arrow tables (https://arrow.apache.org/docs/format/Columnar.html), made from the shapes of documents."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import pyarrow as pa  # type: ignore[import-untyped]

from app.registry.documents.field_types import ValueType, value_type
from app.registry.documents.plan import FieldPlan, Kind, Plan

Read = Callable[[Any], Any]
"""Makes what Arrow takes from what an answer holds."""


class Column(NamedTuple):
    """A column: its name and type, the field that it is read from, and how that is read, null too."""

    name: str
    kind: Any
    field: str
    read: Read


def columns(plan: Plan) -> list[Column]:
    """The columns of a shape: three for a date or a reference; a list holds structs, which have columns again."""
    return [column for field in plan.fields for column in _columns(plan, field)]


def reader(found: Sequence[Column]) -> Read:
    """Makes rows with these columns from answers."""
    cells = [(column.name, column.field, column.read) for column in found]
    return lambda answer: {name: read(answer.get(field)) for name, field, read in cells}


def schema_of(found: Sequence[Column]) -> Any:
    """The Arrow schema with these columns."""
    return pa.schema([(column.name, column.kind) for column in found])


def _columns(plan: Plan, field: FieldPlan) -> list[Column]:
    inner = _PARTS.get(field.kind) or (columns(field.part) if field.part else None)
    if field.kind in _PARTS and inner and not field.many:
        return [_outer(field.name, part) for part in inner]
    kind, read = (pa.struct([part[:2] for part in inner]), reader(inner)) if inner else _plain(plan, field)
    if field.many:
        return [Column(field.name, pa.list_(kind), field.name, lambda items: [read(item) for item in items or ()])]
    return [Column(field.name, kind, field.name, _unless_null(read))]


def _outer(name: str, part: Column) -> Column:
    """A part of a date or a reference as a column: `started`, `started_earliest`; `alliance`, `alliance_type`."""
    column = name if part.name in ("edtf", "id") else f"{name}_{part.name}"
    return Column(column, part.kind, name, _unless_null(lambda value: part.read(value[part.name])))


def _plain(plan: Plan, field: FieldPlan) -> tuple[Any, Read]:
    return _PLAIN.get(value_type(plan, field), (pa.string(), _same))


def _unless_null(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _same(value: Any) -> Any:
    return value


def _json(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


@lru_cache(maxsize=65536)
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_PLAIN: dict[ValueType, tuple[Any, Read]] = {
    ValueType.FLAG: (pa.bool_(), _same),
    ValueType.WHOLE: (pa.int64(), _same),
    ValueType.EXACT: (pa.decimal128(38, 12), Decimal),
    ValueType.JSON: (pa.string(), _json),
}
_PARTS = {
    Kind.DATE: [
        Column("edtf", pa.string(), "edtf", _same),
        Column("earliest", pa.date32(), "earliest", _day),
        Column("latest", pa.date32(), "latest", _day),
    ],
    Kind.REFERENCE: [Column(name, pa.string(), name, _same) for name in ("id", "type", "name")],
}

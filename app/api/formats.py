"""Answers as CSV and NDJSON. The rule by which documents become rows is written down in docs/formats.md."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from app.api.negotiation import preferred
from app.api.parameters import choose
from app.registry.documents.canonical import Document
from app.registry.documents.plan import FieldPlan, Kind, Plan

MEDIA_TYPES = {"json": "application/json", "csv": "text/csv", "ndjson": "application/x-ndjson"}
BETWEEN = "; "
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def wanted(format_: str | None, accept: str | None) -> str:
    """The format that a client asks for: `format`, else what it likes best of those in `Accept`. Raises Unsupported."""
    if format_:
        return choose("format", format_, MEDIA_TYPES)
    kinds = {media_type: name for name, media_type in MEDIA_TYPES.items()}
    return kinds[preferred(accept, tuple(kinds))]


def chosen(plan: Plan, fields: list[str] | None) -> Plan:
    """The plan with these fields alone, in their order; the whole plan for None."""
    return plan if fields is None else replace(plan, fields=tuple(map(plan.field, fields)))


def header(plan: Plan, prefix: str = "") -> list[str]:
    """The columns of a shape: the same for every answer, whatever is recorded."""
    return [name for field in plan.fields for name in _names(field, f"{prefix}{field.name}")]


def _names(field: FieldPlan, name: str) -> list[str]:
    if field.kind is Kind.DATE:
        return [name, f"{name}_earliest", f"{name}_latest"]
    if field.kind is Kind.REFERENCE:
        return [name, f"{name}_name"]
    return header(field.part, f"{name}.") if field.part else [name]


def row(plan: Plan, answer: Document) -> list[str]:
    """The cells of an answer, in the order of the columns."""
    return [cell for field in plan.fields for cell in _cells(field, answer.get(field.name))]


def _cells(field: FieldPlan, value: Any) -> list[str]:
    if not field.many:
        return _one(field, value)
    each = [_one(field, item) for item in value or ()]
    if not any(each):
        return [""] * len(_names(field, ""))
    return [BETWEEN.join(cells) if any(cells) else "" for cells in zip(*each, strict=True)]


def _one(field: FieldPlan, value: Any) -> list[str]:
    if field.kind is Kind.DATE:
        return [str(value[name] or "") if value else "" for name in ("edtf", "earliest", "latest")]
    if field.kind is Kind.REFERENCE:
        return [str(value[name]) if value else "" for name in ("id", "name")]
    return row(field.part, value or {}) if field.part else [_text(value)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        pairs = ((name, item.get("id", item) if isinstance(item, dict) else item) for name, item in value.items())
        return BETWEEN.join(f"{name}={_text(item)}" for name, item in pairs)
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def defused(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def as_csv(plan: Plan, answers: Iterable[Document]) -> Iterator[bytes]:
    """The answers as CSV (RFC 4180), the header first."""
    yield _line(header(plan))
    for answer in answers:
        yield _line(row(plan, answer))


def _line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(map(defused, cells))
    return line.getvalue().encode()


def as_ndjson(answers: Iterable[Document | str]) -> Iterator[bytes]:
    """The answers as NDJSON, one document a line: what `registry load` takes."""
    for answer in answers:
        yield (answer.encode() if isinstance(answer, str) else orjson.dumps(answer)) + b"\n"

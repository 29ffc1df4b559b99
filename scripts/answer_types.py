"""Write `app/reads/answer_types.py` and `answer_part_types.py`: what answers hold, as types, from the shapes.

    python -m scripts.answer_types

A test compares the files with the shapes, so that a changed shape cannot be forgotten here.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from keyword import iskeyword
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import JsonValue

from app.catalogue import CATALOGUE
from app.registry.collection import Collection
from app.registry.documents.plan import OF_PRESENCE, FieldPlan, Kind, Plan
from app.registry.documents.shapes import RecordShape

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "app" / "reads"
PARTS = '''"""What parts of answers hold, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from typing import Any, NotRequired, TypedDict

from app.registry.documents.references import ReferenceObject


class ServedDate(TypedDict):
    """A day as well as the sources know it."""

    edtf: str
    earliest: str | None
    latest: str | None
    text: str
'''
RECORDS = '''"""What answers hold, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from app.reads.answer_part_types import {parts}
from app.registry.documents.references import ReferenceObject
'''
ALWAYS = ("type", "url", "revision")
"""Derived fields that every record is served with."""


def part_types() -> str:
    """The module with the types of parts."""
    return _formatted("\n\n".join([PARTS, *(_type(plan, plan.fields) for plan in _all_parts())]))


def record_types() -> str:
    """The module with the types of whole answers; what is the same in all of them stands in one."""
    shared = set.intersection(*(set(_lines(each.plan, each.plan.fields)) for each in CATALOGUE))
    base = next(iter(CATALOGUE)).plan
    lines = [line for line in _lines(base, base.fields) if line in shared]
    common = "\n".join(["class ServedRecord(TypedDict):", '    """What every answer holds."""', "", *lines])
    own = [_record(collection, shared) for collection in CATALOGUE]
    table = [f'    {_name(each.plan)}: "{each.type}",' for each in CATALOGUE]
    types = [
        "RECORD_TYPES: Mapping[type, str] = {",
        *table,
        "}",
        '"""The type of the records with each of these answers."""',
    ]
    head = RECORDS.format(parts=", ".join(["ServedDate", *map(_name, _all_parts())]))
    return _formatted("\n\n".join([head, common, *own, "\n".join(types)]))


def _record(collection: Collection, shared: set[str]) -> str:
    own = [field for field in collection.plan.fields if _line(collection.plan, field) not in shared]
    return _type(collection.plan, own, base="ServedRecord")


def _all_parts() -> list[Plan]:
    """The plans of all parts, each behind those that it is made of."""
    return list(dict.fromkeys(plan for collection in CATALOGUE for plan in _parts(collection.plan)))


def _parts(plan: Plan) -> Iterator[Plan]:
    for field in plan.fields:
        if field.part:
            yield from _parts(field.part)
            yield field.part


def _name(plan: Plan) -> str:
    return f"Served{plan.shape.__name__}"


def _type(plan: Plan, fields: Iterable[FieldPlan], base: str = "TypedDict") -> str:
    """The class; or a call, where a field is called as no attribute can be."""
    text = (plan.shape.__doc__ or "").strip().partition("\n")[0]
    if any(iskeyword(field.name) for field in fields):
        items = ", ".join(f'"{field.name}": {_annotation(plan, field)}' for field in fields)
        return f'{_name(plan)} = TypedDict("{_name(plan)}", {{{items}}})\n"""{text}"""'
    return "\n".join([f"class {_name(plan)}({base}):", f'    """{text}"""', "", *_lines(plan, fields)])


def _lines(plan: Plan, fields: Iterable[FieldPlan]) -> list[str]:
    return [_line(plan, field) for field in fields]


def _line(plan: Plan, field: FieldPlan) -> str:
    return f"    {field.name}: {_annotation(plan, field)}"


def _annotation(plan: Plan, field: FieldPlan) -> str:
    if field.name in OF_PRESENCE:
        return "NotRequired[str]"
    if field.many:
        return f"list[{_single(field)}]"
    always = issubclass(plan.shape, RecordShape) and field.read_only and field.name in ALWAYS
    single = _single(field)
    nullable = not always and _nullable(plan.shape.model_fields[field.attribute].annotation)
    return f"{single} | None" if nullable and single != "Any" else single


def _single(field: FieldPlan) -> str:
    if field.kind is Kind.DATE:
        return "ServedDate"
    if field.kind is Kind.REFERENCE:
        return "ReferenceObject"
    if field.part:
        return _name(field.part)
    if field.annotation is JsonValue:
        return "Any"
    return field.annotation.__name__ if field.annotation in (bool, int) else "str"


def _nullable(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _nullable(get_args(annotation)[0])
    return get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation)


def _formatted(source: str) -> str:
    for command in (["check", "--fix-only", "--select", "F401,I"], ["format"]):
        ruff = [
            sys.executable,
            "-m",
            "ruff",
            *command,
            "--quiet",
            "--stdin-filename",
            str(FOLDER / "answer_types.py"),
            "-",
        ]
        source = subprocess.run(ruff, input=source, capture_output=True, text=True, check=True).stdout
    return source


if __name__ == "__main__":
    (FOLDER / "answer_part_types.py").write_text(part_types())
    (FOLDER / "answer_types.py").write_text(record_types())

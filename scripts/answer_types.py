"""Write the package `app/reads/answers`: what answers hold, as types, from the shapes; a module for each feature.

    python -m scripts.answer_types

A test compares the modules with the shapes, so that a changed shape cannot be forgotten here.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from keyword import iskeyword
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import JsonValue

from app.catalogue import CATALOGUE
from app.registry.collection import Collection
from app.registry.documents.compilation import plan_of
from app.registry.documents.plan import OF_PRESENCE, FieldPlan, Kind, Plan
from app.registry.documents.shapes import RecordShape, Shape

FOLDER = Path(__file__).parent.parent / "app" / "reads" / "answers"
WRITTEN = "Written by `scripts/answer_types.py`: change the shapes instead."
RECORDS = "records"
"""The module of what all records hold; the others are called as the features are."""
DATE = '''
class ServedDate(TypedDict):
    """A day as well as the sources know it."""

    edtf: str
    earliest: str | None
    latest: str | None
    text: str
'''
ALWAYS = ("type", "url", "revision")
"""Derived fields that every record is served with."""


class Written(NamedTuple):
    """A type as it is written, and the module that it stands in."""

    module: str
    name: str
    text: str


def sources() -> dict[str, str]:
    """The modules by their names, as they are written."""
    types = sorted(_types(), key=lambda each: each.module)
    found = {module: [*group] for module, group in groupby(types, key=lambda each: each.module)}
    texts = {module: _module(module, found) for module in found}
    package = f'"""What answers hold, as types, by feature. {WRITTEN}"""\n'
    return {"__init__": package, **texts, "record_types": _record_types()}


def _module(module: str, found: dict[str, list[Written]]) -> str:
    """The source of a module, with what it uses of the others."""
    own = "\n".join(f"\n{each.text}\n" for each in found[module])
    used = set(re.findall(r"\bServed\w+", own))
    others = ((other, [each.name for each in types if each.name in used]) for other, types in found.items())
    head = [
        f'"""What answers hold of {module}, as types. {WRITTEN}"""',
        "from typing import Any, NotRequired, TypedDict",
        "from typing_extensions import ReadOnly",
        *(_import(other, names) for other, names in others if names and other != module),
        "from app.registry.documents.references import ReferenceObject",
    ]
    return _formatted("\n".join([*head, own]))


def _import(module: str, names: Iterable[str]) -> str:
    return f"from app.reads.answers.{module} import {', '.join(names)}"


def _record_types() -> str:
    imports = [_import(_module_of(each.plan.shape), [_name(each.plan.shape)]) for each in CATALOGUE]
    table = [f'    {_name(each.plan.shape)}: "{each.type}",' for each in CATALOGUE]
    types = ["RECORD_TYPES: Mapping[type, str] = {", *table, "}"]
    docstring = '"""The type of the records with each of these answers."""'
    head = [f'"""Which records have which answers. {WRITTEN}"""', "from collections.abc import Mapping"]
    return _formatted("\n".join([*head, *imports, *types, docstring]))


def _types() -> Iterator[Written]:
    """Every type, behind those that it is made of; what is the same in all records stands in one."""
    yield Written(RECORDS, "ServedDate", DATE)
    for shape in _all_parts():
        plan = plan_of(shape)
        base = _base(shape)
        own = [field for field in plan.fields if not base or field.attribute not in base.model_fields]
        yield _type(plan, own, _name(base) if base else "TypedDict")
    shared = _shared()
    lines = [f"    {name}: {annotation}" for name, annotation in shared.items()]
    head = ["class ServedRecord(TypedDict):", '    """What every answer holds."""', ""]
    yield Written(RECORDS, "ServedRecord", "\n".join([*head, *lines]))
    yield from (_record(collection, shared) for collection in CATALOGUE)


def _shared() -> dict[str, str]:
    """The fields that all records have; those that only some never lack can be read as such that may be null."""
    plans = [collection.plan for collection in CATALOGUE]
    found: dict[str, str] = {}
    for name in [field.name for field in plans[0].fields]:
        annotations = {_annotation(plan, field) for plan in plans for field in plan.fields if field.name == name}
        if all(name in [field.name for field in plan.fields] for plan in plans):
            widest = max(annotations, key=len)
            found[name] = widest if len(annotations) == 1 else f"ReadOnly[{widest}]"
    return found


def _record(collection: Collection, shared: dict[str, str]) -> Written:
    plan = collection.plan
    return _type(
        plan, [each for each in plan.fields if shared.get(each.name) != _annotation(plan, each)], "ServedRecord"
    )


def _all_parts() -> list[type[Shape]]:
    """The shapes of all parts and what they are kinds of, each behind those that it is made of."""
    return list(dict.fromkeys(shape for collection in CATALOGUE for shape in _parts(collection.plan)))


def _parts(plan: Plan) -> Iterator[type[Shape]]:
    for field in plan.fields:
        if field.part:
            yield from _parts(field.part)
            yield from reversed([*_bases(field.part.shape)])
            yield field.part.shape


def _bases(shape: type[Shape]) -> Iterator[type[Shape]]:
    """What a part is a kind of, the nearest first: something dated, something that is present."""
    return (each for each in shape.__mro__[1:] if issubclass(each, Shape) and each.model_fields)


def _base(shape: type[Shape]) -> type[Shape] | None:
    return next(_bases(shape), None)


def _module_of(shape: type[Shape]) -> str:
    """The feature that a shape belongs to: "organisations"."""
    room = shape.__module__.split(".")[1]
    return RECORDS if room == "registry" else room


def _name(shape: type[Shape]) -> str:
    return f"Served{shape.__name__}"


def _type(plan: Plan, own: Iterable[FieldPlan], base: str) -> Written:
    """The class; or a call, where a field is called as no attribute can be."""
    name, said = _name(plan.shape), (plan.shape.__doc__ or "").strip().partition("\n")[0]
    if any(iskeyword(field.name) for field in plan.fields):
        items = ", ".join(f'"{field.name}": {_annotation(plan, field)}' for field in plan.fields)
        text = f'{name} = TypedDict("{name}", {{{items}}})\n"""{said}"""'
    else:
        text = "\n".join([f"class {name}({base}):", f'    """{said}"""', "", *_lines(plan, own)])
    return Written(_module_of(plan.shape), name, text)


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
        return _name(field.part.shape)
    if field.annotation is JsonValue:
        return "Any"
    return field.annotation.__name__ if field.annotation in (bool, int) else "str"


def _nullable(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _nullable(get_args(annotation)[0])
    return get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation)


def _formatted(source: str) -> str:
    for command in (["check", "--fix-only", "--select", "F401,I"], ["format"]):
        file = ["--quiet", "--stdin-filename", str(FOLDER.parent / "module.py"), "-"]
        ruff = [sys.executable, "-m", "ruff", *command, *file]
        source = subprocess.run(ruff, input=source, capture_output=True, text=True, check=True).stdout
    return source


if __name__ == "__main__":
    written = sources()
    for path in FOLDER.glob("*.py"):
        if path.stem not in written:
            path.unlink()
    for module, source in written.items():
        (FOLDER / f"{module}.py").write_text(source)

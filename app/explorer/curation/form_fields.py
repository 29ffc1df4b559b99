"""The boxes of a form, from the plan of a collection: what each is called, what it takes, and what is wrong in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from app.explorer import fields
from app.explorer.curation.documents import (
    MOST_ENTRIES,
    POINTERS,
    TAKE_OUT,
    editable,
    is_line,
    places_in,
)
from app.explorer.curation.form_posts import FormValues
from app.registry.documents.plan import FieldPlan, Kind, Plan
from app.registry.problems import Fault

LONG = frozenset(
    {"note", "text", "location", "end_reason", "reason", "conditions", "cost_rule", "legal_basis_as_stated"}
)
"""Fields whose texts take more than a line."""
YES_OR_NO = (("true", "yes"), ("false", "no"))
OF_DATES = "Such as 2012, 2012-04 or 2012-04-01; 2012~ where that is about right."
OF_PLACES = "where it belongs, such as /started or /participants/0; several with spaces; empty: the whole record"


class FormBox(NamedTuple):
    """A box of a form, or a group of boxes, or a list of them: `rows`, each with its place."""

    path: str
    label: str
    hint: str
    form: str
    """`line`, `long`, `choice`, `group` or `list`."""
    value: str
    choices: Sequence[tuple[str, str]]
    faults: Sequence[Fault]
    boxes: Sequence["FormBox"]
    rows: Sequence["FormRow"]
    refers: str


class FormRow(NamedTuple):
    """An entry of a list in a form."""

    path: str
    boxes: Sequence[FormBox]
    gone: bool
    """Whether it is to be taken out."""


class FormBoxes:
    """Makes the boxes of one form; `faults` are those of its fields, by their paths."""

    def __init__(self, values: FormValues, faults: Mapping[str, Sequence[Fault]]) -> None:
        self.values, self.faults = values, faults

    def of(self, plan: Plan, path: str = "", *, only: Iterable[str] = (), without: Iterable[str] = ()) -> list[FormBox]:
        """The boxes of a document or a part: of all its fields, or of those alone that are named."""
        wanted, left_out = tuple(only), frozenset(without)
        chosen = (each for each in editable(plan) if not wanted or each.name in wanted)
        return [self._box(plan, field, path + field.name) for field in chosen if field.name not in left_out]

    def _box(self, plan: Plan, field: FieldPlan, path: str) -> FormBox:
        info = plan.shape.model_fields[field.attribute]
        box = FormBox(
            path,
            fields.label(field.name, "source") + ("" if not info.is_required() else " (needed)"),
            _hint(field, info.description or ""),
            _form(field),
            self.values.get(path, ""),
            list(_choices(field)),
            self.faults.get(path, ()),
            [],
            [],
            " ".join(field.target.types) if field.target else "",
        )
        if is_line(field):
            return box
        if not field.many:
            return box._replace(form="group", boxes=self.of(field.part, f"{path}/") if field.part else [])
        return box._replace(form="list", rows=list(self._rows(field, box)))

    def _rows(self, field: FieldPlan, box: FormBox) -> Iterator[FormRow]:
        for place in places_in(self.values, box.path):
            path = f"{box.path}/{place}"
            if field.part:
                boxes = self.of(field.part, f"{path}/")
            else:
                faults = self.faults.get(path, ())
                entry = box._replace(path=path, label=f"{box.label} {place + 1}", hint="", faults=faults)
                boxes = [entry._replace(form=_form(field), value=self.values.get(path, ""))]
            yield FormRow(path, boxes, f"{path}/{TAKE_OUT}" in self.values)


def _hint(field: FieldPlan, description: str) -> str:
    """What a field holds, without what is said to programs alone."""
    if field.name == POINTERS:
        return OF_PLACES
    said = re.sub(r"; null:[^.]*|`", "", " ".join(description.split()))
    return f"{said} {OF_DATES}" if field.kind is Kind.DATE else said


def box_name(path: str, kind: str) -> str:
    """What a box is called where it is named alone: "Who takes part 2: Began"."""
    found: list[str] = []
    for step in path.split("/"):
        if step.isdigit() and found:
            found[-1] += f" {int(step) + 1}"
        elif step != "new":
            found.append(fields.label(step, kind))
    return ": ".join(found)


def _form(field: FieldPlan) -> str:
    if any(_choices(field)):
        return "choice"
    return "long" if field.name in LONG else "line"


def _choices(field: FieldPlan) -> Iterator[tuple[str, str]]:
    """The values that a field takes, where it takes no others."""
    kind: Any = field.annotation
    if kind is bool:
        yield from YES_OR_NO
    elif isinstance(kind, type) and issubclass(kind, Enum) and field.kind is Kind.PLAIN:
        yield from ((each.value, fields.words(each.value)) for each in kind)


def with_blank_rows(plan: Plan, values: FormValues, *, parts: bool) -> FormValues:
    """The values with one more entry in each list of boxes; with `parts`, one in each list of parts that has none."""
    found = dict(values)
    for field in editable(plan):
        if is_line(field) or not field.many or field.name == "citations":
            continue
        places = places_in(values, field.name)
        if field.part is None or (parts and not places):
            found |= blank_row(field, f"{field.name}/{places[-1] + 1 if places else 0}")
    return found


def blank_row(field: FieldPlan, path: str) -> FormValues:
    """A new entry of a list, with nothing in it."""
    if field.part is None:
        return {path: ""}
    return {f"{path}/{each.name}": "" for each in editable(field.part) if is_line(each)}


def added(plan: Plan, values: FormValues, path: str) -> FormValues:
    """The values with one more entry in the list at `path`: `participants`, or `participants/0/observed`."""
    field = _field_at(plan, path)
    if field is None or not field.many:
        return values
    places = places_in(values, path)
    place = places[-1] + 1 if places else 0
    return values if place >= 10 * MOST_ENTRIES else {**values, **blank_row(field, f"{path}/{place}")}


def _field_at(plan: Plan, path: str) -> FieldPlan | None:
    found: FieldPlan | None = None
    inner: Plan | None = plan
    for step in path.split("/"):
        if step.isdigit() and found and found.many:
            continue
        found = next((each for each in editable(inner) if each.name == step), None) if inner else None
        inner = found.part if found else None
    return found

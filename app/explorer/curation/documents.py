"""Documents and the fields of a form: `participants/0/organisation` is the force of the first who take part.

A form is made from the plan of a collection. What its reader leaves as it stands stays exactly as it is recorded.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from app.explorer.curation.form_posts import FormValues
from app.registry.documents.canonical import Document
from app.registry.documents.fields import edtf_of
from app.registry.documents.plan import FieldPlan, Kind, Plan
from app.registry.documents.values import SLUG

UNTOUCHED = frozenset({"checks", "id"})
"""Fields that nobody fills in: what the registry notes itself, and what never changes."""
POINTERS = "about"
"""The field with JSON Pointers, which stand in one line."""
TAKE_OUT = "-"
"""What is named `participants/0/-` says that the entry is to be taken out."""
MOST_ENTRIES = 60
"""Entries of a list that a form shows; what stands behind them stays as it is."""
ResolveName = Callable[[str, Sequence[str]], str]
"""Gives the id for what was written in the place of a reference: an id, or the name of a record of these types."""


def editable(plan: Plan) -> Iterator[FieldPlan]:
    """The fields that a form has."""
    yield from (field for field in plan.fields if not field.read_only and field.name not in UNTOUCHED)


def is_line(field: FieldPlan) -> bool:
    """Whether a field is one box, and no list of boxes or of parts."""
    return (not field.many or field.name == POINTERS) and field.part is None


def text_of(field: FieldPlan, value: Any) -> str:
    """A canonical value as a box shows it."""
    if value is None:
        return ""
    if field.name == POINTERS and isinstance(value, list):
        return " ".join(value)
    if field.kind is Kind.DATE:
        return edtf_of(value)
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def values_of(plan: Plan, document: Document, path: str = "") -> FormValues:
    """The fields of a form that shows a canonical document."""
    found: FormValues = {}
    for field in editable(plan):
        value, name = document.get(field.name), path + field.name
        if value is None:
            continue
        if is_line(field):
            found[name] = text_of(field, value)
            continue
        for where, entry in _entries(name, value) if field.many else [(name, value)]:
            found |= values_of(field.part, entry, f"{where}/") if field.part else {where: text_of(field, entry)}
    return found


def _entries(name: str, values: list[Any]) -> Iterator[tuple[str, Any]]:
    yield from ((f"{name}/{place}", each) for place, each in enumerate(values[:MOST_ENTRIES]))


def places_in(values: FormValues, path: str) -> list[int]:
    """The places of the entries of a list that a form has."""
    steps = {name[len(path) + 1 :].partition("/")[0] for name in values if name.startswith(f"{path}/")}
    return sorted(int(step) for step in steps if step.isdigit() and len(step) < 5)


class FormReader:
    """Reads a document from a form: `document`, and where in the form stands what a JSON Pointer of it names."""

    def __init__(self, plan: Plan, values: FormValues, recorded: Document, resolve: ResolveName) -> None:
        self.values, self.resolve = values, resolve
        self.known: set[str] = set()
        """The fields of the form that were read."""
        self.places: dict[str, str] = {}
        """By JSON Pointer, the field of the form."""
        self._moved: dict[str, str | None] = {}
        self.document = self._part(plan, "", "", recorded)
        if "citations" in self.document:
            self.document["citations"] = list(self._cited(self.document["citations"]))

    def _part(self, plan: Plan, path: str, pointer: str, recorded: Document) -> Document:
        """What a form says in the place of a part, or of the whole; what it does not show is as recorded."""
        found = {each.name: recorded[each.name] for each in plan.fields if each.name in UNTOUCHED & recorded.keys()}
        for field in editable(plan):
            name, here, stands = path + field.name, f"{pointer}/{field.name}", recorded.get(field.name)
            self.places[here] = name
            if is_line(field):
                value = self._line(field, name, stands)
            elif field.many:
                value = self._entries(field, name, here, stands or [])
            else:
                value = self._entry(field, name, here, stands)
            if value not in (None, [], {}):
                found[field.name] = value
        return found

    def _entries(self, field: FieldPlan, name: str, pointer: str, recorded: list[Any]) -> list[Any]:
        """The entries of a list, without those that are blank or to be taken out."""
        found: list[Any] = []
        shown = [place for place in places_in(self.values, name) if place >= len(recorded) or place < MOST_ENTRIES]
        for place in sorted({*shown, *range(MOST_ENTRIES, len(recorded))}):
            stands = recorded[place] if place < len(recorded) else None
            if MOST_ENTRIES <= place < len(recorded):
                value, gone = stands, False
            else:
                gone = self._take(f"{name}/{place}/{TAKE_OUT}") is not None
                value = self._entry(field, f"{name}/{place}", f"{pointer}/{len(found)}", stands)
            kept = not gone and value not in (None, {})
            self._moved[f"/{name}/{place}"] = f"{pointer}/{len(found)}" if kept else None
            if kept:
                found.append(value)
        return found

    def _entry(self, field: FieldPlan, name: str, pointer: str, recorded: Any) -> Any:
        self.places[pointer] = name
        if field.part is None:
            return self._line(field, name, recorded)
        return self._part(field.part, f"{name}/", pointer, recorded or {}) or None

    def _take(self, name: str) -> str | None:
        self.known.add(name)
        return self.values.get(name)

    def _line(self, field: FieldPlan, name: str, recorded: Any) -> Any:
        """The value of one box; what was not touched is what was recorded, to the words of its date."""
        given = self._take(name)
        if recorded is not None and given == text_of(field, recorded):
            return recorded
        text = (given or "").strip()
        if not text:
            return None
        if field.name == POINTERS:
            return text.split()
        if field.kind is Kind.REFERENCE:
            return self.resolve(text, field.target.types if field.target else ())
        return {"true": True, "false": False}.get(text, text) if field.annotation is bool else text

    def _cited(self, citations: list[Document]) -> Iterator[Document]:
        """The citations, which go on to speak of what they spoke of; those of what is taken out go with it."""
        for citation in citations:
            about = [self._now_at(pointer) for pointer in citation.get("about", ())]
            kept = [pointer for pointer in about if pointer is not None]
            if kept or not about:
                yield {**citation, "about": kept} if kept else citation

    def _now_at(self, pointer: str) -> str | None:
        """Where stands what stood at a JSON Pointer before entries were taken out; None: it is out."""
        steps = pointer.split("/")
        starts = ["/".join(steps[:end]) for end in range(2, len(steps) + 1)]
        moved = [(start, self._moved[start]) for start in starts if start in self._moved]
        if any(there is None for _, there in moved):
            return None
        return moved[-1][1] + pointer[len(moved[-1][0]) :] if moved and moved[-1][1] else pointer


def is_id(text: str) -> bool:
    """Whether a text can be an id, or a type and an id."""
    return SLUG.fullmatch(text.rpartition(":")[2]) is not None

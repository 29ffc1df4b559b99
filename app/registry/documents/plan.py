"""Documents: read by a shape, kept in one canonical form, served with references and dates spelt out.

The canonical form is what is hashed and never changes: JSON with sorted keys (after RFC 8785), without what is not
recorded, references as "type:id", dates as their EDTF text. A `Plan` knows where in a document the references, dates
and parts are, and what to do with each: what is asked of every document is worked out once.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

from app.registry.documents import fields
from app.registry.documents.canonical import Document
from app.registry.documents.fields import Refer, StatedDates
from app.registry.documents.shapes import Held, Shape
from app.registry.documents.values import Target
from app.registry.presence import Period, contradictions_of, period_of

OF_PRESENCE = ("presence", "presence_of_record")
"""Fields that only an answer for some days has."""


class Kind(Enum):
    """What a field holds."""

    PLAIN = "plain"
    DATE = "date"
    REFERENCE = "reference"
    PART = "part"


@dataclass(frozen=True)
class FieldPlan:
    """One field of a shape; `name` is its name in the document, `attribute` its name in Python."""

    name: str
    attribute: str
    kind: Kind
    many: bool
    read_only: bool
    target: Target | None
    part: "Plan | None"
    annotation: Any

    @cached_property
    def keep(self) -> Callable[[Any], Any] | None:
        """Makes the canonical form of one value; None: the value is that already."""
        if self.part:
            return self.part.canonical
        if self.kind is Kind.DATE:
            return fields.keep_date
        return None if self.annotation in (str, int, bool) else fields.keep_plain

    @cached_property
    def serve(self) -> Callable[[Any, Refer], Any] | None:
        """Makes the served form of all that a canonical document has in the field; None: it is that already."""
        if self.kind is Kind.PLAIN:
            return None
        if self.kind is Kind.REFERENCE:
            return fields.serve_references if self.many else fields.serve_reference
        serve = self.part.served if self.part else fields.serve_date
        return (lambda items, refer: [serve(item, refer) for item in items]) if self.many else serve


class Place(NamedTuple):
    """A reference in a document: `container[key]` is its value."""

    container: Any
    key: str | int
    target: Target
    field: str
    position: int
    path: str
    part: Document | None
    plan: "Plan"


@dataclass(frozen=True)
class Plan:
    """What a shape is made of."""

    shape: type[Shape]
    fields: tuple[FieldPlan, ...]
    held: Held | None

    def field(self, name: str) -> FieldPlan:
        """The field of that name. Raises KeyError."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, FieldPlan]:
        return {field.name: field for field in self.fields}

    def references(self, document: Document, among: Set[str] | None = None) -> list[Place]:
        """Every reference in a canonical document, parts included; or those in fields of these names."""
        found: list[Place] = []
        chosen = document if among is None else {name: document[name] for name in document.keys() & among}
        self._find_references(chosen, "", 0, "", found)
        return found

    def _find_references(self, document: Document, field: str, position: int, path: str, found: list[Place]) -> None:
        for plan in self._referring:
            name, part = plan.name, plan.part
            value = document.get(name)
            if value is None:
                continue
            for index, item in enumerate(value if plan.many else [value]):
                here = f"{path}/{name}/{index}" if plan.many else f"{path}/{name}"
                top, place = (field, position) if field else (name, index)
                if part:
                    part._find_references(item, top, place, here, found)
                elif plan.target:
                    box, key = (value, index) if plan.many else (document, name)
                    found.append(Place(box, key, plan.target, top, place, here, document if field else None, self))

    @cached_property
    def _referring(self) -> tuple[FieldPlan, ...]:
        """The fields in which references stand, in their parts too."""
        return tuple(
            field
            for field in self.fields
            if not field.read_only and (field.part._referring if field.part else field.kind is Kind.REFERENCE)
        )

    def contradictions(self, document: Document) -> list[tuple[str, str]]:
        """What the dates of a canonical document, or of one of its parts, say that cannot be true at once, and where.

        Each with the JSON Pointer of the part.
        """
        found = [("", sentence) for sentence in contradictions_of(*self.stated(document))] if self.held else []
        for field in self._holding:
            value = document.get(field.name)
            if value is None or field.part is None:
                continue
            for index, item in enumerate(value if field.many else [value]):
                if inner := field.part.contradictions(item):
                    here = f"/{field.name}/{index}" if field.many else f"/{field.name}"
                    found += ((f"{here}{path}", sentence) for path, sentence in inner)
        return found

    @cached_property
    def _holding(self) -> tuple[FieldPlan, ...]:
        """The fields with parts that can have dates, in their own parts too."""
        parts = (field for field in self.fields if field.part and not field.read_only)
        return tuple(field for field in parts if field.part and (field.part.held or field.part._holding))

    @cached_property
    def held_parts(self) -> tuple[tuple[str, "Plan"], ...]:
        """The lists of parts that have dates of their own, with the plan of the parts."""
        parts = ((field.name, field.part) for field in self.fields if not field.read_only)
        return tuple((name, part) for name, part in parts if part and part.held)

    @cached_property
    def stated(self) -> Callable[[Document], StatedDates]:
        """Reads the start, the end and the days observed from a canonical document, or part, as EDTF texts."""
        return fields.reader_of(self.held)

    def period(self, document: Document) -> Period:
        """The period that a canonical document, or part, states."""
        return period_of(*self.stated(document))

    def canonical(self, shape: Shape) -> Document:
        """The canonical document of a validated shape, without what is not recorded."""
        document: Document = {}
        values = shape.__dict__
        for name, attribute, many, keep in self._kept:
            value = values[attribute]
            if value is None:
                continue
            if many:
                if value:
                    document[name] = [keep(item) for item in value] if keep else list(value)
            elif keep is None:
                document[name] = value
            elif (kept := keep(value)) != []:
                document[name] = kept
        return document

    @cached_property
    def pointers(self) -> frozenset[str]:
        """The JSON Pointers of its fields that are not derived, whether they are recorded or not."""
        return frozenset(f"/{field.name}" for field in self.fields if not field.read_only)

    @cached_property
    def _kept(self) -> tuple[tuple[str, str, bool, Callable[[Any], Any] | None], ...]:
        """Of each field that is not derived: its names, whether it is a list, and what makes its canonical form."""
        own = (field for field in self.fields if not field.read_only)
        return tuple((field.name, field.attribute, field.many, field.keep) for field in own)

    def served(self, document: Document, refer: Refer) -> Document:
        """A canonical document, or part, as it is served: every field, references and dates spelt out."""
        answer = self.blank.copy()
        for name in self._listed:
            answer[name] = []
        serving = self._serving
        for name, value in document.items():
            if name in serving:
                serve = serving[name]
                answer[name] = serve(value, refer) if serve else value
        return answer

    @cached_property
    def blank(self) -> Document:
        """An answer of which nothing is recorded: every field but those of presence, in their order."""
        return {field.name: None for field in self.fields if field.name not in OF_PRESENCE}

    @cached_property
    def _listed(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.many)

    @cached_property
    def _serving(self) -> dict[str, Callable[[Any, Refer], Any] | None]:
        """What makes the served form of each field that is not derived."""
        return {field.name: field.serve for field in self.fields if not field.read_only}

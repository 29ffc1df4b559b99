"""Documents: read by a shape, kept in one canonical form, served with references and dates spelt out.

The canonical form is what is hashed and never changes: JSON with sorted keys (after RFC 8785), without what is not
recorded, references as "type:id", dates as their EDTF text. A `Plan` is compiled from a shape once and knows where in
a document the references, dates and parts are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

import orjson

from app.registry.dates import Period, contradictions_of, period_of
from app.registry.shapes import Held, Shape
from app.registry.values import Reference, Target, UncertainDate, served_date

Document = dict[str, Any]
Refer = Callable[[str], Document]
"""Gives the reference object for "type:id"."""


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
    def keep(self) -> Callable[[Any], Any]:
        """Makes the canonical form of one value."""
        return self.part.canonical if self.part else _keep_date if self.kind is Kind.DATE else _keep_plain

    @cached_property
    def serve(self) -> Callable[[Any, Refer], Any]:
        """Makes the served form of one canonical value that is no plain one."""
        if self.part:
            return self.part.served
        return _serve_date if self.kind is Kind.DATE else _serve_reference


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
        return next((field for field in self.fields if field.name == name), None) or _missing(name)

    def references(self, document: Document, field: str = "", position: int = 0, path: str = "") -> Iterator[Place]:
        """Every reference in a canonical document, parts included."""
        for plan in self._referring:
            value = document.get(plan.name)
            if value is None:
                continue
            for index, item in enumerate(value if plan.many else [value]):
                here = f"{path}/{plan.name}" + (f"/{index}" if plan.many else "")
                top, place = field or plan.name, position if field else index
                if plan.part:
                    yield from plan.part.references(item, top, place, here)
                elif plan.target:
                    box, key = (value, index) if plan.many else (document, plan.name)
                    yield Place(box, key, plan.target, top, place, here, document if field else None, self)

    @cached_property
    def _referring(self) -> tuple[FieldPlan, ...]:
        """The fields in which references stand, in their parts too."""
        return tuple(
            field
            for field in self.fields
            if not field.read_only and (field.part._referring if field.part else field.kind is Kind.REFERENCE)
        )

    def dated(self, document: Document, path: str = "") -> Iterator[tuple[str, "Plan", Document]]:
        """The document itself and every part of it that can have dates, each with its JSON Pointer and its plan."""
        if self.held:
            yield path, self, document
        for field in self._holding:
            if field.part and (value := document.get(field.name)) is not None:
                for index, item in enumerate(value if field.many else [value]):
                    yield from field.part.dated(item, f"{path}/{field.name}" + (f"/{index}" if field.many else ""))

    @cached_property
    def _holding(self) -> tuple[FieldPlan, ...]:
        """The fields with parts that can have dates, in their own parts too."""
        parts = (field for field in self.fields if field.part and not field.read_only)
        return tuple(field for field in parts if field.part and (field.part.held or field.part._holding))

    def contradictions(self, document: Document) -> tuple[str, ...]:
        """What the dates of a canonical document, or part, say that cannot be true at once."""
        return contradictions_of(*self._dates(document))

    def _dates(self, document: Document) -> tuple[str | None, str | None, tuple[str, ...]]:
        if self.held is None:
            return None, None, ()
        starts = None
        for name in self.held.starts:
            starts = document.get(name) if "/" not in name else next(iter(recorded(document, name)), None)
            if starts is not None:
                break
        ends = document.get(self.held.ends) if self.held.ends else None
        seen = document.get(self.held.observed, ()) if self.held.observed else ()
        return _edtf(starts), _edtf(ends), tuple([_edtf(day) for day in seen])

    def period(self, document: Document) -> Period:
        """The period that a canonical document, or part, states."""
        return period_of(*self._dates(document))

    def canonical(self, shape: Shape) -> Document:
        """The canonical document of a validated shape, without what is not recorded."""
        document: Document = {}
        for field in self._own:
            value = getattr(shape, field.attribute)
            if value is not None and value != []:
                document[field.name] = [field.keep(item) for item in value] if field.many else field.keep(value)
        return document

    @cached_property
    def _own(self) -> tuple[FieldPlan, ...]:
        """The fields that are not derived."""
        return tuple(field for field in self.fields if not field.read_only)

    def served(self, document: Document, refer: Refer) -> Document:
        """A canonical document, or part, as it is served: every field, references and dates spelt out."""
        answer: Document = {}
        for field in self._shown:
            value = document.get(field.name)
            if field.read_only or value is None:
                answer[field.name] = [] if field.many else None
            elif field.kind is Kind.PLAIN:
                answer[field.name] = value
            else:
                serve = field.serve
                answer[field.name] = [serve(item, refer) for item in value] if field.many else serve(value, refer)
        return answer

    @cached_property
    def _shown(self) -> tuple[FieldPlan, ...]:
        """The fields that every answer has."""
        return tuple(field for field in self.fields if field.name != "presence")


def recorded(document: Document, name: str) -> list[Any]:
    """What is recorded in a field, or in that field of the document's parts."""
    parts, _, inner = name.rpartition("/")
    found = document.get(parts, []) if parts else [document]
    return [part[inner] for part in found if part.get(inner) is not None]


def _missing(name: str) -> FieldPlan:
    raise KeyError(name)


def _edtf(value: Any) -> Any:
    return str(value["edtf"]) if isinstance(value, dict) else value


def _keep_date(value: UncertainDate) -> Any:
    given = value.text and value.text != served_date(value.edtf)["text"]
    return {"edtf": value.edtf, "text": value.text} if given else value.edtf


def _keep_plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _serve_date(value: Any, refer: Refer) -> Any:
    return served_date(value)


def _serve_reference(value: str, refer: Refer) -> Document:
    return refer(value)


@cache
def plan_of(shape: type[Shape]) -> Plan:
    """The plan of a shape."""
    read_only = shape.read_only()
    fields = tuple(
        _field_plan(info.alias or name, name, info.annotation, info.metadata, name in read_only)
        for name, info in shape.model_fields.items()
    )
    return Plan(shape, _in_order(fields), getattr(shape, "held", None))


def _in_order(fields: tuple[FieldPlan, ...]) -> tuple[FieldPlan, ...]:
    """Identity first, evidence last: the order in which people read a record."""
    first, last = ("id", "type", "url", "name"), ("note", "identifiers", "citations", "revision", "not_recorded")
    rank = {name: index - 10 for index, name in enumerate(first)} | {name: index + 1 for index, name in enumerate(last)}
    return tuple(sorted(fields, key=lambda field: rank.get(field.name, 0)))


def _field_plan(name: str, attribute: str, annotation: Any, metadata: list[Any], read_only: bool) -> FieldPlan:
    inner, marks, many = _unwrap(annotation, tuple(metadata))
    target = next((mark for mark in marks if isinstance(mark, Target)), None)
    part, kind = None, Kind.REFERENCE if target else Kind.PLAIN
    if isinstance(inner, type) and issubclass(inner, UncertainDate):
        kind = Kind.DATE
    elif isinstance(inner, type) and issubclass(inner, Shape):
        kind, part = Kind.PART, plan_of(inner)
    elif isinstance(inner, type) and issubclass(inner, Reference):
        kind = Kind.REFERENCE
    return FieldPlan(name, attribute, kind, many, read_only, target, part, inner)


def _unwrap(annotation: Any, marks: tuple[Any, ...], many: bool = False) -> tuple[Any, tuple[Any, ...], bool]:
    """Look through Annotated, Optional and list; gives the inner type, the marks met and whether it is a list."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrap(get_args(annotation)[0], (*marks, *get_args(annotation)[1:]), many)
    if origin in (Union, UnionType):
        kept = [item for item in get_args(annotation) if item is not type(None)]
        return _unwrap(kept[0], marks, many) if len(kept) == 1 else (annotation, marks, many)
    if origin is list:
        return _unwrap(get_args(annotation)[0], marks, True)
    return annotation, marks, many


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and nothing between, the form in which documents are kept and hashed."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse_json(text: str | bytes) -> Document:
    """A kept document, ready to be looked into."""
    document: Document = orjson.loads(text)
    return document


def nothing_recorded(answer: Document) -> list[str]:
    """Names of the fields of an answer of which nothing is recorded."""
    return [name for name, value in answer.items() if (value is None or value == []) and name != "not_recorded"]


def pointer_exists(document: Document, pointer: str) -> bool:
    """Whether a JSON Pointer (RFC 6901) leads somewhere in the document."""
    here: Any = document
    for escaped in pointer.split("/")[1:]:
        token = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and token in here:
            here = here[token]
        elif isinstance(here, list) and token.isascii() and token.isdigit() and int(token) < len(here):
            here = here[int(token)]
        else:
            return False
    return True

"""What a client asks: batches of queries, and extensions, read strictly from their JSON."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeVar

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.catalogue import CATALOGUE
from app.reconciliation.properties import listed, properties, property_of
from app.reconciliation.record_types import TYPES, wrong_type
from app.registry.documents.faults import in_words
from app.registry.folding import fold, in_one_line
from app.registry.problems import Fault, Unsupported
from app.registry.suggestions import did_you_mean

MOST_QUERIES = 50
"""Queries in one request: the `batchSize` of the manifest."""
MOST_VALUES = 1000
"""Different values of properties in one request: each may have to be looked up."""
MOST_CANDIDATES = 100
USUAL_CANDIDATES = 10
MOST_IDS = 1000
"""Records in one extension."""
LONGEST_TEXT = 500
"""What is read of a text: no name is longer."""
MOST_FAULTS = 50


def _text(value: Any) -> Any:
    """A property's value as text: an entity by its id, a number or a boolean as it is written."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | float) else value


def _count(value: Any) -> Any:
    """A number of candidates; OpenRefine writes 0 where its user set no limit."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("count", "is not a whole number")
    return value or USUAL_CANDIDATES


def _known_type(kind: str) -> str:
    if wrong := wrong_type(kind):
        raise PydanticCustomError("type", "{wrong}", {"wrong": wrong})
    return kind


def _known_property(pid: str) -> str:
    if not any(property_of(collection, pid) for collection in CATALOGUE):
        near = did_you_mean(pid, {name for collection in CATALOGUE for name in properties(collection)})
        raise PydanticCustomError("property", "'{pid}' is not a property here{near}", {"pid": pid[:60], "near": near})
    return pid


def cleaned(text: str) -> str:
    """A text in one line, without what no name holds, cut where no name goes on."""
    return in_one_line(text[: 2 * LONGEST_TEXT])[:LONGEST_TEXT]


def _said(values: list[str]) -> list[str]:
    """Those that say something: an empty cell, or one with a dash, says nothing."""
    return [value for value in values if fold(value)]


Value = Annotated[str, BeforeValidator(_text), AfterValidator(cleaned)]
PropertyId = Annotated[str, AfterValidator(_known_property)]


class Strict(BaseModel):
    """What is read strictly: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GivenProperty(Strict):
    """A property with the values that a candidate should have: any of them; none where its cells are blank."""

    pid: PropertyId
    v: Annotated[list[Value], BeforeValidator(listed), AfterValidator(_said), Field(max_length=20)]


class Query(Strict):
    """One query: a text to be matched, properties, or both."""

    query: str | None = None
    type: Annotated[list[Annotated[str, AfterValidator(_known_type)]], BeforeValidator(listed)] = []
    limit: Annotated[int, BeforeValidator(_count), Field(ge=1, le=MOST_CANDIDATES)] = USUAL_CANDIDATES
    properties: Annotated[list[GivenProperty], BeforeValidator(listed), Field(max_length=20)] = []
    type_strict: Literal["any", "should", "all"] | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.query is None and not self.properties:
            raise PydanticCustomError("empty", "asks for nothing; give query or properties")
        return self

    @property
    def text(self) -> str:
        """The text to be matched, as far as it can be a name."""
        return cleaned(self.query or "")

    @property
    def given(self) -> list[GivenProperty]:
        """The properties of which a value is given."""
        return [one for one in self.properties if one.v]

    @property
    def types(self) -> tuple[str, ...]:
        """The types asked for; with `all` and several, none: every record is of one type."""
        wanted = tuple(dict.fromkeys(self.type)) or TYPES
        return () if self.type_strict == "all" and len(wanted) > 1 and self.type else wanted


class WantedProperty(Strict):
    """A property to be fetched, and how many of its values at most."""

    id: PropertyId
    name: str | None = None
    settings: Mapping[str, Any] = {}

    @property
    def most(self) -> int | None:
        """The most values to give; None: all. Forms write numbers as text."""
        text = str(self.settings.get("limit") or "")
        return int(text[:9]) or None if text.isascii() and text.isdigit() else None


class Extension(Strict):
    """Records, and the properties to be fetched of each."""

    ids: list[Annotated[str, Field(max_length=200)]]
    properties: Annotated[list[WantedProperty], Field(max_length=50)]


Model = TypeVar("Model")
_BATCH: TypeAdapter[dict[str, Query]] = TypeAdapter(dict[str, Query])
_EXTENSION: TypeAdapter[Extension] = TypeAdapter(Extension)


def batch(text: str, where: str) -> dict[str, Query]:
    """The queries of a batch; `where` names its place in the request: "body/queries". Raises Unsupported."""
    found = _parsed(text, where)
    if isinstance(found, dict) and len(found) > MOST_QUERIES:
        raise _too_many(where, f"has {len(found)} queries; at most {MOST_QUERIES} are taken (batchSize)")
    queries = _read(found, where, _BATCH)
    values = {(one.pid, text) for query in queries.values() for one in query.properties for text in one.v}
    if len(values) > MOST_VALUES:
        raise _too_many(where, f"has {len(values)} values of properties; at most {MOST_VALUES} are taken")
    return queries


def extension(text: str, where: str) -> Extension:
    """An extension; `where` names its place in the request. Raises Unsupported."""
    found = _read(_parsed(text, where), where, _EXTENSION)
    if len(found.ids) > MOST_IDS:
        raise _too_many(where, f"has {len(found.ids)} ids; at most {MOST_IDS} are taken")
    return found


def _parsed(text: str, where: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _refused((Fault(where, f"is not JSON: {error}"),)) from error


def _read(found: Any, where: str, adapter: TypeAdapter[Model]) -> Model:
    try:
        return adapter.validate_python(found)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise _refused(tuple(_fault(where, one) for one in faults[:MOST_FAULTS])) from error


def _fault(where: str, fault: Any) -> Fault:
    steps = "".join(f"/{str(step)[:60]}" for step in fault["loc"])
    return Fault(where + steps, in_words(fault))


def _refused(faults: tuple[Fault, ...]) -> Unsupported:
    first = faults[0]
    return Unsupported("invalid-parameter", f"{first.location.partition('/')[2]}: {first.message}", faults)


def _too_many(where: str, message: str) -> Unsupported:
    return Unsupported("content-too-large", f"{where.partition('/')[2]}: {message}", (Fault(where, message),))

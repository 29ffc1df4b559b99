"""Query strings as models: what a read takes, said once, for the endpoint and for the OpenAPI document.

FastAPI reads a model from the request and describes its fields. What a value means is decided by the functions that
read it everywhere; what they refuse goes out as they say it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from sqlalchemy import Connection

from app.api.formats import MEDIA_TYPES
from app.api.parameters import DEFAULT_LIMIT, MOST_ITEMS, Parameters, choose, invalid, joined, whole_limit
from app.registry.documents.canonical import Document
from app.registry.presence import SHOWN, Presence
from app.registry.serving.statements import Clock, clock

DAY = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
_KNOWN_AT = f"^([1-9][0-9]{{0,8}}|{_TIME})$"

WITH_COMMAS: Document = {"style": "form", "explode": False}
"""How a list stands in a query string. It is a parameter's, not a schema's; `documentation.complete` moves it there."""


class Missing(NamedTuple):
    """Marks a parameter that must be given; says what to do where it is not."""

    message: str


Text = Annotated[str | None, WithJsonSchema({"type": "string", "minLength": 1})]
RevisionNumber = Annotated[str | None, WithJsonSchema({"type": "integer", "minimum": 1})]
Limit = Annotated[int, Field(ge=1, le=MOST_ITEMS), BeforeValidator(whole_limit)]


class QueryModel(BaseModel):
    """A query string, read strictly: nothing unknown, nothing blank, nothing twice that is taken once."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _strict(cls, found: dict[str, list[str]]) -> dict[str, str | None]:
        parameters = joined(found, cls.names())
        for name, missing in cls.required().items():
            if name not in parameters and "cursor" not in parameters:
                raise invalid(name, missing.message)
        # a cursor holds the question
        return {**dict.fromkeys(cls.required()), **parameters}

    @classmethod
    def of(cls, parameters: Parameters) -> Self:
        """The query that has these parameters. Raises Unsupported."""
        return cls.model_validate({name: [value] for name, value in parameters.items()})

    @classmethod
    @cache
    def names(cls) -> frozenset[str]:
        """The names of the parameters."""
        return frozenset(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    @cache
    def required(cls) -> Mapping[str, Missing]:
        """The parameters that must be given."""
        marks = {field.alias or name: field.metadata for name, field in cls.model_fields.items()}
        return {name: mark for name, found in marks.items() for mark in found if isinstance(mark, Missing)}


class ClockQuery(QueryModel):
    """Both clocks."""

    as_of: Annotated[str | None, WithJsonSchema({"type": "string", "minLength": 1, "pattern": DAY})] = None
    """What held on that day, or at some time in that month or year: 2012-01-01, 2012-01 or 2012."""
    known_at: Annotated[str | None, WithJsonSchema({"type": "string", "minLength": 1, "pattern": _KNOWN_AT})] = None
    """What the registry said then: a revision number, or a time like 2026-11-21T22:58:51Z; else the newest."""

    def clock(self, connection: Connection) -> Clock:
        """The clocks as the database has them. Raises Unsupported."""
        return clock(connection, self.known_at, self.as_of)


CLOCKS = tuple(ClockQuery.model_fields)


class DetailQuery(ClockQuery):
    """What a read of one record takes."""

    fields: Text = None
    """Fields to show: `id,name`; else all."""


class PagedQuery(ClockQuery):
    """What is read page by page."""

    limit: Limit = DEFAULT_LIMIT
    """Items on a page."""
    cursor: Text = None
    """Where to go on, from `links.next`; pins the question and the revision it began with."""


class DiffQuery(ClockQuery):
    """The ends of a comparison."""

    from_: Annotated[RevisionNumber, Field(alias="from"), Missing("is missing; give the earlier revision")]
    """The earlier revision."""
    to: RevisionNumber = None
    """The later revision; else the newest."""


def _presence(value: str) -> Presence:
    return Presence(choose("certainty", value, SHOWN))


class ListQuery(PagedQuery):
    """What every list takes; a collection's own filters stand beside these in a model of its own."""

    certainty: Annotated[
        Presence | None,
        BeforeValidator(_presence),
        WithJsonSchema({"type": "string", "enum": [str(value) for value in SHOWN]}),
    ] = None
    """With `as_of`: the weakest presence that the list includes; else all three."""
    sort: Text = None
    """Fields to sort by, `-` for descending: `-started,name`. Dates by earliest, then latest; ties by id."""
    fields: Text = None
    """Fields to show: `id,name`; else all."""
    id: Text = None
    """Records with one of these ids, separated by commas."""
    name: Text = None
    """Records with this text in one of their names, in any case."""
    format: Annotated[str | None, WithJsonSchema({"type": "string", "enum": list(MEDIA_TYPES)})] = None
    """The media type; else what `Accept` asks for. CSV and NDJSON hold the whole list, but with `limit`."""

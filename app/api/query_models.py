"""Query strings as models: what a read takes, said once, for the endpoint and for the OpenAPI document.

Pydantic describes them. The endpoint reads them, and not FastAPI, which takes 10 µs a field for it: as long as a list
takes otherwise (docs/decisions/0006-what-fastapi-describes.md). What a value means is decided by the functions that
read it everywhere; what they refuse goes out as they say it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, Self

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema
from sqlalchemy import Connection

from app.api.formats import MEDIA_TYPES
from app.api.parameters import DEFAULT_LIMIT, MOST_ITEMS, Parameters, choose, invalid, parse, whole_limit
from app.registry.documents.canonical import Document
from app.registry.presence import SHOWN, Presence
from app.registry.problems import Fault, Unsupported
from app.registry.serving.statements import Clock, clock

DAY = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_AS_OF = r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|today)$"
_LAPSE = r"^([Pp]([0-9]{1,4}[Yy])?([0-9]{1,4}[Mm])?([0-9]{1,6}[Dd])?|[0-9]{1,6}[YyMmDd])$"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
_KNOWN_AT = f"^([1-9][0-9]{{0,8}}|{_TIME})$"

REVISION_HEADER = "Registry-Revision"
"""On an answer the revision it speaks of; on a request the oldest that the registry must have reached."""
MOST_DIGITS = 9

WITH_COMMAS: Document = {"style": "form", "explode": False}
"""How several values stand in a query string: a parameter says it beside its schema, a field of a model in it."""


def several(text: str, *, each: bool = False) -> str:
    """What is said of a filter that takes several values; `each`: with `all:` in front, all of them."""
    return f"{text} Several with commas: any of them{'; with `all:` in front, each of them.' if each else '.'}"


class Obligatory(NamedTuple):
    """Marks a parameter that must be given; says what to do where it is not, and which other will do as well."""

    message: str
    instead: str | None = None


class NamesDays:
    """Marks a parameter that says which days are asked for, in the place of `as_of`."""


TextParameter = Annotated[str | None, WithJsonSchema({"type": "string", "minLength": 1})]
RevisionNumber = Annotated[str | None, WithJsonSchema({"type": "integer", "minimum": 1})]
Format = Annotated[str | None, WithJsonSchema({"type": "string", "enum": list(MEDIA_TYPES)})]
Limit = Annotated[int, Field(ge=1, le=MOST_ITEMS), BeforeValidator(whole_limit)]


class QueryModel(BaseModel):
    """A query string, read strictly: nothing unknown, nothing blank, nothing twice that is taken once."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)
    # a private attribute of Pydantic takes 2 us each time that it is read
    __slots__ = ("_given",)

    @classmethod
    def read(cls, request: Request) -> Self:
        """The query of a request. Raises Unsupported, naming what is wrong."""
        text = request.scope["query_string"]
        return cls.of(parse(text, cls.names())) if text else cls._empty()

    @classmethod
    @cache
    def _empty(cls) -> Self:
        """The query of a request that has none."""
        return cls.of({})

    @classmethod
    def of(cls, parameters: Parameters) -> Self:
        """The query that has these parameters. Raises Unsupported."""
        for name, missing in cls.required().items():
            # a cursor holds the question
            if not {name, "cursor", missing.instead} & set(parameters):
                raise invalid(name, missing.message)
        query = cls.model_validate(parameters)
        object.__setattr__(query, "_given", parameters)
        return query

    @property
    def given(self) -> Parameters:
        """The parameters as text, as they were given and in that order."""
        given: Parameters = self._given  # type: ignore[attr-defined]
        return given

    @classmethod
    @cache
    def names(cls) -> frozenset[str]:
        """The names of the parameters."""
        return frozenset(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    @cache
    def required(cls) -> Mapping[str, Obligatory]:
        """The parameters that must be given."""
        return {name: mark for name, mark in cls._marks() if isinstance(mark, Obligatory)}

    @classmethod
    @cache
    def naming_days(cls) -> frozenset[str]:
        """The parameters that name days in the place of `as_of`."""
        return frozenset(name for name, mark in cls._marks() if isinstance(mark, NamesDays))

    @classmethod
    def _marks(cls) -> Iterator[tuple[str, Any]]:
        for name, field in cls.model_fields.items():
            yield from ((field.alias or name, mark) for mark in field.metadata)


def reached(request: Request) -> int:
    """The revision that the registry must have reached to answer, 0 for any. Raises Unsupported."""
    text = request.headers.get(REVISION_HEADER)
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        message = "is not the number of a revision, as answers have it in the header of that name"
        raise Unsupported("invalid-parameter", message, (Fault(f"header/{REVISION_HEADER}", message),))
    return int(text)


class ClockQuery(QueryModel):
    """Both clocks."""

    as_of: Annotated[str | None, WithJsonSchema({"type": "string", "minLength": 1, "pattern": _AS_OF})] = None
    """What held on that day, or at some time in that month or year: 2012-01-01, 2012-01 or 2012; or `today`."""
    known_at: Annotated[str | None, WithJsonSchema({"type": "string", "minLength": 1, "pattern": _KNOWN_AT})] = None
    """What the registry said then: a revision number, or a time like 2026-11-21T22:58:51Z; else the newest.

    A time is as precise as it is written: 2026-11-21T22:58:51.123Z is that whole millisecond."""

    presumed_for: Annotated[str | None, WithJsonSchema({"type": "string", "minLength": 2, "pattern": _LAPSE})] = None
    """With `as_of` or a series: how long `presumed` lasts after the last evidence (P5Y, 18m, P90D); else: for ever."""

    _reached: int = PrivateAttr(default=0)

    @classmethod
    def read(cls, request: Request) -> Self:
        """The query of a request, and the revision that the registry must have reached. Raises Unsupported."""
        return super().read(request).asked_by(request)

    def asked_by(self, request: Request) -> Self:
        """The query itself, or one that knows what revision the request wants reached. Raises Unsupported."""
        if not (number := reached(request)):
            return self
        query = self.of(self.given)
        query._reached = number
        return query

    def going_on(self, parameters: Parameters) -> Self:
        """The question that a cursor pins, asked in this one's stead. Raises Unsupported."""
        query = self.of(parameters)
        query._reached = self._reached
        return query

    def clock(self, connection: Connection, pinned: int | None = None) -> Clock:
        """The clocks as the database has them, a walk `pinned` to its revision. Raises Unsupported, Stale or Behind."""
        dated = not self.naming_days().isdisjoint(self.given)
        known_at = self.known_at if pinned is None else str(pinned)
        return clock(connection, known_at, self.as_of, self.presumed_for, dated=dated, reached=self._reached)


CLOCKS = tuple(ClockQuery.model_fields)


class DetailQuery(ClockQuery):
    """What a read of one record takes."""

    fields: TextParameter = None
    """Fields to show: `id,name`; else all. `stretches`, shown only where it is named, says when the record held."""
    format: Format = None
    """The media type; else what `Accept` asks for. In CSV and in a workbook the record is one row."""


class PagedQuery(ClockQuery):
    """What is read page by page."""

    limit: Limit = DEFAULT_LIMIT
    """Items on a page."""
    cursor: TextParameter = None
    """Where to go on, from `links.next`; pins the question and the revision it began with."""


class HistoryQuery(PagedQuery):
    """What the versions of a record take."""

    fields: TextParameter = None
    """Fields to show of each version: `id,name`; else all. `changed` names all that changed, whatever is shown."""


class DiffQuery(ClockQuery):
    """The ends of a comparison."""

    from_: Annotated[RevisionNumber, Field(alias="from"), Obligatory("is missing; give the earlier revision")]
    """The earlier revision."""
    to: RevisionNumber = None
    """The later revision; else the newest."""


def _presence(value: str) -> Presence:
    return Presence(choose("certainty", value, SHOWN))


def _truth(value: str) -> bool:
    return choose("total", value, ("true", "false")) == "true"


class ListQuery(PagedQuery):
    """What every list takes; a collection's own filters stand beside these in a model of its own."""

    certainty: Annotated[
        Presence | None,
        BeforeValidator(_presence),
        WithJsonSchema({"type": "string", "enum": [str(value) for value in SHOWN]}),
    ] = None
    """With `as_of`: the weakest presence that the list includes; else all three."""
    sort: TextParameter = None
    """Fields to sort by, `-` for descending: `-started,name`. Dates by earliest, then latest; ties by id."""
    fields: TextParameter = None
    """Fields to show: `id,name`; else all. `stretches`, shown only where it is named, says when the record held."""
    facets: TextParameter = None
    """Fields to count the whole list by, in `meta.facets`: `kind,force`. JSON only."""
    total: Annotated[bool, BeforeValidator(_truth), WithJsonSchema({"type": "boolean"})] = True
    """Whether `meta.total` says how many records there are in all; `false` leaves it out, and saves the counting."""
    id: TextParameter = None
    """Records with one of these ids, separated by commas."""
    name: TextParameter = None
    """Records with this text in one of their names, in any case."""
    format: Format = None
    """The media type; else what `Accept` asks for. All but JSON hold the whole list, but with `limit`."""

"""The shapes every document is built from: the base of all, what has dates, citations, and what every record has.

A shape is read strictly: unknown fields are refused, while read-only ones (what the registry works out itself) are
dropped, so that what `GET` returns can be sent back.
"""

from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.registry.documents.values import (
    Day,
    End,
    Json,
    Name,
    Observed,
    Reference,
    Slug,
    Target,
    Text,
    UncertainDate,
    whole_number,
)
from app.registry.presence import Presence

READ_ONLY: dict[str, JsonValue] = {"readOnly": True}


class Shape(BaseModel):
    """A part of a document, or a whole one."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_read_only(cls, value: Any) -> Any:
        dropped = cls.read_only()
        if not isinstance(value, dict) or dropped.isdisjoint(value):
            return value
        return {key: item for key, item in value.items() if key not in dropped}

    @classmethod
    @cache
    def read_only(cls) -> frozenset[str]:
        """Names of the fields that are ignored on input."""
        return frozenset(name for name, field in cls.model_fields.items() if field.json_schema_extra == READ_ONLY)


Derived: Any = Field(json_schema_extra=READ_ONLY, default=None)
DerivedList: Any = Field(json_schema_extra=READ_ONLY, default_factory=list)


class Held(NamedTuple):
    """Which fields of a shape say when it held: the first of `starts` that is recorded, `ends` and `observed`.

    "stages/reached" is that field of the first part that has it.
    """

    starts: tuple[str, ...] = ("started",)
    ends: str | None = "ended"
    observed: str | None = "observed"


class Present(Shape):
    """Something that holds on some days and not on others."""

    presence: Annotated[Presence | None, Derived]
    """How sure it is that it held at `as_of`; only on reads with `as_of`."""


class Dated(Present):
    """Something that held from `started` until, not including, `ended`."""

    held: ClassVar[Held] = Held()
    started: Day | None = None
    """First day on which it held."""
    ended: End | None = None
    """First day on which it no longer held; "unknown": it ended, no date is known; null: no end is recorded."""
    observed: Observed = []
    """Days on which a source shows it in being."""


class Basis(StrEnum):
    """Whether the source says it, or the registry concludes it."""

    STATED = "stated"
    INFERRED = "inferred"


class CitationBasis(StrEnum):
    """How a source bears something out."""

    STATED = "stated"
    INFERRED = "inferred"
    ONE_OF = "one_of"


class Citation(Shape):
    """The evidence for a record or for some of its fields."""

    source: Annotated[str, Target("source")]
    """The document."""
    locator: Name | None = None
    """Where in the document: "paragraph 3"."""
    about: list[Annotated[str, Field(max_length=500, pattern=r"^(/[^/]*)*$")]] = []
    """JSON Pointers (RFC 6901) to what this is evidence for; empty: the whole record."""
    basis: CitationBasis = CitationBasis.STATED
    """`stated` in the source, or `inferred` from it by the registry; `one_of`: stated by one of `among` documents that
    were cited together, and which of them says it is not recorded."""
    among: Annotated[int, Field(ge=2, le=99, strict=True), BeforeValidator(whole_number)] | None = None
    """With `one_of`: how many documents were cited together."""
    value: Json | None = None
    """What this source says, where that differs from the record; both stay."""
    note: Text | None = None
    """How the source was read, in the registry's own words."""

    @model_validator(mode="after")
    def _among_several(self) -> Self:
        if (self.basis is CitationBasis.ONE_OF) != (self.among is not None):
            raise PydanticCustomError("among", "basis one_of and the number of documents, among, go together")
        return self


class Sighted(StrEnum):
    """What of a record a source shows on a day."""

    STARTED = "started"
    OBSERVED = "observed"
    PART = "part"


class LastEvidence(Shape):
    """The newest day on which a source shows a record in being."""

    on: UncertainDate
    """The day, as well as the source knows it."""
    kind: Sighted
    """`started` or `observed`: the record itself; `part`: something in it, such as a participation."""
    source: Reference
    """The source that says so, or one of those cited together for it: see `citations`."""


class OtherName(Shape):
    """A name that is or was also used."""

    name: Name
    """The name."""
    from_: Annotated[Day | None, Field(alias="from")] = None
    """First day of its use."""
    to: End | None = None
    """First day on which it was no longer used."""


class Identifier(Shape):
    """The record's id in another scheme."""

    scheme: Name
    """The scheme: "gss", "wikidata", "data.police.uk"."""
    value: Name
    """The id in that scheme."""


class RecordShape(Present):
    """What every record has."""

    presence_of_record: Annotated[Presence | None, Derived]
    """How sure it is that the record itself held at `as_of`; only in lists that are filtered by a relation, where
    `presence` is that of the match: how sure it is that this force was in it."""

    id: Slug
    """A readable id, chosen once, never changed, never reused."""
    type: Annotated[str | None, Derived]
    """The type of the record."""
    url: Annotated[str | None, Derived]
    """Where to read it."""
    name: Name
    """What it is called."""
    other_names: list[OtherName] = []
    """Other names, with the time of their use where known."""
    note: Text | None = None
    """A remark in the registry's own words."""
    identifiers: list[Identifier] = []
    """Ids in other schemes."""
    citations: list[Citation] = []
    """The evidence. No record is without, but for sources, which are evidence themselves."""
    last_evidence: Annotated[LastEvidence | None, Derived]
    """The newest day on which a source shows it in being, by all that is recorded; null: no source gives one."""
    revision: Annotated[int | None, Derived]
    """The revision that wrote what is shown."""
    not_recorded: Annotated[list[str], DerivedList]
    """Fields of which nothing is recorded: null and empty lists above mean this, never "none"."""

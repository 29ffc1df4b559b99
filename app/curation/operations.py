"""What a client can ask to be done to one record; several of these make one revision."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.registry.documents.values import Name

MOST_OPERATIONS = 500
RecordName = Annotated[str, StringConstraints(pattern=r"^[a-z-]+:[a-z0-9]+(-[a-z0-9]+)*$", max_length=170)]
"""A record by type and id: "joint-unit:bch-dog-unit"."""
Token = Annotated[int, Field(ge=1, le=999_999_999, strict=True)]
Reason = Annotated[Name, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""Why a change is made; without control characters, as every name: PostgreSQL keeps no NUL."""


class Operation(BaseModel):
    """One change of one record."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Create(Operation):
    """Make a new record."""

    op: Literal["create"]
    """What is done."""
    document: dict[str, Any]
    """The record, with its `type` and `id`."""


class Replace(Operation):
    """Put a document in the place of what a record says."""

    op: Literal["replace"]
    """What is done."""
    document: dict[str, Any]
    """The record, with its `type` and `id`."""
    if_match: Token | None = None
    """The revision at which the record stands, as it was read; it must be said."""


class Amend(Operation):
    """Change some fields of a record."""

    op: Literal["patch"]
    """What is done."""
    record: RecordName
    """The record."""
    merge: dict[str, Any] | None = None
    """A JSON Merge Patch (RFC 7396): lists are replaced whole, null takes a field out."""
    patch: list[dict[str, Any]] | None = None
    """Or a JSON Patch (RFC 6902) of the record as it is served."""
    if_match: Token | None = None
    """The revision at which the record stands, as it was read; it must be said."""


class Withdraw(Operation):
    """Withdraw a record: a tombstone stays, and its history."""

    op: Literal["withdraw"]
    """What is done."""
    record: RecordName
    """The record."""
    if_match: Token | None = None
    """The revision at which the record stands, as it was read; it must be said."""


class Join(Operation):
    """Join a duplicate into the record that stays."""

    op: Literal["merge"]
    """What is done."""
    record: RecordName
    """The duplicate."""
    into: RecordName
    """The record that stays, of the same type."""
    if_match: Token | None = None
    """The revision at which the duplicate stands, as it was read; it must be said."""


class Merging(Operation):
    """Which record a duplicate is joined into."""

    into: Annotated[str, StringConstraints(pattern=r"^([a-z-]+:)?[a-z0-9]+(-[a-z0-9]+)*$", max_length=170)]
    """The id of the record that stays."""


AnyOperation = Annotated[Create | Replace | Amend | Withdraw | Join, Field(discriminator="op")]


class Batch(Operation):
    """Several operations that make one revision: all are carried out, or none is."""

    reason: Reason
    """Why, in a sentence: public, and kept for ever."""
    operations: Annotated[list[AnyOperation], Field(min_length=1, max_length=MOST_OPERATIONS)]
    """What is done; each record is named once, and references to records that are made here are allowed."""

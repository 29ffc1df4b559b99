"""What is said of revisions."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from app.registry.documents.shapes import Shape
from app.registry.documents.values import Reference


class RevisionCounts(Shape):
    """How many records a revision changed."""

    created: int
    """New ones."""
    amended: int
    """Those that say something else than before."""
    withdrawn: int
    """Those that were withdrawn."""
    merged: int
    """Duplicates that were joined into another."""
    redacted: int
    """Those of which what was said before is gone."""


class RevisionSummary(Shape):
    """One write: when, who, why, and how much."""

    number: int
    """Its number: 1, 2, 3, without a gap."""
    recorded: AwareDatetime
    """When it was recorded."""
    actor: str
    """Who wrote it: the id of a key, which names no person, or a command."""
    reason: str
    """Why."""
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """SHA-256 of all that is said here, of what it wrote, and of the digest of the one before."""
    counts: RevisionCounts
    """How many records it changed."""
    url: str
    """Where to read what it changed."""


class RecordChange(Shape):
    """What a revision did to one record."""

    change: Annotated[str, Field(json_schema_extra={"enum": ["created", "amended", "redacted", "withdrawn", "merged"]})]
    """What it did."""
    record: Reference
    """The record."""
    fields: list[str]
    """Names of the fields that were changed, of an amendment."""
    merged_into: Reference | None
    """The record that a duplicate was joined into."""
    diff: str | None
    """Where to read the difference."""
    redacted: int | None
    """The later revision by which what was written here is redacted; null: it is there."""
    redacted_versions: list[int]
    """Of a redaction, the revisions that wrote what is gone."""


class ChangeEntry(RecordChange):
    """What a revision did to one record, as an entry of the log."""

    id: str
    """The cursor of its place: who has this entry goes on with `after=` and this."""
    revision: int
    """The revision."""
    place: int
    """Its place among the entries of the revision: 1, 2, 3, in the order of type and id."""
    of: int
    """How many entries the revision has."""
    recorded: AwareDatetime
    """When it was recorded."""
    actor: str
    """Who wrote it: the id of a key, which names no person, or a command."""
    reason: str
    """Why."""
    sha256_before: str | None
    """SHA-256 of the canonical document that the record had before; null: it is new."""
    sha256_after: str | None
    """SHA-256 of the canonical document that it has since; null: it was withdrawn."""


class RevisionDetail(RevisionSummary):
    """One write, and what it changed."""

    previous: str | None
    """The digest of the one before."""
    changes: list[RecordChange]
    """What it changed, in the order of type and id."""

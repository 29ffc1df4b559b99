"""What the view on disagreements answers with."""

from pydantic import JsonValue

from app.reads.schemas import Evidence
from app.registry.documents.shapes import Present
from app.registry.documents.values import Reference


class Competing(Evidence):
    """What another source says."""

    value: JsonValue
    """What it says, in the form in which the field is served: a date as an object, an id as a reference."""
    note: str | None
    """How the source was read, in the registry's own words."""


class Conflict(Present):
    """A field of which sources say different things."""

    subject: Reference
    """The record."""
    field: str
    """The field, as a JSON Pointer (RFC 6901) into the record; empty: the whole record."""
    recorded: JsonValue
    """What the record holds there, as it is served; null: nothing."""
    recorded_sources: list[Evidence]
    """The evidence for what is recorded: never a source that says something else of the same field."""
    competing: list[Competing]
    """What the other sources say."""

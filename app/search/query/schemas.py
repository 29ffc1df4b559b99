"""What search answers with."""

from typing import Annotated

from pydantic import Field

from app.registry.documents.shapes import Present, Shape
from app.registry.documents.values import Reference, UncertainDate


class Segment(Shape):
    """A stretch of a text."""

    text: str
    """The text as it is recorded, nothing escaped: set it as text, not as HTML."""
    match: bool
    """Whether it is what matched."""


class MatchedText(Shape):
    """A text of the record that matched."""

    pointer: str
    """Where in the record it stands: a JSON Pointer (RFC 6901)."""
    segments: list[Segment]
    """The text, cut where matches begin and end; of a long one the part around the first match, with an ellipsis."""


class Hit(Present):
    """A record that was found."""

    id: str
    """Its id."""
    type: str
    """Its type."""
    name: str
    """What it is called."""
    url: str
    """Where to read it."""
    score: Annotated[float, Field(ge=0, le=100)]
    """How well it fits; 100: a name, other name, id or identifier is what was asked for."""
    started: UncertainDate | None
    """First day on which it held, by whatever name its type has for that; null: not recorded, or it has no dates."""
    ended: UncertainDate | None
    """First day on which it no longer held; null: not recorded, or it has no dates."""
    matched: list[MatchedText]
    """What matched, best first; empty: the name of a duplicate that was merged into it."""


class Suggestion(Present):
    """A record that may be meant."""

    id: str
    """Its id."""
    type: str
    """Its type."""
    name: str
    """What it is called."""
    url: str
    """Where to read it."""
    score: Annotated[float, Field(ge=0, le=100)]
    """How well it fits."""
    matched: list[MatchedText]
    """The name, other name, id or identifier that matched."""


class TypeCount(Shape):
    """How many of a type there are."""

    type: str
    """The type."""
    count: int
    """Its records among those ranked."""


class ForceCount(Shape):
    """How many records concern a force."""

    force: Reference
    """The force."""
    count: int
    """The records among those ranked that are it, name it, or are or name a body that oversees it."""


class Facets(Shape):
    """The records that were ranked, sorted into groups."""

    type: list[TypeCount]
    """By type, most first."""
    force: list[ForceCount]
    """By force, most first; a record of several forces counts for each."""


class SearchMeta(Shape):
    """What a search says besides."""

    more: bool
    """True: more records match than the 200 that were ranked, counted and can be paged through; ask more narrowly."""
    corrected: dict[str, list[str]]
    """Words that nothing recorded has, and the words they were taken for."""
    facets: Facets
    """Counts over the records that were ranked."""


class SuggestMeta(Shape):
    """What a list of suggestions says besides."""

    corrected: dict[str, list[str]]
    """Words that nothing recorded has, and the words they were taken for."""

"""What the view on the citations of a source answers with."""

from pydantic import JsonValue

from app.registry.documents.shapes import CitationBasis, Present
from app.registry.documents.values import Reference


class CitingRecord(Present):
    """A record that cites the source."""

    record: Reference
    """The record."""
    citation: str
    """The citation, as a JSON Pointer (RFC 6901) into the record."""
    about: list[str]
    """JSON Pointers to what it is evidence for; empty: the whole record."""
    locator: str | None
    """Where in the source."""
    basis: CitationBasis
    """`stated` in it, `inferred` from it by the registry, or stated by `one_of` several cited together."""
    among: int | None
    """With `one_of`: how many documents were cited together."""
    value: JsonValue | None
    """What the source says, where that differs from the record."""
    note: str | None
    """How the source was read, in the registry's own words."""

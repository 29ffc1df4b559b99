"""Shapes that several answers share."""

from app.registry.documents.shapes import CitationBasis, Shape
from app.registry.documents.values import Reference


class Evidence(Shape):
    """Where a source says something."""

    source: Reference
    """The document."""
    locator: str | None
    """Where in the document."""
    basis: CitationBasis
    """`stated` in the source, `inferred` from it by the registry, or stated by `one_of` several cited together."""
    among: int | None
    """With `one_of`: how many documents were cited together; which of them says it is not recorded."""


class Count(Shape):
    """How many, by how sure it is that each was there; each is counted once, by its strongest presence."""

    certain: int
    """Certain."""
    presumed: int
    """Not certain, but nothing says that it had stopped."""
    possible: int
    """Neither: the dates leave it open."""

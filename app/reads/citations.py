"""Which citations of a record are evidence for a field of it."""

from collections.abc import Iterator

from app.registry.documents.canonical import Document


def covering(citations: list[Document], *pointers: str) -> Iterator[Document]:
    """The citations that bear out one of these fields, or the whole record; none that say something else."""
    for citation in citations:
        about = citation["about"]
        if citation["value"] is None and (
            not about or any(_overlap(named, field) for named in about for field in pointers)
        ):
            yield citation


def _overlap(pointer: str, other: str) -> bool:
    """Whether one JSON Pointer leads to the other, or to a part of it."""
    return f"{pointer}/".startswith(f"{other}/") or f"{other}/".startswith(f"{pointer}/")


def shown(citation: Document) -> Document:
    """A citation as evidence in an answer."""
    return {name: citation[name] for name in ("source", "locator", "basis")}

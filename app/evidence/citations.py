"""Which citations of a record are evidence for a field of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypedDict, TypeVar

from app.registry.documents.references import ReferenceObject


class CitationRow(TypedDict):
    """What is asked of a citation in an answer: the shape `Citation`."""

    source: ReferenceObject
    locator: str | None
    about: list[str]
    basis: str
    among: int | None
    value: Any


AnyCitation = TypeVar("AnyCitation", bound=CitationRow)


def covering(citations: Sequence[AnyCitation], *pointers: str) -> Iterator[AnyCitation]:
    """The citations that bear out one of these fields, or the whole record.

    None that says something else, and none of a source that does so elsewhere: a list of documents is often cited for
    all of a record, and one of them for another value of one field besides.
    """
    disputes = [citation for citation in citations if citation["value"] is not None]
    disputing = {pointer: _disputing(disputes, pointer) for pointer in pointers}
    for citation in citations:
        source, about = citation["source"]["id"], citation["about"]
        if citation["value"] is None and any(
            (not about or _overlaps_any(about, pointer)) and source not in disputing[pointer] for pointer in pointers
        ):
            yield citation


def _disputing(disputes: Iterable[CitationRow], pointer: str) -> set[str]:
    """The sources that say something else of the field, of a part of it, or of what it is a part of."""
    return {
        dispute["source"]["id"]
        for dispute in disputes
        if pointer in (dispute["about"] or [""]) or (pointer and _overlaps_any(dispute["about"], pointer))
    }


def _overlaps_any(pointers: Iterable[str], other: str) -> bool:
    return any(_overlap(pointer, other) for pointer in pointers)


def _overlap(pointer: str, other: str) -> bool:
    """Whether one JSON Pointer leads to the other, or to a part of it."""
    return f"{pointer}/".startswith(f"{other}/") or f"{other}/".startswith(f"{pointer}/")


class EvidenceRow(TypedDict):
    """Where a source says something, as answers have it: the shape `Evidence`."""

    source: ReferenceObject
    locator: str | None
    basis: str
    among: int | None


def shown(citation: CitationRow) -> EvidenceRow:
    """A citation as evidence in an answer."""
    return {
        "source": citation["source"],
        "locator": citation["locator"],
        "basis": citation["basis"],
        "among": citation["among"],
    }

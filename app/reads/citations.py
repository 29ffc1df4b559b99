"""Which citations of a record are evidence for a field of it."""

from collections.abc import Iterable, Iterator
from typing import TypedDict

from app.reads.answer_part_types import ServedCitation
from app.registry.documents.references import ReferenceObject


def covering(citations: Iterable[ServedCitation], *pointers: str) -> Iterator[ServedCitation]:
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


class EvidenceRow(TypedDict):
    """Where a source says something, as answers have it: the shape `Evidence`."""

    source: ReferenceObject
    locator: str | None
    basis: str


def shown(citation: ServedCitation) -> EvidenceRow:
    """A citation as evidence in an answer."""
    return {"source": citation["source"], "locator": citation["locator"], "basis": citation["basis"]}

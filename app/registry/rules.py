"""Rules that every kind of record can have: no record stands in a relation to itself that only another can."""

from collections.abc import Iterator

from app.registry.collection import Finding, Look, Rule
from app.registry.documents.canonical import Document


def not_part_of_itself(document: Document, look: Look) -> Iterator[Finding]:
    """Nothing is part of itself: `part_of` names a record of the same type, and another."""
    if _names(document, document.get("part_of")):
        yield Finding("/part_of", "names the record itself")


def not_its_own_predecessor(document: Document, look: Look) -> Iterator[Finding]:
    """Nothing precedes itself: each of the `predecessors` names a record of the same type, and another."""
    for index, predecessor in enumerate(document.get("predecessors", [])):
        if any(_names(document, value) for value in predecessor.values()):
            yield Finding(f"/predecessors/{index}", "names the record itself")


def _names(document: Document, reference: object) -> bool:
    """Whether "type:id" is the id of the document."""
    return isinstance(reference, str) and reference.partition(":")[2] == document["id"]


OWN_PART = Rule(id="own-part", check=not_part_of_itself)
OWN_PREDECESSOR = Rule(id="own-predecessor", check=not_its_own_predecessor)

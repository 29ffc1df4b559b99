"""The types of records, as a reconciliation service names them: the collections, most asked for first."""

from collections.abc import Iterable

from app.catalogue import CATALOGUE
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.documents.values import SLUG
from app.registry.suggestions import did_you_mean

_MOST_ASKED = ("force", "joint-unit", "governance-body", "organisation", "alliance", "agreement", "person")
TYPES = tuple(sorted(CATALOGUE.by_type, key=lambda kind: (*_MOST_ASKED, kind).index(kind)))


def type_of(collection: Collection) -> Document:
    """The collection as a type: id and name."""
    return {"id": collection.type, "name": collection.type.replace("-", " ").capitalize()}


def described(collection: Collection) -> Document:
    """The collection as a type, with what it holds."""
    return {**type_of(collection), "description": collection.summary}


def wrong_type(kind: str) -> str | None:
    """What is the matter with a type's name; None: nothing."""
    return None if kind in CATALOGUE.by_type else f"'{kind[:60]}' is not a type here{did_you_mean(kind, TYPES)}"


def ref_in(text: str, types: Iterable[str] = TYPES) -> Ref | None:
    """The record that a text names by an id of this service ("force:bedfordshire"), if it can be of these types."""
    ref = Ref(*text.strip().partition(":")[::2])
    return ref if ref.type in tuple(types) and SLUG.fullmatch(ref.id) and len(ref.id) <= 120 else None

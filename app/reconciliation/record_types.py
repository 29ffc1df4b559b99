"""The types of records, as a reconciliation service names them: the collections, most asked for first."""

from collections.abc import Iterable

from app.catalogue import CATALOGUE
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
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


def target_in(text: str, types: Iterable[str] = TYPES) -> str | None:
    """The "type:id" that a text is, if it can be one of these types: an id of this service."""
    kind, _, slug = text.strip().partition(":")
    return f"{kind}:{slug}" if kind in tuple(types) and SLUG.fullmatch(slug) and len(slug) <= 120 else None

"""The canonical form of documents: what is hashed and never changes."""

from collections.abc import Mapping
from typing import Any

import orjson
from jsonpointer import EndOfList, JsonPointerException, resolve_pointer

Document = dict[str, Any]
"""A canonical document, or what is made of one: for the edge, where nothing is known of its type."""

_NOWHERE = object()


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and nothing between, the form in which documents are kept and hashed."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse_json(text: str | bytes) -> Document:
    """A kept document, ready to be looked into."""
    document: Document = orjson.loads(text)
    return document


def nothing_recorded(answer: Document) -> list[str]:
    """Names of the fields of an answer of which nothing is recorded."""
    return [name for name, value in answer.items() if (value is None or value == []) and name != "not_recorded"]


def pointer_exists(document: Mapping[str, Any], pointer: str) -> bool:
    """Whether a JSON Pointer (RFC 6901) leads somewhere in the document."""
    return pointed_at(document, pointer, _NOWHERE) is not _NOWHERE


def pointed_at(document: Mapping[str, Any], pointer: str, otherwise: Any = None) -> Any:
    """What a JSON Pointer (RFC 6901) leads to in the document; `otherwise` where it leads nowhere."""
    try:
        found = resolve_pointer(document, pointer, otherwise)
    except JsonPointerException:  # no pointer at all, or one that goes into a text
        return otherwise
    return otherwise if isinstance(found, EndOfList) else found  # "-" is the place behind the last of a list

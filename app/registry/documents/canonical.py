"""The canonical form of documents: what is hashed and never changes."""

from typing import Any

import orjson

Document = dict[str, Any]
"""A canonical document, or what is made of one: for the edge, where nothing is known of its type."""


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


def pointer_exists(document: Document, pointer: str) -> bool:
    """Whether a JSON Pointer (RFC 6901) leads somewhere in the document."""
    here: Any = document
    for escaped in pointer.split("/")[1:]:
        token = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and token in here:
            here = here[token]
        elif isinstance(here, list) and token.isascii() and token.isdigit() and int(token) < len(here):
            here = here[int(token)]
        else:
            return False
    return True

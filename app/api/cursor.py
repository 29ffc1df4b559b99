"""Cursors: where a walk through a list stands, signed, and pinned to the question and the revision it began with."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple

import orjson

from app.api.parameters import Parameters, invalid

_SIGNATURE = 16
_FORM = b"2"
"""Signed along: what stands in `after` was otherwise before, and what was written then is refused."""


class Cursor(NamedTuple):
    """The question of a walk, the revision it is pinned to, and the sort keys of the last item given."""

    question: Parameters
    revision: int
    after: list[Any]


def write(key: bytes, path: str, cursor: Cursor) -> str:
    """The cursor as an opaque text, good for this path and this database alone."""
    payload = orjson.dumps(tuple(cursor))
    return urlsafe_b64encode(_sign(key, path, payload) + payload).rstrip(b"=").decode()


def read(key: bytes, path: str, text: str) -> Cursor:
    """The cursor that was written for this path. Raises Unsupported for any other text."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        payload = raw[_SIGNATURE:]
        # base64 reads some characters it need not: only the very text that was written is taken
        same = urlsafe_b64encode(raw).rstrip(b"=").decode() == text
        if not (same and hmac.compare_digest(raw[:_SIGNATURE], _sign(key, path, payload))):
            raise ValueError
    except ValueError as error:
        message = "is not a cursor of this list; start again without one, or follow links.next"
        raise invalid("cursor", message, "invalid-cursor") from error
    question, revision, after = orjson.loads(payload)
    return Cursor(question, revision, after)


def _sign(key: bytes, path: str, payload: bytes) -> bytes:
    return hmac.digest(key, b"\n".join((_FORM, path.encode(), payload)), "sha256")[:_SIGNATURE]

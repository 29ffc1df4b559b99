"""JSON bodies of writes: read in full, never more than is taken, not deeper than anyone means."""

from typing import Any

import orjson
from fastapi import Request

from app.registry.problems import Fault, Refused, Unsupported

LARGEST_BODY = 5_000_000
DEEPEST = 40
"""Records are five deep; what is deeper is meant for the stack of whoever reads it."""
JSON_TYPES = ("application/json",)


async def raw_body(request: Request) -> bytes:
    """The body, as a dependency. Raises Unsupported: too large."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > LARGEST_BODY:
            message = f"is longer than {LARGEST_BODY} bytes; send large datasets to /v1/imports"
            raise Unsupported("content-too-large", f"the body {message}", (Fault("body", message),))
    return bytes(found)


def media_type(request: Request, taken: tuple[str, ...] = JSON_TYPES) -> str:
    """The media type of the body. Raises Refused for one that is not taken; names those that are (RFC 5789)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in taken:
        message = f"is '{kind[:60]}'; send {' or '.join(taken)}" if kind else f"is missing; send {' or '.join(taken)}"
        fault = Fault("header/Content-Type", message)
        named = {"Accept-Patch": ", ".join(taken)} if request.method == "PATCH" else {}
        raise Refused("unsupported-media-type", f"Content-Type {message}", (fault,), headers=named)
    return kind


def parsed(body: bytes) -> Any:
    """The JSON of a body. Raises Unsupported for what is none, and for what is too deep."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        message = f"is not JSON in UTF-8: {error}"
        raise Unsupported("invalid-parameter", f"the body {message}", (Fault("body", message),)) from error
    if depth_of(found) > DEEPEST:
        message = f"is more than {DEEPEST} levels deep"
        raise Unsupported("invalid-parameter", f"the body {message}", (Fault("body", message),))
    return found


def depth_of(value: Any) -> int:
    """How many objects and lists stand in each other."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [item for each in level for item in (each.values() if isinstance(each, dict) else each)]
    return depth

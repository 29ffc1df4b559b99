"""Bodies of writes: read in full, never more than is taken; JSON not deeper, nor more ambiguous, than anyone means."""

import json
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
    return await bounded_body(request, LARGEST_BODY, "; send large datasets to /v1/imports")


async def bounded_body(request: Request, longest: int, instead: str = "") -> bytes:
    """The body, never more of it than `longest` bytes; what says beforehand that it is longer is not read at all."""
    stated, found = request.headers.get("content-length", ""), bytearray()
    if stated.isdecimal() and len(stated) < 20 and int(stated) > longest:
        raise _too_long(longest, instead)
    async for chunk in request.stream():
        found += chunk
        if len(found) > longest:
            raise _too_long(longest, instead)
    return bytes(found)


def _too_long(longest: int, instead: str) -> Refused:
    """413; the connection is closed, or the server would have to hear the rest of it out."""
    message = f"is longer than {longest} bytes{instead}"
    headers = {"Connection": "close"}
    return Refused("content-too-large", f"the body {message}", (Fault("body", message),), headers=headers)


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
    """The JSON of a body. Raises Unsupported for what is none, is too deep, or says one thing in two ways."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _unreadable(f"is not JSON in UTF-8: {error}") from error
    if depth_of(found) > DEEPEST:
        raise _unreadable(f"is more than {DEEPEST} levels deep")
    # numbers are left as text: Python refuses to read the longest
    json.loads(body, object_pairs_hook=_each_once, parse_int=str, parse_float=str)
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> None:
    """Raise Unsupported for a name that stands twice in an object: which of them is meant, readers disagree on."""
    seen = set[str]()
    for name, _ in pairs:
        if name in seen:
            raise _unreadable(f"has '{name[:100]}' twice in one object")
        seen.add(name)


def _unreadable(message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"the body {message}", (Fault("body", message),))


def depth_of(value: Any) -> int:
    """How many objects and lists stand in each other."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [item for each in level for item in (each.values() if isinstance(each, dict) else each)]
    return depth

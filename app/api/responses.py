"""Envelopes, put together from stored bytes, with validators for caches."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from app import __version__
from app.api.prefix import address, prefix_of, prefixed
from app.api.query_models import REVISION_HEADER
from app.registry.documents.canonical import Document
from app.registry.serving.statements import Clock

JSON = "application/json"


def envelope(data: bytes, meta: Document, links: Document) -> bytes:
    """`{"data": …, "meta": …, "links": …}` around data that is JSON already."""
    return b'{"data":%b,"meta":%b,"links":%b}' % (data, orjson.dumps(meta), orjson.dumps(links))


def as_bytes(answer: Any) -> bytes:
    """An answer as JSON: stored text as it is, anything else written anew."""
    return answer.encode() if isinstance(answer, str) else orjson.dumps(answer)


def joined(answers: list[Any]) -> bytes:
    """A JSON array of answers."""
    return b"[" + b",".join(map(as_bytes, answers)) + b"]"


def respond(
    request: Request,
    content: bytes | Iterator[bytes],
    when: Clock,
    links: dict[str, str | None],
    media_type: str = JSON,
    *,
    vary: bool = False,
    variant: str = "",
    stands_at: int | None = None,
) -> Response:
    """200 with an ETag and Link header (RFC 8288), or 304 when the client has this very answer (RFC 9110).

    `vary`: the address has other media types too, and `Accept` chooses. `variant`: what else the answer is made of.
    `stands_at`: the revision of the one record that is shown; its tag begins with that, and `If-Match` takes it.
    """
    prefix = prefix_of(request)
    tag = _tag(request, when, media_type + variant + prefix)
    headers = _headers(tag if stands_at is None else f"{stands_at}-{tag}", when, vary=vary)
    if shown := ", ".join(f'<{address(request, url)}>; rel="{rel}"' for rel, url in links.items() if url):
        headers["Link"] = shown
    if prefix:
        content = _prefixed(content, media_type, prefix)
    return validated(request, content, headers, media_type)


def unchanged(request: Request, when: Clock, *, vary: bool = False) -> Response | None:
    """304 where the client has the JSON answer to this very request of this revision; said before anything is read.

    The tag of one record begins with the revision at which it stands, which is the same while nothing else is.
    """
    known = _known_tags(request)
    if not known:
        return None
    tag = _tag(request, when, JSON + prefix_of(request))
    held = next((each for each in known if tag in (each, each.rpartition("-")[2])), None)
    return Response(None, 304, _headers(held, when, vary=vary)) if held else None


def _headers(tag: str, when: Clock, *, vary: bool) -> dict[str, str]:
    found = {"ETag": f'"{tag}"', "Cache-Control": "public, no-cache", REVISION_HEADER: str(when.revision)}
    return found | ({"Vary": "Accept"} if vary else {})


def _prefixed(content: bytes | Iterator[bytes], media_type: str, prefix: str) -> bytes | Iterator[bytes]:
    if isinstance(content, bytes):
        return prefixed(content, media_type, prefix)
    return (prefixed(line, media_type, prefix) for line in content)


def validated(request: Request, content: bytes | Iterator[bytes], headers: dict[str, str], media_type: str) -> Response:
    """200 with these headers, an ETag among them, or 304 when the client has this very answer (RFC 9110)."""
    if not {"*", headers["ETag"].strip('"')}.isdisjoint(_known_tags(request)):
        return Response(None, 304, headers)
    if isinstance(content, bytes):
        return Response(content, 200, headers, media_type)
    if request.scope.get("registry.head"):
        content = iter(())  # nobody reads it, and it would take long to write
    return StreamingResponse(content, 200, headers, media_type)


def _tag(request: Request, when: Clock, media_type: str) -> str:
    """Names an answer by what it is made of: an address never answers differently at one revision, until some of that
    is redacted.

    The revision's time stands for it, because another database has the same numbers.
    """
    asked = (request.scope["path"], request.scope["query_string"], when.as_of)  # `as_of=today` is another day tomorrow
    made_of = (__version__, when.recorded, when.redacted, *asked, media_type)
    return blake2b(repr(made_of).encode(), digest_size=12).hexdigest()


def _known_tags(request: Request) -> list[str]:
    """The tags in `If-None-Match`, without quotation marks, or a star (RFC 9110 section 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    return [item.strip().removeprefix("W/").strip('"') for item in known.split(",") if item]

"""Which requests are answered on the event loop, and what is left to the application."""

import asyncio
from typing import Any

import pytest
from fastapi import Response

from app.api.short_reads import ShortReads
from app.registry.problems import NotFound


def answer(request: Any, slug: str, reader: Any) -> Response:
    if slug == "nobody":
        raise NotFound("nobody")
    return Response(f"{slug} by {reader}")


async def application(scope: Any, receive: Any, send: Any) -> None:
    await Response("the application")(scope, receive, send)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/forces/kent", b"kent by reader"),
        ("GET", "/v1/forces/nobody", b"the application"),
        ("PUT", "/v1/forces/kent", b"the application"),
        ("GET", "/v1/forces", b"the application"),
        ("GET", "/v1/forces/kent/proof", b"the application"),
        ("GET", "/v1/forces/kent/", b"the application"),  # it came without the slash, had it one
        ("GET", "/v2/forces/kent", b"the application"),
        ("GET", "/v1/people/kent", b"the application"),
    ],
)
def test_one_record_is_read_at_once(method: str, path: str, body: bytes) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    layer = ShortReads(application, {("forces", ""): answer}, "reader")  # type: ignore[arg-type]
    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
    asyncio.run(layer(scope, None, send))  # type: ignore[arg-type]
    assert sent[1]["body"] == body

"""Which requests are answered on the event loop, and what is left to the application."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fastapi import Response

from app.api.loop_connection import LoopConnection
from app.api.short_reads import ShortReads
from app.registry.problems import NotFound


def answer(request: Any, slug: str, reader: Any) -> Response:
    if slug == "nobody":
        raise NotFound("nobody")
    return Response(f"{slug} by {reader}")


async def application(scope: Any, receive: Any, send: Any) -> None:
    await Response("the application")(scope, receive, send)


KEPT = b"kent by reader"
ALL = b" by reader"
LEFT = b"the application"


def asked(method: str, target: str, accept: str | None = None) -> bytes:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    endpoints = {("forces", ""): answer, ("forces", "{id}"): answer, ("forces", "{id}/history"): answer}
    layer = ShortReads(application, endpoints, "reader")  # type: ignore[arg-type]
    path, _, query = target.partition("?")
    headers = [(b"accept", accept.encode())] if accept else []
    scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": query.encode()}
    asyncio.run(layer(scope, None, send))  # type: ignore[arg-type]
    body: bytes = sent[1]["body"]
    return body


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/v1/forces/kent", KEPT),
        ("GET", "/v1/forces/kent?as_of=2012", KEPT),
        ("GET", "/v1/forces/kent/history", KEPT),
        ("GET", "/v1/forces", ALL),
        ("GET", "/v1/forces?limit=2", ALL),
        ("GET", "/v1/forces?format=csv", LEFT),
        ("GET", "/v1/forces?facets=kind", LEFT),
        ("GET", "/v1/forces/nobody", LEFT),
        ("PUT", "/v1/forces/kent", LEFT),
        ("GET", "/v1/forces/kent/diff", LEFT),
        ("GET", "/v1/forces/kent/", LEFT),  # it came without the slash, had it one
        ("GET", "/v2/forces/kent", LEFT),
        ("GET", "/v1/people/kent", LEFT),
        ("GET", "/v1", LEFT),
    ],
)
def test_short_reads_are_answered_at_once(method: str, target: str, body: bytes) -> None:
    assert asked(method, target) == body


@pytest.mark.parametrize(
    ("accept", "body"),
    [("application/json", KEPT), ("*/*", KEPT), ("text/csv", LEFT), ("text/html,*/*;q=0.8", LEFT)],
)
def test_files_are_left_to_the_application(accept: str, body: bytes) -> None:
    assert asked("GET", "/v1/forces/kent", accept) == body


def test_what_takes_long_is_broken_off(tmp_path: Path) -> None:
    kept = LoopConnection(f"sqlite:///{tmp_path}/some.db")
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT max(i) FROM n"

    def count(_request: Any, slug: str, _reader: Any) -> Response:
        with kept as connection:
            return Response(str(connection.exec_driver_sql(counting.format(slug)).scalar()))

    layer = ShortReads(application, {("numbers", "{id}"): count}, None)  # type: ignore[arg-type]

    def counted(slug: str) -> Response | None:
        return layer._answer({"path": f"/v1/numbers/{slug}", "query_string": b"", "headers": [], "type": "http"})

    short = counted("10")
    assert short is not None
    assert short.body == b"10"
    assert counted("30000000") is None
    again = counted("10")
    assert again is not None
    kept.dispose()

"""Short reads, answered where they come in: on SQLite, without the framework and without a thread.

One record takes SQLite some 10 µs and a page of a list some 100, and to hand them to a thread and back takes longer
than to make the answer. The very endpoints that the framework serves are asked; whatever one of them raises, the
framework hears too, and says. What turns out to be long is broken off, and asked again in a thread: everybody waits
for who works on the event loop.
"""

from collections.abc import Callable, Mapping
from threading import local
from time import perf_counter
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Engine, create_engine, event
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.dependencies import Reads

Endpoint = Callable[[Request, str, Reads], Response]
"""Of a record or a list: request, id and access."""
LONGEST = 0.005
"""Seconds that a read may take on the event loop."""
STEPS = 5000
"""After so many steps of its machine SQLite looks at the clock: some 0.2 ms."""
LONGER = (b"format=", b"facets=")
"""Parameters of lists that ask for more than a page."""
_PATIENCE = local()


class ShortReads:
    """Answers reads by the endpoints given, by collection and what follows it: ("forces", "{id}")."""

    def __init__(self, app: ASGIApp, endpoints: Mapping[tuple[str, str], Endpoint], reader: Reads) -> None:
        self.app, self.endpoints, self.reader = app, endpoints, reader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        response = self._answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (response or self.app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """The answer; None where the application has to give it, or to say why there is none."""
        steps = scope["path"].split("/")
        if len(steps) not in (3, 4, 5) or steps[1] != "v1" or not all(steps[2:]):
            return None
        slug, rest = (steps[3], "/".join(["{id}", *steps[4:]])) if len(steps) > 3 else ("", "")
        endpoint = self.endpoints.get((steps[2], rest))
        if endpoint is None or _longer(scope):
            return None
        _PATIENCE.until = perf_counter() + LONGEST
        try:
            return endpoint(Request(scope), slug, self.reader)
        except Exception:
            return None


def _longer(scope: Scope) -> bool:
    """Whether a file is asked for, or something to be counted."""
    if any(name in scope["query_string"] for name in LONGER):
        return True
    accepted = [value for name, value in scope["headers"] if name == b"accept"]
    return any(b"json" not in value and not value.startswith(b"*/*") for value in accepted)


def waiting_for_nothing(url: str) -> Engine:
    """An engine for reads on the event loop: of a file that is locked it says so at once, for everybody would wait."""
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0, connect_args={"timeout": 0})
    event.listen(engine, "connect", _only_read)
    return engine


def _only_read(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("query_only=ON", "mmap_size=0", "cache_size=-16384"):
        connection.execute(f"PRAGMA {pragma}")
    connection.set_progress_handler(_too_long, STEPS)


def _too_long() -> bool:
    return perf_counter() > getattr(_PATIENCE, "until", float("inf"))

"""Short reads, answered where they come in: on SQLite, without the framework and without a thread.

One record takes SQLite some 10 µs, and to hand it to a thread and back takes longer than to make its answer. The very
endpoints that the framework serves are asked; whatever one of them raises, the framework hears too, and says.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Engine, create_engine, event
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.dependencies import Reads

Endpoint = Callable[[Request, str, Reads], Response]
"""Of one record: request, id and access."""


class ShortReads:
    """Answers reads of one record by the endpoints given, by collection and what follows the id: ("forces", "")."""

    def __init__(self, app: ASGIApp, endpoints: Mapping[tuple[str, str], Endpoint], reader: Reads) -> None:
        self.app, self.endpoints, self.reader = app, endpoints, reader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        response = self._answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (response or self.app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """The answer; None where the application has to give it, or to say why there is none."""
        steps = scope["path"].split("/")
        if not (4 <= len(steps) <= 5 and steps[1] == "v1" and all(steps[2:])):
            return None
        endpoint = self.endpoints.get((steps[2], steps[4] if len(steps) == 5 else ""))
        if endpoint is None:
            return None
        try:
            return endpoint(Request(scope), steps[3], self.reader)
        except Exception:
            return None


def waiting_for_nothing(url: str) -> Engine:
    """An engine for reads on the event loop: of a file that is locked it says so at once, for everybody would wait."""
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0, connect_args={"timeout": 0})
    event.listen(engine, "connect", _only_read)
    return engine


def _only_read(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("query_only=ON", "mmap_size=0", "cache_size=-16384"):
        connection.execute(f"PRAGMA {pragma}")

"""The server's HTTP protocol, so that even what is not HTTP gets a problem for an answer."""

import sys
from asyncio import TimerHandle
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import orjson
from fastapi import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.problem_types import TYPES
from app.api.problems import MEDIA_TYPE
from app.settings import get_settings

if sys.platform != "win32":
    import resource

_ON_SHUTDOWN = "on_shutdown"
HEAD_SECONDS = 10.0
"""Seconds in which the head of a request must have come, and a new connection ask for something."""
LARGEST_HEAD = 65_536
"""Bytes of the address and the headers of a request."""
TOO_LARGE = f"the head of the request is larger than {LARGEST_HEAD} bytes"
KEPT_FILES, FILES_OF_CONNECTION = 64, 3
"""Files that stay free for the process itself, and those that an SQLite connection has open."""


def on_shutdown(request: Request, end: Callable[[], None]) -> None:
    """Have an answer without end ended when the service is told to stop: it is waited for otherwise."""
    request.scope.setdefault("state", {})[_ON_SHUTDOWN] = end


class ProblemProtocol(HttpToolsProtocol):
    """Uvicorn's protocol; what it cannot read is answered with problem+json instead of plain text.

    The head of a request must come within HEAD_SECONDS and be no larger than LARGEST_HEAD: uvicorn waits for ever, and
    takes any. Connections beyond what the process can have open are answered 503 at once.
    """

    _in_head, _unread = True, 0
    _head_timer: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Take a connection, if there is room for it."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            self._refuse("unavailable", "too many connections are open; try again", "retry-after: 5\r\n")
        else:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; what has no end of a head for too long, or too much, is refused."""
        if self._in_head:
            self._unread += len(data)
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            if self._unread > LARGEST_HEAD:
                self.send_400_response(TOO_LARGE)
            elif self._head_timer is None:
                self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def on_message_begin(self) -> None:
        """A request begins: of several on one connection, each with a head of its own."""
        self._in_head, self._unread = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there. Raises ValueError, which the parser takes for a fault of what came."""
        self._in_head = False
        self._stop_timer()
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > LARGEST_HEAD:
            raise ValueError(TOO_LARGE)
        super().on_headers_complete()

    def _stop_timer(self) -> None:
        if self._head_timer:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        """Close a connection that asks for nothing; nobody waits there for an answer."""
        self._head_timer = None
        if self._in_head:
            self.transport.close()

    def shutdown(self) -> None:
        """End what has no end by itself; of a client that does not take what it is sent, the connection."""
        scope: Any = self.scope  # None until something was asked
        end = scope["state"].get(_ON_SHUTDOWN) if scope else None
        if end:
            end()
            if self.transport.get_write_buffer_size():
                self.transport.abort()
        super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Refuse the bytes that came and close the connection."""
        self._refuse("bad-request", msg)

    def _refuse(self, slug: str, detail: str, headers: str = "") -> None:
        """Answer with a problem, and close the connection."""
        kind, name = TYPES[slug], uuid4().hex
        content = {
            "type": f"{get_settings().prefix}/problems/{slug}",
            "title": kind.title,
            "status": kind.status,
            "detail": detail,
        }
        body = orjson.dumps({**content, "instance": None, "request_id": name, "errors": []})
        head = f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
        head += f"content-length: {len(body)}\r\nx-request-id: {name}\r\n{headers}"
        self.transport.write(head.encode() + b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n" + body)
        self.transport.close()


@cache
def most_connections() -> int:
    """Connections that this process can have open, with what it needs for its database and files (`ulimit -n`)."""
    if sys.platform == "win32":
        return 10_000
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(8, files - KEPT_FILES - FILES_OF_CONNECTION * get_settings().pool_size)

"""The server's HTTP protocol, so that even what is not HTTP gets a problem for an answer."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
from fastapi import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.problem_types import TYPES
from app.api.problems import MEDIA_TYPE
from app.settings import get_settings

_ON_SHUTDOWN = "on_shutdown"


def on_shutdown(request: Request, end: Callable[[], None]) -> None:
    """Have an answer without end ended when the service is told to stop: it is waited for otherwise."""
    request.scope.setdefault("state", {})[_ON_SHUTDOWN] = end


class ProblemProtocol(HttpToolsProtocol):
    """Uvicorn's protocol; what it cannot read is answered with problem+json instead of plain text."""

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
        kind = TYPES["bad-request"]
        content = {
            "type": f"{get_settings().prefix}/problems/bad-request",
            "title": kind.title,
            "status": kind.status,
            "detail": msg,
        }
        name = uuid4().hex
        body = orjson.dumps({**content, "instance": None, "request_id": name, "errors": []})
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
        head += f"x-request-id: {name}\r\n"
        self.transport.write(head.encode() + b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n" + body)
        self.transport.close()

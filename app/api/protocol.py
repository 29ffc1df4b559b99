"""The server's HTTP protocol, so that even what is not HTTP gets a problem for an answer."""

from uuid import uuid4

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.problem_types import TYPES
from app.api.problems import MEDIA_TYPE
from app.settings import get_settings


class ProblemProtocol(HttpToolsProtocol):
    """Uvicorn's protocol; what it cannot read is answered with problem+json instead of plain text."""

    def send_400_response(self, msg: str) -> None:
        """Refuse the bytes that came and close the connection."""
        kind = TYPES["bad-request"]
        content = {
            "type": f"{get_settings().prefix}/problems/bad-request",
            "title": kind.title,
            "status": kind.status,
            "detail": msg,
        }
        body = orjson.dumps({**content, "instance": None, "request_id": uuid4().hex, "errors": []})
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(head.encode() + b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n" + body)
        self.transport.close()

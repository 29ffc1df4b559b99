"""What is done to every request before the framework sees it: plain ASGI, because it costs next to nothing there."""

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.answer_headers import AnswerHeaders
from app.api.cross_origin import CrossOrigin
from app.api.parameters import LONGEST_QUERY
from app.api.prefix import PathPrefix
from app.api.problems import problem


class RequestGuard:
    """Answers HEAD as GET (the server leaves the body out) and a path with a slash behind it as the one without.

    Queries that are too long to be meant are refused.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            if len(scope["query_string"]) > LONGEST_QUERY:
                detail = f"the query is longer than {LONGEST_QUERY} bytes"
                await problem(Request(scope), "uri-too-long", detail)(scope, receive, send)
                return
            if scope["method"] == "HEAD":
                # the mark is for answers that would take long to write
                scope = {**scope, "method": "GET", "registry.head": True}
            if scope["path"].endswith("/"):
                # not redirected: half of all clients do not follow, and behind a proxy it could lead elsewhere
                scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self.app(scope, receive, send)


def surrounded(app: ASGIApp, prefix: str) -> ASGIApp:
    """The application with all that is done to every request and every answer; clients see it under the prefix."""
    return PathPrefix(AnswerHeaders(CrossOrigin(RequestGuard(app))), prefix)

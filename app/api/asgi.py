"""What is done to every request before the framework sees it: plain ASGI, because it costs next to nothing there."""

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.parameters import LONGEST_QUERY
from app.api.problems import problem


class RequestGuard:
    """Answers HEAD as GET (the server leaves the body out) and refuses queries that are too long to be meant."""

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
        await self.app(scope, receive, send)

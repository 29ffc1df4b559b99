"""How long an answer may take to begin: plain ASGI, with a timer for each request, which costs next to nothing."""

import asyncio
import logging

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem, request_id

_LOG = logging.getLogger(__name__)
UNLIMITED = "/v1/exports/"
"""Below it a whole file may have to be written before the answer begins."""


class RequestDeadline:
    """Answers 503 for what has not begun to answer in time.

    What was asked goes on in its thread until the database lets go of it, for no thread can be stopped; what it says
    then is heard by nobody.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app, self.seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(UNLIMITED) or _brings_dataset(scope):
            await self.app(scope, receive, send)
            return
        answer = _TimedAnswer(scope, receive, send, self.seconds)
        timer = asyncio.get_running_loop().call_later(self.seconds, answer.give_up)
        try:
            await self.app(scope, receive, answer.send)
        finally:
            timer.cancel()


def _brings_dataset(scope: Scope) -> bool:
    """Whether it is an import: its answer begins when a dataset of any size has come and is written."""
    return (scope["method"], scope["path"]) == ("POST", "/v1/imports")


class _TimedAnswer:
    """An answer that has begun, or is too late."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, seconds: float) -> None:
        self.scope, self.receive, self.real_send, self.seconds = scope, receive, send, seconds
        self.begun = False
        self.instead: asyncio.Task[None] | None = None

    async def send(self, message: Message) -> None:
        if self.instead is None:
            self.begun = True
            await self.real_send(message)

    def give_up(self) -> None:
        if self.begun:
            return
        request = Request(self.scope)
        name = request_id(request)
        said = (name, request.url.path, self.seconds)
        _LOG.error("request_id %s: %s: no answer in %s s", *said, extra={"fields": {"request_id": name}})
        detail = f"there was no answer within {self.seconds:g} seconds; ask for less, or try again"
        # closed, for what it waits for may be the rest of the request
        response = problem(request, "unavailable", detail, headers={"Retry-After": "5", "Connection": "close"})
        self.instead = asyncio.ensure_future(response(self.scope, self.receive, self.real_send))

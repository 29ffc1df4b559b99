"""Reading, where the settings limit it: to callers with the scope `read`, or to so many requests a minute."""

from typing import Any

from fastapi import Depends, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from app.api.callers import MaybeCaller, Scope, required
from app.api.rate_limits import address_of, rate_limits
from app.settings import Settings

_OPEN = frozenset(
    {"docs", "problems", "static", "how-to-read", "openapi.json", "healthz", "readyz", "version", "robots.txt"}
    | {"favicon.ico", ".well-known", "sign-in", "sign-out"}
)
"""What describes the register, or checks it, by the first step of its path."""


def is_data(path: str) -> bool:
    """Whether the register itself is there, as data or as pages; the rest describes it, or is a check."""
    return path.split("/")[1] not in _OPEN


def _only_readers(request: Request, caller: MaybeCaller) -> None:
    if is_data(request.scope["path"]):
        required(caller, Scope.READ)


def _count_request(request: Request, caller: MaybeCaller) -> None:
    limit = rate_limits(request).requests
    if limit and is_data(request.scope["path"]):
        limit.count(request, caller.actor if caller else address_of(request))


def of_every_route(settings: Settings) -> list[Any]:
    """What every route depends on. Where nothing is limited that is nothing, for it would cost a hop to a thread."""
    found = [Depends(_only_readers)] if settings.private else []
    return [*found, Depends(_count_request)] if settings.read_rate else found


class PrivateAnswers:
    """Lets no shared cache keep an answer: what it gave to one caller it would give to the next."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def private(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("cache-control") != "no-store":
                    headers["Cache-Control"] = "private, no-cache"
                headers.add_vary_header("Authorization")
                headers.add_vary_header("Cookie")
            await send(message)

        data = scope["type"] == "http" and is_data(scope["path"])
        await self.app(scope, receive, private if data else send)

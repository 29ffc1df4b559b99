"""Around all there is: every request gets an id, is counted, and stands in the log in one line. Plain ASGI."""

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.query_models import REVISION_HEADER
from app.api.request_facts import FACTS, HEADER, REQUEST_ID, RequestFacts, new_facts
from app.api.response_cache.kept_paths import KeptPaths
from app.operation.request_metrics import IN_FLIGHT, UNMATCHED, count_request

REQUESTS = logging.getLogger("registry.requests")
_CHECKS = frozenset({"/healthz", "/readyz"})
"""Asked every few seconds: where they are good, they are not told."""
_KEPT = frozenset({200, 304})
_ID, _REVISION = HEADER.lower().encode(), REVISION_HEADER.lower().encode()
LONGEST_PATH = 200


class Observation:
    """Names each request, answers with its name, and tells what came of it."""

    def __init__(self, app: ASGIApp, kept: KeptPaths, prefix: str = "", *, counted: bool, logged: bool) -> None:
        self.app, self.kept, self.prefix, self.counted, self.logged = app, kept, prefix, counted, logged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        facts, began = new_facts(scope), perf_counter()

        async def named(message: Message) -> None:
            await send(_named(message, facts) if message["type"] == "http.response.start" else message)

        if self.counted:
            IN_FLIGHT.inc()
        try:
            await self.app({**scope, FACTS: facts, REQUEST_ID: facts.request_id}, receive, named)
        finally:
            if self.counted or self.logged:
                self._tell(scope, facts, began)

    def _tell(self, scope: Scope, facts: RequestFacts, began: float) -> None:
        if facts.route is None and facts.status in _KEPT:
            # the cache answered, and no route was looked for; what it serves is without the prefix
            facts.route = self.kept.template(scope["path"].removeprefix(self.prefix).rstrip("/")) or "/"
        if self.counted:
            IN_FLIGHT.dec()
            count_request(scope["method"], facts, began)
        if self.logged and not (facts.route in _CHECKS and facts.status == 200):
            said = (scope["method"], facts.route or UNMATCHED)
            REQUESTS.info("%s %s", *said, extra={"fields": _fields(scope, facts, began)})


def _named(message: Message, facts: RequestFacts) -> Message:
    """The beginning of an answer, with the name of its request; what it says is noted."""
    facts.status, facts.answered = message["status"], perf_counter()
    headers = message.get("headers", [])
    for name, value in headers:
        if name == _REVISION:
            facts.revision = value.decode()
    return {**message, "headers": [*headers, (_ID, facts.request_id.encode())]}


def _fields(scope: Scope, facts: RequestFacts, began: float) -> dict[str, object]:
    """What stands in the line. No query, no header and no address of a person; a path only where it is one of ours."""
    return {
        "request_id": facts.request_id,
        "method": scope["method"],
        "route": facts.route,
        "path": scope["path"][:LONGEST_PATH] if facts.route else None,
        "status": facts.status,
        "duration_ms": round((perf_counter() - began) * 1000, 2),
        "actor": facts.actor,
        "revision": int(facts.revision) if facts.revision else None,
    }


class RouteObservation:
    """Directly around the routes: notes which of them it was, for outside of the framework nobody knows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            await self.app(scope, receive, send)
        finally:
            facts: RequestFacts | None = scope.get(FACTS)
            if facts:
                facts.route = getattr(scope.get("route"), "path", None)

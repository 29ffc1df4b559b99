"""Scripts on other sites' pages: the CORS protocol of the Fetch standard. Anyone may read; `/v1` knows no cookies."""

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem
from app.registry.problems import Fault

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""What a script may ask for; where a path does not take it, the script can read the 405."""
SENT = (
    "Authorization",
    "Cache-Control",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Prefer",
    "Registry-Revision",
    "X-Request-ID",
    "X-Requested-With",
)
"""Headers that a script may send."""
EXPOSED = (
    "Accept-Patch",
    "Allow",
    "Content-Disposition",
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Registry-Revision",
    "Repr-Digest",
    "Retry-After",
    "X-Request-ID",
)
"""Headers that a script may read."""


class CrossOrigin(CORSMiddleware):
    """Starlette's CORS; a preflight that it refuses is a problem, and every answer may be kept for any origin."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app, allow_origins=("*",), allow_methods=METHODS, allow_headers=SENT, expose_headers=EXPOSED, max_age=86_400
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if scope.get("method") == "OPTIONS" and {"origin", "access-control-request-method"} <= set(headers):
            await self._preflight(Request(scope), headers)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def _preflight(self, request: Request, headers: Headers) -> Response:
        answer = self.preflight_response(headers)
        if answer.status_code == 200:
            return Response(None, 204, self.preflight_headers)
        refused = tuple(self._refused(headers))
        detail = "the preflight asks for what is not allowed: " + "; ".join(fault.message for fault in refused)
        return problem(request, "bad-request", detail, refused, self.preflight_headers)

    def _refused(self, headers: Headers) -> list[Fault]:
        method = headers["access-control-request-method"]
        names = [name.strip() for name in headers.get("access-control-request-headers", "").split(",")]
        asked = [name for name in names if name and name.lower() not in self.allow_headers]
        found = [Fault("header/access-control-request-method", f"the method {method[:40]}; use {', '.join(METHODS)}")]
        if method in METHODS:
            found.clear()
        if "access-control-request-private-network" in headers:
            message = "a private network from a public page; serve both on the same network"
            found.append(Fault("header/access-control-request-private-network", message))
        if asked:
            message = f"the header {', '.join(asked)[:200]}; use {', '.join(SENT)}"
            found.append(Fault("header/access-control-request-headers", message))
        return found

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:  # noqa: ARG002
        """Allow every origin on every answer: kept by a cache for one page, it may be handed to another's script."""
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(self.simple_headers)
        await send(message)

"""Short reads, answered where they come in: on SQLite, without the framework and without a thread.

One record takes SQLite some 10 µs and a page of a list some 100, and to hand them to a thread and back takes longer
than to make the answer. The very endpoints that the framework serves are asked; whatever one of them raises, the
framework hears too, and says. What turns out to be long is broken off, and asked again in a thread: everybody waits
for who works on the event loop.
"""

from collections.abc import Callable, Mapping

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.dependencies import Reads

Endpoint = Callable[[Request, str, Reads], Response]
"""Of a record or a list: request, id and access."""
LONGER = (b"format=", b"facets=")
"""Parameters of lists that ask for more than a page."""


class ShortReads:
    """Answers reads by the endpoints given, by collection and what follows it: ("forces", "{id}")."""

    def __init__(self, app: ASGIApp, endpoints: Mapping[tuple[str, str], Endpoint], reader: Reads) -> None:
        self.app, self.endpoints, self.reader = app, endpoints, reader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        response = self._answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (response or self.app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """The answer; None where the application has to give it, or to say why there is none."""
        steps = scope["path"].split("/")
        if len(steps) not in (3, 4, 5) or steps[1] != "v1" or not all(steps[2:]):
            return None
        slug, rest = (steps[3], "/".join(["{id}", *steps[4:]])) if len(steps) > 3 else ("", "")
        endpoint = self.endpoints.get((steps[2], rest))
        if endpoint is None or _longer(scope):
            return None
        try:
            return endpoint(Request(scope), slug, self.reader)
        except Exception:
            return None


def _longer(scope: Scope) -> bool:
    """Whether a file is asked for, or something to be counted."""
    if any(name in scope["query_string"] for name in LONGER):
        return True
    accepted = [value for name, value in scope["headers"] if name == b"accept"]
    return any(b"json" not in value and not value.startswith(b"*/*") for value in accepted)

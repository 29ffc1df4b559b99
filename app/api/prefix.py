"""The path prefix under which clients see the registry, such as "/police": a proxy puts it there.

Some proxies take the prefix away before they ask, others hand it on: both are answered. The application itself knows
nothing of it; what leaves (addresses in answers, `Location`, `Link`) goes through here.
"""

import re
from functools import partial

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

_KEY = "registry.prefix"
_OWN = rb"(?=/(?:v1|problems|docs|openapi\.json)(?![A-Za-z0-9_.-]))"
# a quotation mark inside of a text has a backslash before it; a reconciliation service's `service_path` is what comes
# behind its `service_url`, which has the prefix
# the one address without `/v1`: what `links.page` leads to
_IN_JSON = re.compile(rb'(?<=[\[:, \n])(?<!"service_path":)"' + _OWN + rb'|(?<="page":)"(?=/)')
_PLACES = {
    "text/csv": re.compile(rb'(?:(?<=,)|(?<=\n))"?' + _OWN),
    "application/xml": re.compile(rb"(?<=>)" + _OWN),
    "application/graphml+xml": re.compile(rb"(?<=>)" + _OWN),
}


class PathPrefix:
    """Takes the prefix off the path of a request, where the proxy has left it, and keeps it for the answer."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            scope = {**scope, _KEY: self.prefix, "path": self._within(scope["path"])}
        await self.app(scope, receive, send)

    def _within(self, path: str) -> str:
        below = path.removeprefix(self.prefix)
        return (below or "/") if not below or below.startswith("/") else path


def prefix_of(request: Request) -> str:
    """The prefix of the paths as the client sees them: "/police", or "" for none."""
    return str(request.scope.get(_KEY, ""))


def address(request: Request, path: str) -> str:
    """A path of the registry as the client sees it: "/police/v1/forces"."""
    return prefix_of(request) + path


def prefixed(content: bytes, media_type: str, prefix: str) -> bytes:
    """The content with the prefix before each of the registry's addresses in it: `{"url": "/police/v1/forces"}`.

    What has it already is left as it is. Content is taken whole, or line by line.
    """
    if not prefix:
        return content
    kind = media_type.partition(";")[0]
    if "json" in kind:
        return _IN_JSON.sub(partial(_put, prefix.encode()), content)
    return _PLACES[kind].sub(partial(_put, prefix.encode()), content) if kind in _PLACES else content


def _put(prefix: bytes, found: re.Match[bytes]) -> bytes:
    return found.group() + prefix

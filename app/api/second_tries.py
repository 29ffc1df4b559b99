"""A second try for reads that failed because a standby did: they are asked again, and then the primary is read."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.replicas import ReadPlace

PLACES = "registry.places"
"""Where in a scope the places are noted that its request reads at."""


class SecondTries:
    """Asks the application again where it says 503, nothing of the answer is sent, and a standby failed meanwhile."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        places: list[ReadPlace] = []
        dropped = False

        async def first(message: Message) -> None:
            nonlocal dropped
            failed = any(place.failed for place in places)
            dropped = dropped or (message["type"] == "http.response.start" and message["status"] == 503 and failed)
            if not dropped:
                await send(message)

        await self.app({**scope, PLACES: places}, receive, first)
        if dropped:
            await self.app(scope, receive, send)

"""Answers of the application, held back until it is seen whether they are whole and such as are kept."""

from starlette.types import Message, Send

from app.api.response_cache.kept_answers import KeptAnswer

OF_CALLER = frozenset({b"ratelimit", b"ratelimit-policy"})
"""Headers that speak of the caller, and are no part of what is kept."""


class HeldAnswer:
    """What the application sends. Errors and streams go on as they come; `answer` is what was held back instead.

    An error is never kept: it carries the id of its request, and costs no more than it did.
    """

    def __init__(self, send: Send) -> None:
        self.send_on = send
        self.answer: KeptAnswer | None = None
        self.of_caller: list[tuple[bytes, bytes]] = []
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Take a message of the application."""
        if message["type"] == "http.response.start" and _keepable(message):
            self._start = message
            return
        if (start := self._start) is not None:
            self._start = None
            if _whole(start, message):
                self._take(start, message.get("body", b""))
                return
            await self.send_on(start)
        await self.send_on(message)

    def _take(self, start: Message, body: bytes) -> None:
        headers = [item for item in start["headers"] if item[0] not in OF_CALLER]
        self.of_caller = [item for item in start["headers"] if item[0] in OF_CALLER]
        self.answer = KeptAnswer(headers, body if start["status"] == 200 else None)


def _keepable(start: Message) -> bool:
    return start["status"] in (200, 304) and any(name == b"etag" for name, _ in start["headers"])


def _whole(start: Message, message: Message) -> bool:
    """Whether this is all of the body: what is made line by line says nothing of its length."""
    if message.get("more_body", False):
        return False
    stated = next((int(value) for name, value in start["headers"] if name == b"content-length"), None)
    return start["status"] == 304 or stated == len(message.get("body", b""))


def adding(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    """Sends with these headers besides."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": (*message["headers"], *headers)}
        await send(message)

    return sending

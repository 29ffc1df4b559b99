"""The slots of costly answers: plain ASGI, so that one that waits takes no thread and no connection from short reads.

A costly answer is worked out from many records. However many are asked for at a time, a few are worked out; some more
wait for a moment, and the rest are refused.
"""

import asyncio
import re
from collections.abc import Callable, Iterable

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem

WAITING, PATIENCE = 4, 5.0
"""How many may wait for each slot, and for how many seconds."""
_VARIABLE = re.compile(r"\\\{[^{}]*\\\}")


class CostlySlots:
    """Lets at most `most` requests for the paths be worked out at a time; `{id}` in a path stands for one step.

    `in_use` hears of each slot that is taken (1) or free again (-1), `refused` of each request that gets none.
    """

    def __init__(self, app: ASGIApp, paths: Iterable[str], most: int) -> None:
        self.app, self.most = app, most
        self.in_use: Callable[[float], None] = _nobody_hears
        self.refused: Callable[[], None] = _nobody_hears
        self._paths = re.compile("|".join(_VARIABLE.sub("[^/]+", re.escape(path)) for path in paths))
        self._free, self._waiting = asyncio.Semaphore(most), 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not self._paths.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        if not await self._taken():
            self.refused()
            detail = "too many answers that take long are asked for at once; try again in a few seconds"
            await problem(Request(scope), "unavailable", detail, headers={"Retry-After": "5"})(scope, receive, send)
            return
        slot = _Slot(self, send)
        try:
            await self.app(scope, receive, slot.send)
        finally:
            slot.free()

    async def _taken(self) -> bool:
        """Whether there is a slot, or will be soon; then it is taken."""
        if self._free.locked() and self._waiting >= WAITING * self.most:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        self.in_use(1)
        return True

    def free(self) -> None:
        """Give a slot to the next."""
        self._free.release()
        self.in_use(-1)


def _nobody_hears(_change: float = 1) -> None:
    pass


class _Slot:
    """A slot that is taken until the answer is worked out, however slowly its client reads the end of it."""

    def __init__(self, slots: CostlySlots, send: Send) -> None:
        self.slots, self.real_send, self.held = slots, send, True

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.free()
        await self.real_send(message)

    def free(self) -> None:
        if self.held:
            self.held = False
            self.slots.free()

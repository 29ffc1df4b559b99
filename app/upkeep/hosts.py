"""The hosts that addresses lead to: whose turn it is to ask them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class PostponedError(Exception):
    """The host asks for more patience than there is: it is left alone for the rest of the run."""


class Turns:
    """One request at a time to a host, and `delay` seconds between two; a host may ask for more."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.free_at: dict[str, float] = {}
        self.left_alone: set[str] = set()

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        """A turn at the host, as soon as there is one. Raises PostponedError."""
        clock = asyncio.get_running_loop()
        async with self.locks[host]:
            if host in self.left_alone:
                raise PostponedError(host)
            await asyncio.sleep(max(0.0, self.free_at.get(host, 0.0) - clock.time()))
            try:
                yield
            finally:
                self.free_at[host] = clock.time() + self.delay

    def wait(self, host: str, seconds: float) -> None:
        """Let the host rest for so long."""
        self.free_at[host] = asyncio.get_running_loop().time() + max(seconds, self.delay)

    def leave_alone(self, host: str) -> None:
        """Ask nothing more of the host in this run."""
        self.left_alone.add(host)

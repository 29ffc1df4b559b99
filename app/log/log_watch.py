"""One look a second for a new revision, for all who follow, and none while nobody does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError

from app.log.cursors import LogHead

_LOG = logging.getLogger(__name__)


class LogWatch:
    """The newest revision, as those who follow are told of it; `look` reads it from the database."""

    def __init__(self, look: Callable[[], LogHead | None], seconds: float) -> None:
        self.look, self.seconds = look, seconds
        self.head: LogHead | None = None
        self.followers = 0
        self._ended = False
        self._news = asyncio.Event()
        self._enough = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        # a look that the database keeps waiting does not keep those waiting who read
        self._limiter = CapacityLimiter(1)

    @asynccontextmanager
    async def follower(self) -> AsyncIterator[None]:
        """For as long as somebody follows; the first one begins the looking, the last one ends it."""
        self.followers += 1
        if self._looking is None:
            self._enough = asyncio.Event()
            self._looking = asyncio.create_task(self._look_on(self._enough))
        try:
            yield
        finally:
            self.followers -= 1
            if self.followers == 0:
                looking, self._looking = self._looking, None
                self._enough.set()
                # a look that goes on would hold a connection when the service closes all that it has
                await asyncio.shield(looking)

    async def _look_on(self, enough: asyncio.Event) -> None:
        while not enough.is_set():
            try:
                head = await to_thread.run_sync(self.look, limiter=self._limiter)
            except SQLAlchemyError as error:
                _LOG.warning("who follows is told nothing new: %s", str(error).splitlines()[0])
            else:
                self._tell(head)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.seconds):
                    await enough.wait()

    def _tell(self, head: LogHead | None) -> None:
        if head != self.head:
            self.head = head
            self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def other_than(self, seen: LogHead | None, seconds: float) -> LogHead | None:
        """The newest revision, as soon as it is another than was seen; that one, where there is none in time."""
        if self.head == seen and self.is_open():
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._news.wait()
        return self.head

    def is_open(self) -> bool:
        """Whether the service goes on."""
        return not self._ended

    def end(self) -> None:
        """Let all who follow go: the service is told to stop."""
        self._ended = True
        self._wake()

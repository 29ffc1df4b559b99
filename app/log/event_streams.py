"""What changes, as server-sent events (WHATWG HTML section 9.2): `/v1/changes/events`."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, TypeVar

import orjson
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Header, Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from app.api.dependencies import Reads
from app.api.prefix import prefix_of, prefixed
from app.api.protocol import on_shutdown
from app.api.responses import JSON
from app.log.change_documentation import EVENTS
from app.log.change_entries import ChangePage, following
from app.log.change_filters import ChangeFilter
from app.log.change_queries import FollowQuery
from app.log.cursors import HEADER, QUERY, START, LogCursor, LogHead, newest_head, refuse_other_history
from app.log.log_watch import LogWatch
from app.registry.documents.canonical import Document
from app.registry.problems import Problem, Refused
from app.registry.serving.statements import clock

LOOK_EVERY, HEARTBEAT = 1.0, 15.0
"""Seconds between two looks for a new revision, and those after which a silent stream says how far it is."""
RETRY = 2_000
"""Milliseconds after which a client comes again that has lost its stream."""
PAGE = 200
READERS = 2
"""Streams that read at one time: when all hear of a revision, others are to be answered all the same."""
HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", include_in_schema=False)]
T = TypeVar("T")


class EventStreams:
    """All streams of a process, at most `most` of them."""

    def __init__(self, reads: Reads, most: int) -> None:
        self.reads, self.most = reads, most
        self.watch = LogWatch(self._newest, LOOK_EVERY)
        self._limiter = CapacityLimiter(READERS)

    async def follow(self, request: Request, last_event_id: LastEventId = None) -> Response:
        """Tell what changes, without end. It holds neither a thread nor a connection while there is nothing to tell."""
        query = FollowQuery.read(request)
        text, where = (last_event_id, HEADER) if last_event_id else (query.after, QUERY)
        after = LogCursor.parse(text, where) if text else None
        start, wanted = await self.read(lambda: self._start(after, query.given, where))
        if request.scope.get("registry.head"):
            return EventSourceResponse(_nothing(), headers=HEADERS)
        if self.watch.followers >= self.most or not self.watch.is_open():
            detail = f"{self.watch.followers} streams are open; ask for /v1/changes from time to time instead"
            raise Refused("unavailable", detail, headers={"Retry-After": "30"})
        on_shutdown(request, self.watch.end)
        return _Stream(self, start, wanted, prefix_of(request))

    def _start(self, after: LogCursor | None, given: dict[str, str], where: str) -> tuple[LogCursor, ChangeFilter]:
        with self.reads.connection() as connection:
            clock(connection)  # refuses what is stale
            wanted = ChangeFilter.of(connection, given)
            if after is None:
                head = newest_head(connection)
                return head.cursor if head else START, wanted
            refuse_other_history(connection, after, where)
            return after, wanted

    def _newest(self) -> LogHead | None:
        with self.reads.connection() as connection:
            return newest_head(connection)

    def page(self, wanted: ChangeFilter, after: LogCursor) -> ChangePage:
        """The entries behind a place. Raises Refused, where history has become another one since."""
        with self.reads.connection() as connection:
            refuse_other_history(connection, after)
            return following(connection, wanted, after, clock(connection).revision, PAGE)

    async def read(self, work: Callable[[], T]) -> T:
        """What is read from the database, in a thread."""
        return await to_thread.run_sync(work, limiter=self._limiter)


class _Stream(EventSourceResponse):
    """One stream; it counts among the followers until its client is gone, whatever it is doing then."""

    def __init__(self, streams: EventStreams, start: LogCursor, wanted: ChangeFilter, prefix: str) -> None:
        super().__init__(self._events(), headers=HEADERS)
        self.streams, self.wanted, self.prefix = streams, wanted, prefix
        self.position = start

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.streams.watch.follower():
            await super().__call__(scope, receive, send)

    async def _events(self) -> AsyncIterator[bytes]:
        watch = self.streams.watch
        yield format_sse_event(comment="what changes", retry=RETRY)
        try:
            while watch.is_open():
                # what is written from here on is news
                seen = watch.head
                async for piece in self._told():
                    yield piece
                while watch.is_open() and await watch.other_than(seen, HEARTBEAT) == seen:
                    yield self._progress()
        except (Problem, SQLAlchemyError):
            # the client comes again, and is then told what is the matter
            return

    async def _told(self) -> AsyncIterator[bytes]:
        """All that there is behind the position, and how far that is."""
        more = True
        while more and self.streams.watch.is_open():
            page = await self.streams.read(lambda: self.streams.page(self.wanted, self.position))
            if page.entries:
                yield b"".join(map(self._change, page.entries))
            self.position, more = page.bookmark, page.more
        if not more:
            yield self._progress()

    def _change(self, entry: Document) -> bytes:
        text = prefixed(orjson.dumps(entry), JSON, self.prefix).decode()
        return format_sse_event(event="change", id=entry["id"], data_str=text)

    def _progress(self) -> bytes:
        """How far all is told; a heartbeat too."""
        told = orjson.dumps({"revision": self.position.revision, "bookmark": str(self.position)}).decode()
        return format_sse_event(event="progress", id=str(self.position), data_str=told)


async def _nothing() -> AsyncIterator[bytes]:
    for nothing in tuple[bytes]():
        yield nothing


def build(reads: Reads, most: int) -> APIRouter:
    """The router of the streams."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    router.add_api_route("/changes/events", EventStreams(reads, most).follow, methods=["GET"], **EVENTS)
    return router

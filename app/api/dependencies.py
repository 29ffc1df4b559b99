"""What endpoints are given, by named types.

They are `async` and do no work: a dependency that is not would be run in a thread of its own, and one that yields would
cost a third of a detail. Each costs some 20 µs all the same, so what reads need comes as one, and a connection is not
handed out open: the endpoint opens it, in its own thread (docs/decisions/0006-what-fastapi-describes.md).
"""

from contextlib import AbstractContextManager
from copy import copy
from typing import Annotated

from fastapi import Depends, FastAPI, Path, Request
from sqlalchemy import Connection, Engine

from app.api.count_cache import KnownCounts
from app.api.near_misses import FindNear, find_nothing
from app.api.pagination import Walks
from app.api.query_models import ClockQuery
from app.api.replicas import ReadPlace, Replicas
from app.api.second_tries import PLACES
from app.database import reading


class Reads:
    """What reads are made with: connections, walks, known counts, near misses, and the address that clients see."""

    def __init__(
        self,
        engine: Engine,
        walks: Walks,
        find_near: FindNear = find_nothing,
        *,
        public_url: str | None = None,
        replicas: Replicas | None = None,
    ) -> None:
        self.engine, self.walks, self.counts, self.find_near = engine, walks, KnownCounts(), find_near
        self.public_url, self.replicas = public_url, replicas
        self.place: ReadPlace | None = None
        """Where a request reads; None: on the primary."""

        self._kept: AbstractContextManager[Connection] | None = None

    @property
    def primary(self) -> "Reads":
        """The same reads, of what replicas do not have, or not for sure: what is no revision."""
        other = copy(self)
        other.place = None
        return other

    def through(self, kept: AbstractContextManager[Connection]) -> "Reads":
        """The same reads through one connection that is kept open; what is known of one is known of both."""
        other = copy(self)
        other._kept = kept
        return other

    async def of(self, request: Request) -> "Reads":
        """The same reads for a request: of the newest revision there is now, wherever it can be read."""
        if self.replicas is None:
            return self
        other = copy(self)
        other.place = await self.replicas.editions.place()
        request.scope.get(PLACES, []).append(other.place)
        return other

    def again_of(self, request: Request) -> "Reads":
        """The same reads for a request that has read already, where it did."""
        other = copy(self)
        other.place = next(reversed(request.scope.get(PLACES, [])), None)
        return other

    def connection(self) -> AbstractContextManager[Connection]:
        """A connection for reads: `with reader.connection() as connection`."""
        if self.replicas and self.place:
            return self.replicas.reading(self.place)
        return self._kept or reading(self.engine)


def install(app: FastAPI, reader: Reads) -> None:
    """Keep what the dependencies hand out with the application."""
    app.state.reader = reader


async def _reader(request: Request) -> Reads:
    reader: Reads = request.app.state.reader
    return await reader.of(request)


async def _clocks(request: Request) -> ClockQuery:
    return ClockQuery.read(request)


ReadAccess = Annotated[Reads, Depends(_reader)]
"""What an endpoint reads with: the register's revisions, from a replica where there is one that has them."""

Clocks = Annotated[ClockQuery, Depends(_clocks)]
"""Both clocks as they were asked for, of a read that takes nothing else; `clock(connection)` reads them."""

RecordId = Annotated[
    str,
    Path(
        alias="id",
        description="The id of the record.",
        json_schema_extra={"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 120},
    ),
]
"""The id in a path. What no record can be called is not there: 404, as for any other id."""

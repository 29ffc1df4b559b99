"""What endpoints are given, by named types.

They are `async` and do no work: a dependency that is not would be run in a thread of its own, and one that yields would
cost a third of a detail (docs/decisions/0006-what-fastapi-describes.md). So a connection is not handed out open: it is
opened by the endpoint, in the endpoint's thread.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated

from fastapi import Depends, FastAPI, Path, Query, Request
from sqlalchemy import Connection, Engine

from app.api.count_cache import Totals
from app.api.pagination import Walks
from app.api.query_models import ClockQuery
from app.database import reading


def install(app: FastAPI, engine: Engine, walks: Walks) -> None:
    """Keep what the dependencies hand out with the application."""
    app.state.read = partial(reading, engine)
    app.state.walks = walks
    app.state.totals = Totals()


async def _read(request: Request) -> Callable[[], AbstractContextManager[Connection]]:
    return request.app.state.read  # type: ignore[no-any-return]


async def _walks(request: Request) -> Walks:
    return request.app.state.walks  # type: ignore[no-any-return]


async def _totals(request: Request) -> Totals:
    return request.app.state.totals  # type: ignore[no-any-return]


ReadConnection = Annotated[Callable[[], AbstractContextManager[Connection]], Depends(_read)]
"""Opens a connection for reads: `with connect() as connection`."""

Pages = Annotated[Walks, Depends(_walks)]
"""Walks through lists, page by page."""

KnownTotals = Annotated[Totals, Depends(_totals)]
"""Totals of lists, remembered."""

Clocks = Annotated[ClockQuery, Query()]
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

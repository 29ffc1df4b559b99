"""The connection of reads on the event loop: one, open from one read to the next, for they come one after the other.

To take a connection from a pool and give it back takes as long as all that SQLite does for one record.
"""

import sqlite3
from contextlib import AbstractContextManager, suppress
from math import inf
from threading import local
from time import perf_counter
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from app.registry.serving.newest_revision import UNCHANGED

STEPS = 5000
"""After so many steps of its machine SQLite looks at the clock: some 0.2 ms."""
LONGEST = 0.005
"""Seconds that a read may take on the event loop."""
_PATIENCE = local()


class LoopConnection(AbstractContextManager[Connection]):
    """`with loop_connection as connection`: waits for nothing, writes nothing, and is broken off when it takes long.

    Of a file that is locked it says so at once, for everybody would wait. Raises SQLAlchemyError and sqlite3.Error.
    """

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0, connect_args={"timeout": 0})
        event.listen(self.engine, "connect", _only_read)
        self._open: Connection | None = None
        self._driver: Any = None
        self._version: int | None = None

    def __enter__(self) -> Connection:
        _PATIENCE.until = inf  # to open a file takes as long as it takes
        if self._open is None:
            self._open = self.engine.connect()
            self._driver, self._version = self._open.connection.driver_connection, None
        try:
            (version,) = self._driver.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            self.dispose()
            raise
        if version != self._version:  # somebody else has committed
            self._open.info[UNCHANGED], self._version = {}, version
        _PATIENCE.until = perf_counter() + LONGEST
        return self._open

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        if isinstance(error, SQLAlchemyError | sqlite3.Error):
            self.dispose()
        elif self._open is not None and self._open.in_transaction():
            self._open.rollback()

    def dispose(self) -> None:
        """Close it; the next read opens another."""
        if self._open is not None:
            with suppress(SQLAlchemyError):
                self._open.close()
        self._open = None
        self.engine.dispose()


def _only_read(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("query_only=ON", "mmap_size=0", "cache_size=-16384"):
        connection.execute(f"PRAGMA {pragma}")
    connection.set_progress_handler(_too_long, STEPS)


def _too_long() -> bool:
    return bool(perf_counter() > _PATIENCE.until)

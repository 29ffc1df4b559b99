"""Editions: which revision is the newest, looked up once for all requests of one pass of the event loop.

Whoever asks hears of every revision that was committed before: a task runs in a later pass than the one in which its
request came, and what is known is forgotten in the queue's order. What a database is asked, it answers for `clock` too.
"""

import asyncio
import os
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Engine

from app.database import schema_head
from app.registry.projections import FORMATS
from app.registry.serving import statements
from app.registry.serving.newest_revision import NEWEST


class Edition(NamedTuple):
    """What an answer can depend on besides its request. All projections stand at it, in this software's formats."""

    revision: int
    recorded: str
    day: str
    """The day it is, for `as_of=today`."""
    file: tuple[int, int] = (0, 0)
    """Device and number of an SQLite file: another one may have the same revisions."""


class Disposable(Protocol):
    """What holds connections to a database."""

    def dispose(self) -> None:
        """Close them; others are opened when they are needed."""


class Editions(Protocol):
    """Where the newest edition is read."""

    async def newest(self) -> Edition | None:
        """The newest; None where that cannot be told at once, or where the register is not to be served."""

    def close(self) -> None:
        """Let go of the database."""


def edition_of(row: Any, file: tuple[int, int] = (0, 0)) -> Edition | None:
    """The edition that a row of the newest revision makes; None where it is not to be served."""
    if row is None or int(row[2]) < len(FORMATS) or row[3] != schema_head():
        return None
    return Edition(int(row[0]), row[1], statements.today(), file)


def newest_statement(engine: Engine) -> str:
    """The statement of the newest revision, as the driver takes it."""
    return str(NEWEST.compile(engine, compile_kwargs={"literal_binds": True}))


class SqliteEditions:
    """The newest edition in an SQLite file: `data_version` says whether another connection has committed anything.

    Its connection waits for nothing, so that a locked file holds nobody up.
    """

    def __init__(self, engine: Engine, *others: Disposable) -> None:
        self.holders, self.statement = (engine, *others), newest_statement(engine)
        self.path = Path(engine.url.database or "").absolute()
        self._name = str(self.path)
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._version: int | None = None
        self._edition: Edition | None = None
        self._known = False

    async def newest(self) -> Edition | None:
        """The newest, looked up by the first who asks in a pass."""
        if not self._known:
            self._look_up()
            self._known = True
            asyncio.get_running_loop().call_soon(self._forget)
        return self._edition

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._version, self._edition = None, None, None

    def _forget(self) -> None:
        self._known = False

    def _look_up(self) -> None:
        try:
            self._read(self._opened())
        except (OSError, sqlite3.Error):
            self.close()

    def _read(self, connection: sqlite3.Connection) -> None:
        # before the revision: what is committed in between is seen the next time
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._edition = edition_of(connection.execute(self.statement).fetchone(), self._file)
            self._version = version
        elif self._edition and self._edition.day != (day := statements.today()):
            self._edition = self._edition._replace(day=day)

    def _opened(self) -> sqlite3.Connection:
        """The connection to the file that is there now. Raises OSError where there is none."""
        found = os.stat(self._name)  # noqa: PTH116 - a path takes as long to be read as the file
        if self._connection is None or self._file != (found.st_dev, found.st_ino):
            if self._connection is not None:
                for each in self.holders:
                    each.dispose()  # what reads go through is the file that was there before
            self.close()
            self._file = (found.st_dev, found.st_ino)
            address = f"{self.path.as_uri()}?mode=rw"
            self._connection = sqlite3.connect(address, 0, isolation_level=None, uri=True)
        return self._connection

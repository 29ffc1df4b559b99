"""Connections to an SQLite file: how each is prepared, and whether it is still of the file that has the name."""

import os
import sqlite3
import time
from typing import Any

from sqlalchemy import Connection

WAIT = 30.0
"""Seconds to wait for another process that sets up the same new file."""
_FILE = "registry.file"


def prepare(connection: Any, record: Any) -> None:
    """Prepare a new connection, and note which file it opened."""
    # the driver must not begin transactions by itself: reads take none, and a write begins with the lock
    connection.isolation_level = None
    _write_ahead(connection)
    # not mapped into memory: a file that somebody makes shorter would kill the process, instead of failing a statement
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "mmap_size=0", "cache_size=-16384"):
        connection.execute(f"PRAGMA {pragma}")
    record.info[_FILE] = _identity(connection.execute("PRAGMA database_list").fetchone()[2])


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set WAL, which a file keeps. Of two that set it on a new file at once, SQLite fails one without waiting."""
    deadline = time.monotonic() + WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # the low byte is the kind of error; the rest says which
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def begin(connection: Connection) -> None:
    """Begin as the options of the connection say: with the write lock, unless they say otherwise."""
    if kind := connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE"):
        connection.exec_driver_sql(kind)


def _identity(path: str) -> tuple[str, int, int] | None:
    """The file that has this name now; None: none has."""
    try:
        found = os.stat(path)  # noqa: PTH116 - the name is SQLite's own
    except OSError:
        return None
    return path, found.st_dev, found.st_ino


def replaced(connection: Connection) -> str | None:
    """Why the file that is open is not the one that has its name: what is written to it would be lost. None: it is."""
    opened: tuple[str, int, int] | None = connection.info.get(_FILE)
    if opened is None or _identity(opened[0]) == opened:
        return None
    return "another file has taken the place of the database since it was opened: start the service anew"

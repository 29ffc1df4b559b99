"""What a failure of the database means, and what to do about it, in a sentence."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.database_address import without_secrets

UNDONE = "the write was undone"
FULL = f"the disk is full; {UNDONE}: make room where the data are, and do it again"
BUSY = f"another process was writing all the time that this one waited; {UNDONE}: do it again when that has ended"
READ_ONLY = "it may not be written: give this user the right to write the file and its folder, or the table"
DAMAGED = "the file is damaged, or no database: put a backup in its place (registry restore --replace)"
UNREACHABLE = "see that the server runs, and that REGISTRY_DATABASE_URL names it"

SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: f"the disk does not take or give what it should; {UNDONE}: look at space, quota and health",
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened: make its folder, and let this user write to it",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
"""By SQLite's primary result code."""

POSTGRESQL = {
    "53100": FULL,
    "55P03": BUSY,
    "57014": f"a statement took longer than this role may (statement_timeout); {UNDONE}: give it more time",
    "25006": "the server takes no writes: it is a standby, or set to read only",
    "42501": READ_ONLY,
}
"""By SQLSTATE."""


def sentence(error: SQLAlchemyError, url: str) -> str:
    """What failed, without the password of the address."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    plain, meaning = without_secrets(str(error).splitlines()[0], url), None
    if isinstance(cause, sqlite3.Error):
        # errors of the driver itself have no code; the low byte is the kind
        meaning = SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    elif isinstance(cause, psycopg.Error):
        # what was said by no server has no state
        meaning = POSTGRESQL.get(cause.sqlstate) if cause.sqlstate else f"{plain}; {UNREACHABLE}"
    return meaning or plain

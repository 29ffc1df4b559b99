"""A whole copy of an SQLite file, as it is at one moment, whoever reads and writes it meanwhile."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote


class BackupError(Exception):
    """A backup cannot be made, or not be put back; says why, and what to do."""


@contextmanager
def copied(source: Path, part: Path, unused: bool = False) -> Iterator[sqlite3.Connection]:
    """Copy the database into the file `part`, which is this process's alone; at the end it is gone, unless renamed.

    `unused`: nobody writes to the source. Raises BackupError.
    """
    with closing(_read_only(source, unused)) as original, closing(_owned(part, source)) as copy:
        try:
            _copy(original, copy, source, part)
            yield copy
        finally:
            part.unlink(missing_ok=True)


def _read_only(path: Path, unused: bool) -> sqlite3.Connection:
    """A connection that changes nothing; to an unused file, one that neither locks it nor makes files beside it."""
    if not path.is_file():
        raise BackupError(f"there is no file {path}")
    beside = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
    whole = not any(each.exists() and each.stat().st_size for each in beside)
    address = f"file:{quote(str(path.absolute()))}?mode=ro" + ("&immutable=1" if unused and whole else "")
    return sqlite3.connect(address, uri=True, isolation_level=None)


def _owned(part: Path, source: Path) -> sqlite3.Connection:
    """A connection that keeps others from the file until it is closed; what a killed process left there is nothing."""
    try:
        # nobody may read of a copy what they may not read of the database
        os.close(os.open(part, os.O_RDWR | os.O_CREAT, 0o600))
        shutil.copymode(source, part)
    except OSError as error:
        raise BackupError(f"{part} cannot be written: {error.strerror}") from error
    connection = sqlite3.connect(part, isolation_level=None, timeout=0)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise BackupError(f"{part} is being written by another backup: wait until that has ended") from error
        part.unlink()
        raise BackupError(f"{part} cannot be written: {error}") from error
    return connection


def _copy(original: sqlite3.Connection, copy: sqlite3.Connection, source: Path, part: Path) -> None:
    """In one step, under one read transaction: writers go on beside it, and would make several begin anew each time."""
    try:
        # a file that is locked fails here, and would be waited for without end below
        original.execute("BEGIN")
        original.execute("SELECT 1 FROM sqlite_master").fetchall()
        original.backup(copy)
        original.execute("COMMIT")
        # a single file, that can be read where nothing can be written
        copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(_reason(error, source, part)) from error


def _reason(error: sqlite3.Error, source: Path, part: Path) -> str:
    match error.sqlite_errorcode & 0xFF:
        case sqlite3.SQLITE_NOTADB:
            return f"{source} is no SQLite database"
        case sqlite3.SQLITE_CORRUPT:
            return f"{source} is damaged: {error}"
    return f"{source} cannot be copied to {part}: {error}"


def put(part: Path, path: Path) -> None:
    """Give the copy its name, in the place of what had it; it is on the disk under that name when this returns."""
    try:
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}") from error

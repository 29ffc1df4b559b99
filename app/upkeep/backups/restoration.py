"""A backup put in the place of an SQLite register, which is kept beside it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from app.upkeep.backups.contents import BackupContents, ForkOf, contents, next_step, refuse_other_history
from app.upkeep.backups.copies import BackupError, copied, put
from app.upkeep.backups.histories import RevisionDigests, history, lost

PATIENCE = 2.0
"""Seconds in which whoever is just reading the file may come to an end."""


class Restoration(NamedTuple):
    """What was put where, what was there before, and what is to be run next."""

    contents: BackupContents
    kept: Path | None
    next_step: str | None
    fork: str | None
    """What it lacks of what was published: it will be read, and not written."""


def restore(
    backup: Path, path: Path, replace: bool = False, *, fork_of: ForkOf = lambda _: None, read_only: bool = False
) -> Restoration:
    """Put the backup in the place of the register at the path, once it has been checked.

    Without `replace`, only where nothing is lost of what is there; without `read_only`, only where nothing is lost of
    what was published. Raises BackupError or SchemaError; then nothing has changed.
    """
    if path.exists() and backup.exists() and path.samefile(backup):
        raise BackupError(f"{backup} is the register itself")
    part = path.with_name(f"{path.name}.part")
    # what is checked is the copy, which is then used: nobody can change it in between
    with copied(backup, part, unused=True) as copy:
        found = contents(copy, backup)
        fork = refuse_other_history(copy, backup, found.schema, path.parent, fork_of)
        if fork and not read_only:
            raise BackupError(f"{fork}. To put {backup} in place all the same, to be read and not written: --read-only")
        following = next_step(copy, found.schema)
        with _held(path) as there:
            if not replace:
                _refuse_loss(path, there, history(copy))
            kept = _set_aside(path, part)
            put(part, path)
    return Restoration(found, kept, following, fork)


@contextmanager
def _held(path: Path) -> Iterator[sqlite3.Connection | None]:
    """The register that is there, while nobody else can read or write it; None: there is none, or it is no database.

    To leave WAL takes that no one else has the file open, and brings all that was written into the one file. Who had
    opened it but not read it yet cannot write to it later: SQLite sees that the file has another name by then.
    """
    if not path.exists():
        yield None
        return
    with closing(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)) as connection:
        readable = _locked(connection, path)
        try:
            yield connection if readable else None
        finally:
            with suppress(sqlite3.Error):
                connection.rollback()
                connection.execute("PRAGMA journal_mode=WAL")


def _locked(connection: sqlite3.Connection, path: Path) -> bool:
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        kind = error.sqlite_errorcode & 0xFF
        if kind in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return False
        if kind == sqlite3.SQLITE_BUSY:
            raise BackupError(f"{path} is in use: stop the service, and all else that has it open") from error
        raise BackupError(f"{path} cannot be replaced: {error}") from error
    return True


def _refuse_loss(path: Path, there: sqlite3.Connection | None, backup: RevisionDigests) -> None:
    if not path.exists():
        return
    try:
        loss = lost(history(there), backup) if there else "nobody can say what, for it is damaged or no database"
    except sqlite3.Error as error:
        loss = f"nobody can say what, for it cannot be read: {error}"
    if loss:
        raise BackupError(f"{path} would lose {loss}. To replace it, and keep it beside: --replace")


def _set_aside(path: Path, part: Path) -> Path | None:
    """Give the register, and the files beside it, another name too; its own stays until the copy takes it."""
    kept = path.with_name(f"{path.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    try:
        # what a dead process left beside a file that is damaged or gone would be taken for the new one's
        for end in ("-wal", "-shm", "-journal"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
        if not path.exists():
            return None
        _give_owner(part, path)
        os.link(path, kept)
    except OSError as error:
        raise BackupError(f"{path} cannot be kept as {kept.name}: {error.strerror}") from error
    return kept


def _give_owner(part: Path, path: Path) -> None:
    """Whoever could use the register can use what takes its place, though another restores it."""
    shutil.copymode(path, part)
    owner = path.stat()
    with suppress(PermissionError):
        os.chown(part, owner.st_uid, owner.st_gid)

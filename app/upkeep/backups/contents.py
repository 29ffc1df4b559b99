"""What is in a backup, and whether it can be relied on."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import Connection, create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app import database
from app.registry.projections import stale
from app.registry.records import Revision
from app.registry.verification.record_log import log_differences
from app.registry.writing import digest_chain
from app.upkeep.backups.copies import BackupError

MOST_TOLD = 5
ForkOf = Callable[[Connection], str | None]
"""How a register differs from what was last published of it; None where it begins with all of that."""


class BackupContents(NamedTuple):
    """Which register a backup holds, and until when."""

    schema: str
    revision: int
    recorded: str | None
    digest: str | None

    def __str__(self) -> str:
        if self.revision == 0:
            return f"schema {self.schema}, no revision yet"
        return f"schema {self.schema}, revision {self.revision} of {self.recorded}, digest {self.digest}"


def contents(copy: sqlite3.Connection, name: Path) -> BackupContents:
    """What is in the copy. Raises BackupError where it is no register or damaged, SchemaError where it is too new."""
    _refuse_damage(copy, name)
    with _session(copy) as session:
        schema = database.known_schema(session.connection())
        if schema is None:
            raise BackupError(f"{name} is no register: it has no schema")
        newest = session.execute(_NEWEST).first()
        return BackupContents(schema, *newest) if newest else BackupContents(schema, 0, None, None)


_NEWEST = select(Revision.number, Revision.recorded, Revision.digest).order_by(Revision.number.desc()).limit(1)
"""Columns that every schema has."""


def _refuse_damage(copy: sqlite3.Connection, name: Path) -> None:
    try:
        [first] = copy.execute("PRAGMA integrity_check(1)").fetchone()
        lost = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{name} is damaged: {error}") from error
    if first != "ok":
        raise BackupError(f"{name} is damaged: {first}")
    if lost:
        raise BackupError(f"{name} is damaged: row {lost[1]} of {lost[0]} refers to no row of {lost[2]}")


def refuse_other_history(
    copy: sqlite3.Connection, name: Path, schema: str, folder: Path, fork_of: ForkOf
) -> str | None:
    """Raise BackupError where revisions, and what they wrote, are not as they were written.

    Gives how they differ from what was published; None: not at all. One of an older schema is looked at in a copy
    that is migrated, in the folder for a while.
    """
    with _of_this_schema(copy, schema, folder) as current, _session(current) as session:
        # what is derived need not be compared: it can be made anew, and an older schema has it otherwise
        found = chain(digest_chain.breaks(session), log_differences(session))
        broken = [str(each) for each in islice(found, MOST_TOLD)]
        if broken:
            raise BackupError(f"the log of {name} is broken: {'; '.join(broken)}")
        return fork_of(session.connection())


@contextmanager
def _of_this_schema(copy: sqlite3.Connection, schema: str, folder: Path) -> Iterator[sqlite3.Connection]:
    if schema == database.schema_head():
        yield copy
        return
    with TemporaryDirectory(dir=folder, prefix="migrated-") as place:
        file = Path(place) / "register.db"
        with closing(sqlite3.connect(file)) as migrated:
            copy.backup(migrated)
        database.migrate(f"sqlite:///{file}")
        with closing(sqlite3.connect(file, check_same_thread=False)) as migrated:
            yield migrated


def next_step(copy: sqlite3.Connection, schema: str) -> str | None:
    """What must be run before the register can be served."""
    if schema != database.schema_head():
        return "registry migrate"
    with _session(copy) as session:
        return "registry rebuild" if stale(session) else None


@contextmanager
def _session(copy: sqlite3.Connection) -> Iterator[Session]:
    engine = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
    with Session(engine) as session:
        yield session

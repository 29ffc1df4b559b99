"""The copy of a register that is made before its schema is changed."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, text

from app import database
from app.database_address import sqlite_file
from app.upkeep.backups.contents import contents
from app.upkeep.backups.copies import BackupError, copied, put

UNSAVED = (
    "the database is at schema {schema} and would be migrated to {head}, which cannot be taken back: make a "
    "backup first (registry backup says how), then run: registry migrate --backed-up"
)


def migrate(url: str, *, backed_up: bool = False) -> Path | None:
    """Bring the register to this version's schema; gives the backup that was made of it first, None where none was.

    Of an SQLite register that holds anything a backup is made, under the lock and so of what is migrated; of another
    database somebody must have made one. With `backed_up` neither is asked for.

    Raises BackupError and SchemaError; then nothing has changed.
    """
    file = sqlite_file(url)
    if backed_up or (file and not file.exists()):
        database.migrate(url)
        return None
    if file is None:
        _refuse_unsaved(url)
        database.migrate(url)
        return None
    made: list[Path] = []
    database.migrate(url, before=partial(_back_up, file, made))
    return made[0] if made else None


def _refuse_unsaved(url: str) -> None:
    """Raise BackupError where there is something to migrate, and something to lose."""
    engine = database.connect(url, pool_size=1)
    try:
        with database.reading(engine) as connection:
            schema = database.known_schema(connection)
            if schema not in (None, database.schema_head()) and _holds_anything(connection):
                raise BackupError(UNSAVED.format(schema=schema, head=database.schema_head()))
    finally:
        engine.dispose()


def _holds_anything(connection: Connection) -> bool:
    return connection.execute(text("SELECT 1 FROM revision LIMIT 1")).first() is not None


def _back_up(file: Path, made: list[Path], connection: Connection) -> None:
    """Copy the file beside it, while this process alone may write it."""
    schema = database.schema_revision(connection)
    if schema is None or not _holds_anything(connection):
        return
    path = file.with_name(f"{file.name}.schema-{schema}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    # one at a time, for the lock is held: what a killed one left is written over
    part = file.with_name(f"{file.name}.before-migration.part")
    with copied(file, part) as copy:
        contents(copy, path)
        put(part, path)
    made.append(path)

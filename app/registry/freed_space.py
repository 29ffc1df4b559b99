"""What deleted rows leave behind in the files of a database, and how it is taken out of them.

SQLite keeps what was deleted in free pages, in the unused part of others and in the write-ahead log until something
else is written there; PostgreSQL keeps rows that nobody sees in the files of their tables.
"""

import time

from sqlalchemy import Connection, Engine, text

from app.database import Base, reading

PATIENCE = 30.0
"""Seconds that readers of the old state are waited for."""
_OLDER_READERS = text(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_xmin IS NOT NULL AND xact_start < :began LIMIT 1"
)


def scrub(engine: Engine) -> bool:
    """Write the files of the database anew, without what was deleted; False: someone still reads the old state.

    On SQLite `VACUUM` writes every page anew, and the write-ahead log is emptied. On PostgreSQL `VACUUM (FULL)` writes
    each table anew, and locks it meanwhile, and with them what is known of their columns; what the server's own
    write-ahead log has is not ours to take away.
    """
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            return bool(connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0)
        # a row that somebody may still see is written anew too
        if not _old_readers_are_gone(connection):
            return False
        for table in Base.metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table.name}")
        # what is known of the columns names their commonest values and words
        connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
    return True


def _old_readers_are_gone(connection: Connection) -> bool:
    """Wait for all who began to read before now, the server's own upkeep among them; False: that takes too long."""
    began, until = connection.execute(text("SELECT clock_timestamp()")).scalar_one(), time.monotonic() + PATIENCE
    while connection.execute(_OLDER_READERS, {"began": began}).first():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True

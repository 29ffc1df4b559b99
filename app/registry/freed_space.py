"""What deleted rows leave behind in the files of a database, and how it is taken out of them.

SQLite keeps what was deleted in free pages, in the unused part of others and in the write-ahead log until something
else is written there; PostgreSQL keeps rows that nobody sees in the files of their tables.
"""

from sqlalchemy import Engine

from app.database import Base, reading


def scrub(engine: Engine) -> bool:
    """Write the files of the database anew, without what was deleted; False: someone still reads the old state.

    On SQLite `VACUUM` writes every page anew, and the write-ahead log is emptied. On PostgreSQL `VACUUM (FULL)` writes
    each table anew, and locks it meanwhile; what the server's own write-ahead log has is not ours to take away.
    """
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            return bool(connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0)
        for table in Base.metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
    return True

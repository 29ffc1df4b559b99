"""Engine, sessions, and all that differs between SQLite and PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, String, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

WRITE_LOCK = 0x5E6157
"""The PostgreSQL advisory lock that a writer holds: a revision is a total order, so there is one writer at a time."""


def code_text(length: int | None = None) -> String:
    """Text that sorts by code point on both databases, whatever the locale of the server."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


def connect(url: str, pool_size: int = 10) -> Engine:
    """An engine for the address. SQLite runs in WAL with full synchronisation and foreign keys on."""
    # last in, first out: a connection that was just used has its pages and statements at hand
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0, "pool_use_lifo": True}
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, **pool, pool_pre_ping=True)
    engine = create_engine(url, **pool, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # the driver must not begin transactions by itself: reads take none, and a write begins with the lock
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "mmap_size=268435456"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
    if kind:
        connection.exec_driver_sql(kind)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reads; each statement sees what is committed, and every read is pinned to a revision."""
    with engine.connect() as connection:
        # on SQLite, no BEGIN at all: autocommit is the driver's own state
        if engine.dialect.name == "sqlite":
            yield connection.execution_options(sqlite_begin=None)
        else:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection for a long read: all its statements see the same state of the database."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            yield connection.execution_options(sqlite_begin="BEGIN")
        else:
            yield connection.execution_options(isolation_level="REPEATABLE READ")


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that holds the write lock; commits at the end, rolls everything back on an exception."""
    with Session(engine) as session, session.begin():
        if engine.dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
        else:
            session.connection()
        yield session


def write_rows(session: Session, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, given as tuples in the order of `columns`, as the driver takes them: text, numbers and None."""
    if not rows:
        return
    connection = session.connection()
    named = f"{table} ({', '.join(columns)})"
    if connection.dialect.name == "sqlite":
        statement = f"INSERT INTO {named} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - names of ours
        connection.exec_driver_sql(statement, list(rows))
        return
    statement = f"COPY {named} FROM STDIN"
    driver: Any = connection.connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        # what SQLAlchemy does for its own statements, and callers expect
        raise DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error


def empty(session: Session, tables: Sequence[str]) -> None:
    """Take every row out of these tables. Only for what can be made again: facts are never deleted."""
    if session.connection().dialect.name == "postgresql":
        # a DELETE would look through each table that refers to another for each of its rows
        session.execute(text(f"TRUNCATE {', '.join(tables)}"))
        return
    for table in tables:
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours


def migrations_folder() -> Path:
    """The Alembic scripts: inside the installed package, or beside it in a checkout."""
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the address."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> None:
    """Bring the database at the address to the newest schema."""
    command.upgrade(alembic_config(url), "head")


@cache
def schema_head() -> str | None:
    """The newest migration that this version of the registry knows."""
    return ScriptDirectory(str(migrations_folder())).get_current_head()


def schema_revision(connection: Connection) -> str | None:
    """The migration that the database is at; None: never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def shown(url: str) -> str:
    """The address without its password."""
    return make_url(url).render_as_string(hide_password=True)

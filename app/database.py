"""Engine, sessions, and all that differs between SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, MetaData, String, create_engine, event, inspect, make_url, text
from sqlalchemy.orm import DeclarativeBase, Session

from app import __version__, sqlite_connections
from app.time_limits import TimeLimits, keep_limits

if TYPE_CHECKING:
    from alembic.config import Config

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WRITE_LOCK = 0x5E6157
"""The PostgreSQL advisory lock that a writer holds: a revision is a total order, so there is one writer at a time."""
WAIT = 30.0
"""Seconds that a statement waits for another process to let go of an SQLite file."""
MIGRATION_WAIT = 600.0
"""Seconds that a migration waits for another one on SQLite; on PostgreSQL it waits as long as the server lets it."""


REGISTER = "register"
"""The option of a connection to a replica that names the engine of its primary."""


class SchemaError(Exception):
    """The schema cannot be brought to this version's; says why, and what to do."""


def code_text(length: int | None = None) -> String:
    """Text that sorts by code point on both databases, whatever the locale of the server."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


def connect(
    url: str, pool_size: int = 10, wait: float = WAIT, limits: TimeLimits | None = None, *, tried: bool = True
) -> Engine:
    """An engine for the address. SQLite runs in WAL with full synchronisation and foreign keys on.

    With `limits` nothing is waited for longer than they say: for a service, which must answer. `tried`: a connection to
    a server is tried before it is handed out.
    """
    wait = limits.lock if limits else wait
    # last in, first out: a connection that was just used has its pages and statements at hand
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0, "pool_use_lifo": True, "pool_timeout": wait}
    pool["hide_parameters"] = True  # what fails stands in logs, and values may be what nobody should read there
    if make_url(url).get_backend_name() != "sqlite":
        engine = create_engine(url, **pool, pool_pre_ping=tried)
        return keep_limits(engine, limits) if limits else engine
    engine = create_engine(url, **pool, connect_args={"timeout": wait})
    event.listen(engine, "connect", sqlite_connections.prepare)
    event.listen(engine, "begin", sqlite_connections.begin)
    return engine


def close(engine: Engine) -> None:
    """Close all connections: those that a thread is still using, as soon as it gives them back."""
    event.listen(engine.pool, "checkin", _close_returned)
    engine.dispose()


def _close_returned(driver: Any, _record: object) -> None:
    if driver is not None:
        driver.close()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reads; each statement sees what is committed, and every read is pinned to a revision."""
    with engine.connect() as connection:
        # on SQLite, no BEGIN at all: autocommit is the driver's own state
        if engine.dialect.name == "sqlite":
            yield connection.execution_options(sqlite_begin=None)
        else:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")


def register_of(connection: Connection) -> Engine:
    """The engine of the register that the connection reads: what is kept of it in memory, a replica shares."""
    found: Engine = connection.get_execution_options().get(REGISTER, connection.engine)
    return found


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
        _lock(session.connection())
        yield session


def _lock(connection: Connection) -> None:
    """Take the write lock until the transaction ends; on SQLite the transaction began with it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})


def empty(session: Session, tables: Sequence[str]) -> None:
    """Take every row out of these tables. Only for what can be made again: facts are never deleted."""
    if session.connection().dialect.name == "postgresql":
        # what is still to be checked of rows that this transaction wrote stands in the way of a TRUNCATE
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        # a DELETE would look through each table that refers to another for each of its rows
        session.execute(text(f"TRUNCATE {', '.join(tables)}"))
        return
    for table in tables:
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours


def migrations_folder() -> Path:
    """The Alembic scripts: inside the installed package, or beside it in a checkout."""
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "migrations"


def alembic_config(
    url: str, models: MetaData | None = None, before: Callable[[Connection], None] | None = None
) -> "Config":
    """Alembic's configuration for the address; with the models, its commands can also compare the schema with them."""
    from alembic.config import Config  # noqa: PLC0415 - a tenth of the start of a service, which migrates nothing

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes.update(connecting=partial(changing_schema, url), models=models)
    return config


def migrate(url: str, before: Callable[[Connection], None] | None = None) -> None:
    """Bring the database at the address to the newest schema; makes an SQLite file that is not there.

    May be started many times at once and killed at any moment: all steps are one transaction, under the write lock.
    `before` is called first, where there is something to do once Alembic has looked again under the lock.

    Raises SchemaError for a schema that this version does not know, and when foreign keys would no longer hold.
    """
    engine = connect(url, pool_size=1)
    try:
        with reading(engine) as connection:
            newest = known_schema(connection) == schema_head()
    finally:
        engine.dispose()
    if not newest:
        from alembic import command  # noqa: PLC0415 - as above

        config = alembic_config(url)
        config.attributes["connecting"] = partial(changing_schema, url, before)
        command.upgrade(config, "head")


@contextmanager
def changing_schema(url: str, before: Callable[[Connection], None] | None = None) -> Iterator[Connection]:
    """A connection in one transaction that holds the write lock: the schema is changed whole, or not at all."""
    engine = connect(url, pool_size=1, wait=MIGRATION_WAIT)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        event.listen(engine, "connect", _let_tables_be_made_anew)
    try:
        with engine.begin() as connection:
            _lock(connection)
            if known_schema(connection) != schema_head() and before:
                before(connection)
            yield connection
            if sqlite:
                _check_foreign_keys(connection)
    finally:
        engine.dispose()


def _let_tables_be_made_anew(connection: sqlite3.Connection, _record: object) -> None:
    # SQLite alters a table by a copy that takes its place, and cannot let go of foreign keys within a transaction
    connection.execute("PRAGMA foreign_keys=OFF")


def _check_foreign_keys(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SchemaError(f"nothing was migrated: row {broken[1]} of {broken[0]} would refer to no row of {broken[2]}")


@cache
def schemas() -> frozenset[str]:
    """The migrations that this version of the registry knows: "0001", "0002" and so on."""
    scripts = (migrations_folder() / "versions").glob("[0-9]*.py")
    return frozenset(script.name.partition("_")[0] for script in scripts)


@cache
def schema_head() -> str:
    """The newest migration that this version of the registry knows."""
    return max(schemas())


def schema_revision(connection: Connection) -> str | None:
    """The migration that the database is at; None: never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def known_schema(connection: Connection) -> str | None:
    """The migration that the database is at. Raises SchemaError where this version of the registry does not know it."""
    revision = schema_revision(connection)
    if revision is not None and revision not in schemas():
        raise SchemaError(
            f"the database is at schema {revision}, made by a newer version, and this one, {__version__}, knows up to "
            f"{schema_head()}: nothing was changed; install the newer one, or restore the backup made before it"
        )
    return revision

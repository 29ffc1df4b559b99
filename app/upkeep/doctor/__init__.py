"""What is wrong with an installation: small checks, from the settings to what is recorded, each tested by breaking one.

A check that what comes after it needs ends the examination where it finds something.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.database import connect, snapshot
from app.database_address import sqlite_file
from app.settings import Settings, get_settings
from app.upkeep.doctor import configuration, postgresql_server, register_state, replica_server, sqlite_files
from app.upkeep.doctor.diagnosis import Diagnosis

__all__ = ("Diagnosis", "examine")

Subject = TypeVar("Subject", Path, Connection)
Explain = Callable[[SQLAlchemyError, str], str]

FILE = (
    sqlite_files.missing_rights,
    sqlite_files.little_room,
    sqlite_files.network_file_system,
)
SERVER = (
    postgresql_server.server_version,
    postgresql_server.durability,
    postgresql_server.encoding,
    postgresql_server.timeouts,
)
RECORDED = (
    register_state.empty_register,
    register_state.wrong_clock,
    register_state.stale_projections,
)


RecordedCheck = Callable[[Connection], Iterator[Diagnosis]]


def examine(explain: Explain, deep: bool = False, others: Iterable[RecordedCheck] = ()) -> Iterator[Diagnosis]:
    """All that is wrong. `explain` says what a failure of the database means; `deep` checks every revision.

    `others`: what else is looked at in what is recorded.
    """
    if wrong := list(configuration.wrong_settings()):
        yield from wrong
        return
    settings = get_settings()
    yield from configuration.missing_settings(settings)
    yield from configuration.impatience(settings)
    if path := sqlite_file(settings.database_url):
        if missing := list(sqlite_files.missing_file(path)):
            yield from missing
            return
        yield from _each(FILE, path)
    yield from _database(settings, explain, deep, others)


def _database(settings: Settings, explain: Explain, deep: bool, others: Iterable[RecordedCheck]) -> Iterator[Diagnosis]:
    engine = connect(settings.database_url, pool_size=1, wait=float(settings.lock_timeout))
    try:
        with snapshot(engine) as connection:
            yield from _contents(connection, deep, others)
            if settings.replica_url:
                yield from replica_server.replica_faults(settings.replica_url, connection, explain)
    except SQLAlchemyError as error:
        yield Diagnosis("the database cannot be used", explain(error, settings.database_url))
    finally:
        engine.dispose()


def _contents(connection: Connection, deep: bool, others: Iterable[RecordedCheck]) -> Iterator[Diagnosis]:
    sqlite = connection.dialect.name == "sqlite"
    yield from sqlite_files.unsafe_journal(connection) if sqlite else _each(SERVER, connection)
    if other := list(register_state.other_schema(connection)):
        yield from other
        return
    yield from _each(RECORDED, connection)
    yield from register_state.broken_chain(connection, deep)
    yield from _each(others, connection)


def _each(checks: Iterable[Callable[[Subject], Iterator[Diagnosis]]], subject: Subject) -> Iterator[Diagnosis]:
    return chain.from_iterable(check(subject) for check in checks)

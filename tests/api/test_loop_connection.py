"""The connection of reads on the event loop: what it remembers, and when it is opened anew."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app.api.loop_connection import LoopConnection
from app.registry.serving.newest_revision import UNCHANGED


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.db"
    other(path, "PRAGMA journal_mode=WAL")
    other(path, "CREATE TABLE kept (number INTEGER)")
    return path


@pytest.fixture
def kept(file: Path) -> Iterator[LoopConnection]:
    found = LoopConnection(f"sqlite:///{file}")
    yield found
    found.dispose()


def other(path: Path, statement: str) -> None:
    """Carry out a statement over another connection."""
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


def count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM kept")).scalar_one())


def test_one_read_follows_another_over_the_same_connection(kept: LoopConnection) -> None:
    with kept as first, kept as within:
        assert within is first
    with kept as second:
        assert second is first
        assert not second.in_transaction()


def test_it_remembers_until_anybody_commits(kept: LoopConnection, file: Path) -> None:
    with kept as connection:
        assert count(connection) == 0
        connection.info[UNCHANGED]["seen"] = True
    with kept as connection:
        assert connection.info[UNCHANGED] == {"seen": True}
    other(file, "INSERT INTO kept VALUES (1)")
    with kept as connection:
        assert connection.info[UNCHANGED] == {}
        assert count(connection) == 1


def test_what_fails_in_the_database_has_it_opened_anew(kept: LoopConnection) -> None:
    with kept as first, pytest.raises(ZeroDivisionError):
        raise ZeroDivisionError
    with kept as second:
        assert second is first
    with pytest.raises(OperationalError), kept as connection:
        connection.execute(text("SELECT nothing"))
    with kept as connection:
        assert connection is not first
        assert count(connection) == 0


def test_it_writes_nothing_and_waits_for_nobody(kept: LoopConnection, file: Path) -> None:
    with pytest.raises(OperationalError, match="readonly"), kept as connection:
        connection.execute(text("INSERT INTO kept VALUES (1)"))
    other(file, "PRAGMA journal_mode=DELETE")
    with sqlite3.connect(file) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises((OperationalError, sqlite3.OperationalError), match="locked"), kept as connection:
            count(connection)
        writer.rollback()
    writer.close()
    with kept as connection:
        assert count(connection) == 0


def test_disposed_it_goes_to_the_file_that_is_there_then(kept: LoopConnection, file: Path) -> None:
    with kept as connection:
        assert count(connection) == 0
    kept.dispose()
    file.unlink()
    other(file, "CREATE TABLE kept (number INTEGER)")
    other(file, "INSERT INTO kept VALUES (7)")
    with kept as connection:
        assert count(connection) == 1

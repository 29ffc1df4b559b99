"""A write that the database refuses is a sentence on the command line, and leaves nothing half written."""

import os
import resource
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app import database, sqlite_connections
from app.database import connect, migrate, writing
from tests.registry_in_use import SOURCE, force, save
from tests.test_cli import REGISTRY, run, write

FULL = "the database cannot be used: the disk is full; the write was undone: make room"
BUSY = "the database cannot be used: another process was writing all the time that this one waited"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    url = f"sqlite:///{tmp_path}/registry.db"
    migrate(url)
    save(url, SOURCE)
    return tmp_path / "registry.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def many(tmp_path: Path) -> str:
    """A dataset that takes more than a hundred pages."""
    return str(write(tmp_path / "many.ndjson", *(force(f"f{number}") for number in range(300))))


def refused(code: int, err: str, message: str) -> None:
    assert code == 1
    assert err.startswith(message), err
    assert len(err.splitlines()) == 1


def unharmed(url: str, many: str) -> None:
    """The register is as it was, and takes the same write once it can."""
    code, out, err = run(url, "check")
    assert (code, err, "the log is consistent: 1 revisions" in out) == (0, "", True), err
    assert "revision 2: 300 documents written" in run(url, "load", many)[1]
    assert run(url, "check")[0] == 0


@pytest.mark.parametrize("pages", [0, 1, 5, 20, 60, 100])
def test_a_full_file_at_any_step_of_a_write(
    url: str, path: Path, many: str, pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        most = connection.execute("PRAGMA page_count").fetchone()[0] + pages
    prepare = sqlite_connections.prepare

    def limited(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute(f"PRAGMA max_page_count={most}")

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_connections, "prepare", limited)
        code, _, err = run(url, "load", many)
    refused(code, err, FULL)
    unharmed(url, many)


@pytest.mark.parametrize("room", [0, 50_000, 300_000])
def test_a_file_that_may_not_grow(url: str, path: Path, many: str, room: int) -> None:
    done = subprocess.run(
        [REGISTRY, "load", many],
        env={**os.environ, "REGISTRY_DATABASE_URL": url},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        capture_output=True,
        text=True,
        check=False,
    )
    refused(done.returncode, done.stderr, "the database cannot be used: the disk does not take or give")
    unharmed(url, many)


def test_a_locked_file_is_a_sentence_after_the_time_out(url: str, many: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.2)
    engine = connect(url)
    with writing(engine):
        code, _, err = run(url, "load", many)
        assert run(url, "check")[0] == 0  # who only reads is not kept waiting
    engine.dispose()
    refused(code, err, BUSY)
    unharmed(url, many)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "registry.db").write_text("x" * 5000)
    for command in ("migrate", "check"):
        code, _, err = run(f"sqlite:///{tmp_path}/registry.db", command)
        refused(code, err, "the database cannot be used: the file is damaged, or no database")
    code, _, err = run(f"sqlite:///{tmp_path}/none/registry.db", "migrate")
    refused(code, err, "the database cannot be used: the file cannot be opened: make its folder")


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("lock_timeout=200", BUSY),
        ("statement_timeout=200", "the database cannot be used: a statement took longer than this role may"),
    ],
)
def test_what_a_server_refuses_is_a_sentence(database_url: str, many: str, options: str, message: str) -> None:
    save(database_url, SOURCE)
    engine = connect(database_url)
    with writing(engine):
        code, _, err = run(f"{database_url}?options=-c%20{options}", "load", many)
    engine.dispose()
    refused(code, err, message)
    unharmed(database_url, many)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
def test_a_server_that_takes_no_writes_is_a_sentence(database_url: str, many: str) -> None:
    save(database_url, SOURCE)
    code, _, err = run(f"{database_url}?options=-c%20default_transaction_read_only%3Don", "load", many)
    refused(code, err, "the database cannot be used: the server takes no writes")
    unharmed(database_url, many)


def test_a_failure_without_a_sentence_of_its_own_is_said_as_the_driver_says_it() -> None:
    code, _, err = run("postgresql://u:secret@127.0.0.1:1/none", "check")
    refused(code, err, "the database cannot be used: (psycopg.OperationalError) connection failed")
    assert "secret" not in err
    assert psycopg.errors.DiskFull.sqlstate == "53100"

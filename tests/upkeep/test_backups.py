"""A backup is one whole moment of a register in use; where none can be made, a sentence says why."""

import os
import resource
import shlex
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database import connect, migrate, schema_head, writing
from app.database_address import sqlite_file
from tests.databases import PostgresDatabases
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import REGISTRY, run
from tests.upgrades.registers import old_register


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A small register in a file of its own."""
    found = f"sqlite:///{tmp_path}/registry.db"
    migrate(found)
    save(found, SOURCE)
    return found


@contextmanager
def written_without_end(url: str) -> Iterator[list[int]]:
    """A writer beside what is tested; gives the revisions that it wrote."""
    stop, wrote = threading.Event(), list[int]()

    def write() -> None:
        while not stop.is_set():
            wrote.append(save(url, force(f"f{len(wrote)}")).revision or 0)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield wrote
    finally:
        stop.set()
        thread.join()


def newest(path: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(path)) as connection:
        found: tuple[int, str] = connection.execute("SELECT max(number), digest FROM revision").fetchone()
        return found


def test_a_backup_is_one_moment_while_the_register_is_read_and_written(url: str, tmp_path: Path) -> None:
    known = 0
    with serving(url) as client, written_without_end(url) as wrote:
        for number in range(6):
            path = tmp_path / f"{number}.backup"
            while len(wrote) < 2 * number:
                client.get("/v1/forces")
            code, out, err = run(url, "backup", str(path))
            revision, digest = newest(path)
            assert (code, err) == (0, "")
            assert out.startswith(f"{path}: schema {schema_head()}, revision {revision} of ")
            assert out.endswith(f"digest {digest}\n")
            assert max(known, *wrote[: 2 * number], 1) <= revision
            known = revision
            assert not list(tmp_path.glob("*.part*"))
    assert wrote[-1] > known > 1
    for path in tmp_path.glob("*.backup"):
        assert run(f"sqlite:///{path}", "check")[0] == 0


def test_a_backup_is_one_file_that_needs_no_writing_to_be_read(url: str, tmp_path: Path) -> None:
    run(url, "backup", str(tmp_path / "b"))
    with closing(sqlite3.connect(f"file:{tmp_path}/b?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT count(*) FROM record").fetchone() == (1,)


def test_what_is_there_stays_unless_it_is_to_be_replaced(url: str, tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.write_text("mine")
    code, _, err = run(url, "backup", str(path))
    assert (code, err) == (1, f"{path} is there already: take another name, or --replace\n")
    assert path.read_text() == "mine"
    assert run(url, "backup", "--replace", str(path))[0] == 0
    assert newest(path)[0] == 1
    code, _, err = run(url, "backup", "--replace", str(sqlite_file(url)))
    assert (code, "is the register itself" in err) == (1, True)


def test_nobody_may_read_more_of_a_backup_than_of_the_register(url: str, tmp_path: Path) -> None:
    for mode in (0o600, 0o640):
        (tmp_path / "registry.db").chmod(mode)
        run(url, "backup", "--replace", str(tmp_path / "b"))
        assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == mode


def test_what_a_killed_backup_left_is_no_hindrance_and_one_that_runs_is(url: str, tmp_path: Path) -> None:
    part = tmp_path / "b.part"
    with closing(sqlite3.connect(part, isolation_level=None)) as other:
        other.execute("CREATE TABLE half (x)")
        other.execute("BEGIN EXCLUSIVE")
        code, _, err = run(url, "backup", str(tmp_path / "b"))
        assert (code, "is being written by another backup" in err) == (1, True)
        assert part.exists()
    assert run(url, "backup", str(tmp_path / "b"))[0] == 0
    assert not part.exists()
    assert newest(tmp_path / "b")[0] == 1


def test_what_lies_there_and_is_no_copy_is_taken_away(url: str, tmp_path: Path) -> None:
    (tmp_path / "b.part").write_text("x" * 5000)
    code, _, err = run(url, "backup", str(tmp_path / "b"))
    assert (code, err) == (1, f"{tmp_path}/b.part cannot be written: file is not a database\n")
    assert run(url, "backup", str(tmp_path / "b"))[0] == 0


@pytest.mark.parametrize("room", [0, 100_000])
def test_a_disk_that_is_full_is_a_sentence_and_leaves_the_older_backup(url: str, tmp_path: Path, room: int) -> None:
    path = tmp_path / "b"
    run(url, "backup", str(path))
    before = path.read_bytes()
    save(url, force("alpha"))
    done = subprocess.run(
        [REGISTRY, "backup", "--replace", path],
        env={**os.environ, "REGISTRY_DATABASE_URL": url},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{path}.part" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("b.*"))


def test_a_register_that_is_locked_is_not_waited_for_without_end(url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "registry.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        code, _, err = run(url, "backup", str(tmp_path / "b"))
    assert (code, "database is locked" in err) == (1, True)


def test_no_register_and_no_folder_are_sentences(url: str, tmp_path: Path) -> None:
    code, _, err = run(f"sqlite:///{tmp_path}/none.db", "backup", str(tmp_path / "b"))
    assert (code, err) == (1, f"there is no file {tmp_path}/none.db\n")
    assert not (tmp_path / "none.db").exists()
    code, _, err = run(url, "backup", str(tmp_path / "none" / "b"))
    assert (code, err) == (1, f"{tmp_path}/none/b.part cannot be written: No such file or directory\n")


def test_a_register_before_its_migration_can_be_kept_and_that_of_a_newer_version_cannot(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    old_register(url, "0003")
    code, out, _ = run(url, "backup", str(tmp_path / "b"))
    assert (code, f"{tmp_path}/b: schema 0003, revision 4 of" in out) == (0, True)
    engine = connect(url)
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    code, _, err = run(url, "backup", str(tmp_path / "c"))
    assert (code, "at schema 9999, made by a newer version" in err) == (1, True)
    assert not (tmp_path / "c").exists()


def test_a_damaged_register_is_not_kept_as_if_it_were_whole(url: str, tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        asked = "SELECT rootpage FROM sqlite_master WHERE name = 'version'"
        [page] = connection.execute(asked).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    code, _, err = run(url, "backup", str(tmp_path / "b"))
    assert (code, err.startswith(f"{tmp_path}/b is damaged: ")) == (1, True), err
    assert not (tmp_path / "b").exists()


def spoken(database_url: str, databases: PostgresDatabases, *arguments: str) -> None:
    """Run the command that the registry says."""
    code, _, err = run(database_url, *arguments)
    assert (code, "PostgreSQL has programs of its own" in err) == (1, True)
    program, *rest = shlex.split(err.splitlines()[0].partition("run: ")[2])
    subprocess.run([databases.server.programs / program, *rest], check=True)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
def test_the_commands_for_postgresql_make_a_backup_and_put_it_back(
    databases: PostgresDatabases, database_url: str, tmp_path: Path
) -> None:
    path, other = str(tmp_path / "a backup"), databases.copy()
    save(database_url, SOURCE, force("alpha"))
    digest = run(database_url, "check")[1].splitlines()[-1]
    spoken(database_url, databases, "backup", path)
    save(database_url, force("beta"))
    for place in (other, database_url):
        spoken(place, databases, "restore", path)
        assert run(place, "check")[1].splitlines()[-1] == digest
    assert save(other, force("beta")).revision == 2
    databases.drop(other)


def test_no_password_is_printed_for_postgresql() -> None:
    url = "postgresql+psycopg://u:secret@h:5/n?sslpassword=secret&sslmode=require"
    for command in ("backup", "restore"):
        _, _, err = run(url, command, "b")
        assert "postgresql://u@h:5/n?sslmode=require" in err
        assert "secret" not in err

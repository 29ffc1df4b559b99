"""The doctor finds each thing that is broken on purpose, says what to do, and nothing else."""

import os
import pwd
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import text

from app.database import connect, migrate, reading, writing
from app.registry.projections import FORMATS
from app.upkeep.doctor import postgresql_server, register_state, sqlite_files
from tests.databases import PostgresDatabases
from tests.postgres import Server
from tests.registry_in_use import SOURCE, force, save
from tests.test_cli import run

SAID = {
    "REGISTRY_PUBLIC_URL": "https://registry.example.org",
    "REGISTRY_OPERATOR": "Kent",
    "REGISTRY_CONTACT": "register@example.org",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    url = f"sqlite:///{tmp_path}/registry.db"
    migrate(url)
    save(url, SOURCE)
    return tmp_path / "registry.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


def findings(url: str, *options: str, **environment: str) -> list[str]:
    """What is found, beside what the tests' own PostgreSQL server lacks; the exit status says whether it is a fault."""
    code, out, err = run(url, "doctor", *options, **{**SAID, **environment})
    lines = out.splitlines()
    faults = [line for line in lines if not line.startswith("note: ") and line != "nothing to do"]
    assert (code, err, lines[-1:] == ["nothing to do"]) == (bool(faults), "", not faults)
    own = ("fsync is off: ", "synchronous_commit is off: ", "nothing to do")
    return [line for line in lines if not line.startswith(own)]


def change(url: str, *statements: str) -> None:
    engine = connect(url)
    with writing(engine) as session:
        for statement in statements:
            session.execute(text(statement))
    engine.dispose()


def test_a_sound_register_needs_nothing(database_url: str) -> None:
    save(database_url, SOURCE)
    assert findings(database_url) == findings(database_url, "--deep") == []


def test_wrong_settings_are_all_told_and_nothing_else_is_looked_at(url: str) -> None:
    found = findings(url, REGISTRY_PROT="1", REGISTRY_WORKERS="0")
    assert [line.partition(":")[0] for line in found] == [
        "REGISTRY_PROT is not a setting; did you mean REGISTRY_PORT?",
        "REGISTRY_WORKERS",
    ]


@pytest.mark.parametrize("name", SAID)
def test_what_a_register_should_say_of_itself_is_a_note(url: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(SAID, name)
    [note] = findings(url)
    assert note.startswith(f"note: {name} is not set: set it")


@pytest.mark.parametrize(("seconds", "count"), [("29", 0), ("30", 1)])
@pytest.mark.parametrize("name", ["STATEMENT", "LOCK"])
def test_a_database_is_not_waited_for_longer_than_a_request(url: str, name: str, seconds: str, count: int) -> None:
    found = findings(url, **{f"REGISTRY_{name}_TIMEOUT": seconds})
    assert [line.startswith(f"REGISTRY_{name}_TIMEOUT (30) is not shorter") for line in found] == [True] * count


def test_no_file_no_folder_and_no_database(tmp_path: Path) -> None:
    assert findings(f"sqlite:///{tmp_path}/a.db") == [
        f"there is no file {tmp_path}/a.db: run: registry migrate, or registry restore BACKUP"
    ]
    assert findings(f"sqlite:///{tmp_path}/a/b.db")[0].startswith(f"there is no folder {tmp_path}/a: make it")
    (tmp_path / "c.db").write_text("x" * 5000)
    [damaged] = findings(f"sqlite:///{tmp_path}/c.db")
    assert damaged.startswith("the database cannot be used: the file is damaged, or no database: put a backup")
    [unreachable] = findings("postgresql://u:secret@127.0.0.1:1/none")
    assert "see that the server runs" in unreachable
    assert "secret" not in unreachable


def test_a_file_that_is_locked(url: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.database.WAIT", 0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        [found] = findings(url, REGISTRY_LOCK_TIMEOUT="1")
    assert found.startswith("the database cannot be used: another process")


@contextmanager
def unprivileged() -> Iterator[None]:
    """As an ordinary user, whom rights bind."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def test_rights_on_the_file_and_its_folder() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "registry.db"
        path.touch()
        folder.chmod(0o777)
        path.chmod(0o666)
        with unprivileged():
            assert list(sqlite_files.missing_rights(path)) == []
        path.chmod(0o444)
        with unprivileged():
            assert [each.what for each in sqlite_files.missing_rights(path)] == [
                f"this user cannot read and write {path}"
            ]
        path.chmod(0o666)
        folder.chmod(0o555)
        with unprivileged():
            assert [each.what for each in sqlite_files.missing_rights(path)] == [f"this user cannot write in {folder}"]
        folder.chmod(0o755)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("size", "free", "count"),
    [(0, 500_000_000, 0), (0, 499_999_999, 1), (10**9, 2 * 10**9, 0), (10**9, 2 * 10**9 - 1, 1)],
)
def test_room_beside_the_file(
    tmp_path: Path, size: int, free: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "registry.db"
    path.touch()
    os.truncate(path, size)  # takes no room
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**12, 0, free))
    found = [str(each) for each in sqlite_files.little_room(path)]
    assert len(found) == count
    assert all(
        f"{free // 10**6} MB are free beside {path}, which has {size // 10**6} MB: make" in line for line in found
    )


def test_a_file_that_is_larger_than_the_disk_is_free(url: str, path: Path) -> None:
    free = os.statvfs(path).f_bavail * os.statvfs(path).f_frsize
    assert findings(url) == []
    os.truncate(path, free * 3 // 4)
    assert any(" MB are free beside " in line for line in findings(url))


@pytest.mark.parametrize(("kind", "count"), [("ext4", 0), ("nfs4", 1), ("fuse.sshfs", 1)])
def test_a_file_system_over_a_network(
    url: str, path: Path, kind: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = path.with_name("mountinfo")
    mounts.write_text(
        f"1 0 0:1 / / rw - nfs x rw\n2 1 0:2 / {path.parent} rw shared:1 - tmpfs x rw\n"
        f"3 1 0:3 / {path.parent} rw - {kind} x rw\n4 1 0:4 / {path.parent}/other rw - nfs x rw\n"
    )
    monkeypatch.setattr(sqlite_files, "MOUNTS", mounts)
    assert [line.startswith(f"{path} is on a network file system ({kind})") for line in findings(url)] == [True] * count
    monkeypatch.setattr(sqlite_files, "MOUNTS", path.with_name("none"))
    assert findings(url) == []


def test_another_journal_than_wal_is_found(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    # a way to lock without the shared memory that WAL takes
    [found] = findings(f"sqlite:///file:{path}?vfs=unix-dotfile&uri=true")
    assert found.startswith("the journal mode is delete, for WAL is not possible here: move the file")


def test_commits_that_are_not_waited_for(url: str) -> None:
    engine = connect(url)
    with reading(engine) as connection:
        assert list(sqlite_files.unsafe_journal(connection)) == []
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        [found] = sqlite_files.unsafe_journal(connection)
    engine.dispose()
    assert found.what.startswith("commits are not waited for")


def test_a_schema_that_is_not_this_version_s(blank_url: str) -> None:
    assert findings(blank_url)[0].startswith(("the schema is not there, and not", "there is no file"))
    migrate(blank_url)
    change(blank_url, "UPDATE alembic_version SET version_num = '0004'")
    [older] = findings(blank_url)
    assert older.startswith("the schema is 0004, and not ")
    assert older.endswith(": run: registry migrate")
    change(blank_url, "UPDATE alembic_version SET version_num = '9999'")
    [newer] = findings(blank_url)
    assert newer.startswith("the database is at schema 9999, made by a newer version")
    assert newer.endswith(": install the newer version of the registry")


def test_an_empty_register_is_a_note(database_url: str) -> None:
    assert findings(database_url) == ["note: the register is empty: load a dataset: registry load bch national"]


def test_stale_projections(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save(database_url, SOURCE)
    monkeypatch.setitem(FORMATS, "search", FORMATS["search"] + 1)
    [found] = findings(database_url)
    assert found == "what is derived is stale (search), and nothing is served: run: registry rebuild"


@pytest.mark.parametrize(("minutes", "count"), [(55, 0), (65, 1)])
def test_the_clock_against_the_newest_revision(
    database_url: str, minutes: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr(
        "app.registry.writing.digest_chain.timestamp", lambda _: moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    )
    save(database_url, SOURCE)
    found = findings(database_url)
    assert [line.startswith("revision 1 was recorded at ") for line in found] == [True] * count
    assert all(line.endswith(": set the clock right; nothing can be written before") for line in found)


def test_the_newest_digests_and_all_of_them(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save(database_url, SOURCE)
    for slug in ("a", "b", "c"):
        save(database_url, force(slug))
    monkeypatch.setattr(register_state, "NEWEST", 2)
    change(database_url, "UPDATE version SET document = '{}' WHERE pk = 2")
    assert findings(database_url) == []
    [deep] = findings(database_url, "--deep")
    assert deep.startswith("revision 2 does not have the digest of what it wrote: run: registry check")
    change(database_url, "UPDATE version SET document = '{}' WHERE pk = 3")
    [newest] = findings(database_url)
    assert newest.startswith("revision 3 does not have")
    change(database_url, "UPDATE revision SET previous = 'x' WHERE number = 3")
    assert any(line.startswith("revision 3 does not follow") for line in findings(database_url))


@pytest.fixture(scope="module")
def durable() -> Iterator[PostgresDatabases]:
    with Server(fsync="on", synchronous_commit="on") as server:
        yield PostgresDatabases(server)


def test_a_server_that_does_not_keep_what_it_acknowledges(durable: PostgresDatabases) -> None:
    found = durable.copy()
    migrate(found)
    assert run(found, "doctor", **SAID)[0] == 0
    durable.run(f"ALTER DATABASE {durable.name(found)} SET synchronous_commit = off")
    out = run(found, "doctor", **SAID)[1]
    assert "synchronous_commit is off: set it on" in out
    assert "fsync" not in out


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
def test_a_server_whose_disk_is_not_waited_for(database_url: str) -> None:
    assert "fsync is off: set it on" in run(database_url, "doctor")[1]


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
def test_an_older_server(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save(database_url, SOURCE)
    monkeypatch.setattr(postgresql_server, "OLDEST", 99)
    [found] = findings(database_url)
    assert found.endswith(": upgrade it to 99 or newer")


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
def test_an_encoding_without_all_names(databases: PostgresDatabases, database_url: str) -> None:
    databases.run("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    found = findings(databases.server.url("latin"))
    databases.run("DROP DATABASE latin WITH (FORCE)")
    assert found[0].startswith("the database's encoding is LATIN1: load into a database made with: createdb")


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
@pytest.mark.parametrize("name", postgresql_server.TIMEOUTS)
def test_time_limits_that_end_loads(databases: PostgresDatabases, database_url: str, name: str) -> None:
    save(database_url, SOURCE)
    for limit, count in (("599999ms", 1), ("600s", 0), ("0", 0)):
        databases.run(f"ALTER DATABASE {databases.name(database_url)} SET {name} = '{limit}'")
        found = findings(database_url)
        assert [line.startswith(f"{name} of this role is 599.999 seconds: ALTER ROLE") for line in found] == [
            True
        ] * count

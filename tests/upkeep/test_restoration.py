"""A backup that is put back is the register as it was; nothing is lost unsaid, and nobody goes on with the old file."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.database import migrate, schema_head
from app.registry.projections import FORMATS
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import run, write
from tests.upgrades.registers import old_register


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a register of two revisions."""
    url = f"sqlite:///{tmp_path}/registry.db"
    migrate(url)
    save(url, SOURCE)
    save(url, force("alpha"))
    return tmp_path / "registry.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def backup(path: Path, url: str) -> Path:
    """A backup of the two revisions."""
    found = path.with_name("backup")
    assert run(url, "backup", str(found))[0] == 0
    return found


def state(path: Path) -> str:
    """What `registry check` says at its end."""
    code, out, err = run(f"sqlite:///{path}", "check")
    assert (code, err) == (0, "")
    return out.splitlines()[-1]


def kept(path: Path) -> list[Path]:
    return sorted(path.parent.glob("registry.db.before-restore-*"))


def refused(url: str, *arguments: str | Path) -> str:
    code, out, err = run(url, "restore", *map(str, arguments))
    assert (code, out, len(err.splitlines())) == (1, "", 1), (out, err)
    return err.rstrip()


def test_a_register_that_is_gone_comes_back(path: Path, url: str, backup: Path) -> None:
    before = state(path)
    for each in path.parent.glob("registry.db*"):
        each.unlink()
    code, out, _ = run(url, "restore", str(backup))
    assert code == 0
    assert out.startswith(f"{url} is as {backup}: schema {schema_head()}, revision 2 of ")
    assert (state(path), kept(path)) == (before, [])
    assert [each.name for each in path.parent.glob("*.part*")] == []
    assert save(url, force("beta")).revision == 3


def test_what_the_backup_has_too_is_replaced_and_kept_beside(path: Path, url: str, backup: Path) -> None:
    code, out, _ = run(url, "restore", str(backup))
    [before] = kept(path)
    assert (code, f"what was there before is kept as {before}" in out) == (0, True)
    assert state(path) == state(before)


def test_an_empty_register_has_nothing_to_lose(tmp_path: Path, backup: Path) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    migrate(other)
    assert run(other, "restore", str(backup))[0] == 0
    (tmp_path / "blank.db").touch()
    assert run(f"sqlite:///{tmp_path}/blank.db", "restore", str(backup))[0] == 0


def test_newer_revisions_are_lost_only_when_it_is_said(path: Path, url: str, backup: Path) -> None:
    save(url, force("beta"))
    assert "would lose revision 3, which the backup does not have. To replace it" in refused(url, backup)
    save(url, force("gamma"))
    assert "would lose revisions 3-4, which the backup does not have" in refused(url, backup)
    before = state(path)
    assert kept(path) == []
    assert run(url, "restore", "--replace", str(backup))[0] == 0
    assert "2 revisions" in state(path)
    assert state(kept(path)[0]) == before


def test_another_history_is_lost_only_when_it_is_said(path: Path, url: str, backup: Path, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    assert run(other, "restore", str(backup))[0] == 0
    save(other, force("beta"))
    for slug in ("gamma", "delta"):
        save(url, force(slug))
    run(url, "backup", str(tmp_path / "newer"))
    assert "would lose revision 3: from there on, the backup has another history" in refused(other, tmp_path / "newer")
    assert "3 revisions" in state(tmp_path / "other.db")
    assert run(other, "restore", "--replace", str(tmp_path / "newer"))[0] == 0
    assert "4 revisions" in state(tmp_path / "other.db")


def no_database(backup: Path) -> None:
    backup.write_text("not a database")


def no_register(backup: Path) -> None:
    backup.unlink()
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("CREATE TABLE other (x)")


def half(backup: Path) -> None:
    os.truncate(backup, backup.stat().st_size // 2)


def changed(statement: str) -> Callable[[Path], None]:
    def change(backup: Path) -> None:
        with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
            connection.execute(statement)

    return change


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (Path.unlink, "there is no file"),
        (no_database, "is no SQLite database"),
        (no_register, "is no register: it has no schema"),
        (half, "is damaged"),
        (changed("UPDATE alembic_version SET version_num = '9999'"), "at schema 9999, made by a newer version"),
        (changed("DELETE FROM record WHERE pk = 1"), "refers to no row of record"),
        (changed("UPDATE version SET document = '{}' WHERE pk = 2"), "is broken: revision 2 does not have the digest"),
        (changed("UPDATE revision SET previous = 'x' WHERE number = 2"), "revision 2 does not follow the digest"),
        (changed("UPDATE version SET recorded_to = 2 WHERE pk = 1"), "and is said to have been by revision 2"),
    ],
)
def test_what_is_no_good_backup_is_not_put_back(
    path: Path, url: str, backup: Path, damage: Callable[[Path], None], message: str
) -> None:
    before = state(path)
    damage(backup)
    assert message in refused(url, "--replace", backup)
    assert (state(path), kept(path)) == (before, [])
    assert not list(path.parent.glob("*.part*"))


def test_the_register_itself_is_no_backup(path: Path, url: str) -> None:
    assert "is the register itself" in refused(url, "--replace", path)


def test_a_register_in_use_is_not_replaced(path: Path, url: str, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.upkeep.backups.restoration.PATIENCE", 0.1)
    with serving(url) as client:
        assert client.get("/v1/forces").status_code == 200
        assert "is in use: stop the service" in refused(url, "--replace", backup)
        assert client.get("/v1/forces").status_code == 200
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert "is in use: stop the service" in refused(url, "--replace", backup)
    assert save(url, force("beta")).revision == 3


def test_who_opened_the_replaced_file_cannot_write_to_either(path: Path, url: str, backup: Path) -> None:
    """Opened but never read, it is not seen; and both files would have the same WAL beside them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as late:
        assert run(url, "restore", str(backup))[0] == 0
        save(url, force("beta"))
        for statement in ("PRAGMA journal_mode=WAL", "DELETE FROM force"):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                late.execute(statement)
        save(url, force("gamma"))
    assert "4 revisions" in state(path)
    assert "2 revisions" in state(kept(path)[0])


def crashed(path: Path, target: Path) -> None:
    """What a killed process leaves: the file, and beside it what it wrote and did not bring into it yet."""
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("SELECT * FROM revision").fetchone()
        save(f"sqlite:///{path}", force("beta"))
        for end in ("", "-wal"):
            shutil.copy(path.with_name(path.name + end), target.with_name(target.name + end))


def test_what_a_killed_process_wrote_is_counted_and_kept(path: Path, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "crash").mkdir()
    target = tmp_path / "crash" / "registry.db"
    crashed(path, target)
    url = f"sqlite:///{target}"
    assert "would lose revision 3" in refused(url, backup)
    crashed_again = run(url, "restore", "--replace", str(backup))
    assert crashed_again[0] == 0
    assert "3 revisions" in state(kept(target)[0])
    assert "2 revisions" in state(target)


@pytest.mark.parametrize("gone", [False, True], ids=["damaged", "gone"])
def test_what_lies_beside_a_damaged_file_is_not_taken_for_the_new_one_s(
    path: Path, backup: Path, tmp_path: Path, gone: bool
) -> None:
    (tmp_path / "crash").mkdir()
    target = tmp_path / "crash" / "registry.db"
    crashed(path, target)
    if gone:
        target.unlink()
    else:
        target.write_bytes(b"x" * 10_000)
        assert "would lose nobody can say what, for it is damaged" in refused(f"sqlite:///{target}", backup)
    assert run(f"sqlite:///{target}", "restore", "--replace", str(backup))[0] == 0
    assert "2 revisions" in state(target)
    assert "registry.db-wal" not in [each.name for each in target.parent.iterdir() if each.stat().st_size]
    assert any(each.name.endswith("-wal") for each in kept(target))
    assert any(each.read_bytes() == b"x" * 10_000 for each in kept(target)) != gone


def test_mode_and_owner_stay_those_of_the_register(path: Path, url: str, backup: Path) -> None:
    path.chmod(0o640)
    backup.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    owner = path.stat().st_uid
    assert run(url, "restore", str(backup))[0] == 0
    assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_uid) == (0o640, owner)


def test_what_is_next_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, backup: Path) -> None:
    assert "next:" not in run(url, "restore", str(backup))[1]
    monkeypatch.setitem(FORMATS, "search", FORMATS["search"] + 1)
    other = f"sqlite:///{tmp_path}/other.db"
    assert run(other, "restore", str(backup))[1].endswith("next: registry rebuild\n")
    old = f"sqlite:///{tmp_path}/old.db"
    old_register(old, "0002")
    assert run(old, "backup", str(tmp_path / "old"))[0] == 0
    last = f"sqlite:///{tmp_path}/last.db"
    assert run(last, "restore", str(tmp_path / "old"))[1].endswith("next: registry migrate\n")
    assert run(last, "migrate")[0] == 0


def test_a_backup_that_lacks_what_was_published_is_put_back_to_be_read_only(
    path: Path, url: str, backup: Path, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint"
    told = {"REGISTRY_CHECKPOINT_FILE": str(checkpoint)}
    document = write(tmp_path / "beta.ndjson", force("beta"))
    assert run(url, "load", str(document), **told)[0] == 0
    before = state(path)
    code, out, err = run(url, "restore", "--replace", str(backup), **told)
    assert (code, out) == (1, "")
    assert "is of revision 3, and the database ends with 2" in err
    for way in ("a newer backup", "registry log replay", "registry log succeed", "--read-only"):
        assert way in err
    assert (state(path), kept(path)) == (before, [])
    code, out, err = run(url, "restore", "--replace", "--read-only", str(backup), **told)
    assert (code, "it will be read and not written: the checkpoint in" in err) == (0, True)
    assert "revision 2 of" in out
    code, _, err = run(url, "load", str(document), **told)
    assert (code, "is of revision 3, and the database ends with 2" in err) == (1, True)


def test_a_backup_that_has_all_that_was_published_is_put_back(url: str, backup: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    told = {"REGISTRY_CHECKPOINT_FILE": str(checkpoint)}
    assert run(url, "load", str(write(tmp_path / "paper.ndjson", SOURCE)), **told)[0] == 0
    assert checkpoint.exists()
    code, _, err = run(url, "restore", str(backup), **told)
    assert (code, err) == (0, "")
    checkpoint.write_text("registry\n2\n" + "A" * 43 + "=\n\n")
    code, _, err = run(url, "restore", str(backup), **told)
    assert (code, "up to revision 2 it has something else" in err) == (1, True)

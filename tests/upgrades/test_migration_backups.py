"""Nothing is migrated that could be lost: a copy is made first, or asked for, where there is something to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.database import connect, reading, schema_head, schema_revision
from app.upkeep.backups import migration_backup
from app.upkeep.backups.copies import BackupError
from tests.databases import Databases, SqliteDatabases
from tests.test_cli import run
from tests.upgrades.registers import SCHEMAS, old_register


def schema_of(url: str) -> str | None:
    engine = connect(url, pool_size=1)
    with reading(engine) as connection:
        found = schema_revision(connection)
    engine.dispose()
    return found


def copies(url: str) -> list[Path]:
    file = SqliteDatabases.path(url)
    return sorted(file.parent.glob(f"{file.name}.*"))


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_is_migrated_is_kept_or_asked_for(blank_url: str, schema: str) -> None:
    old_register(blank_url, schema)
    code, out, err = run(blank_url, "migrate")
    if is_sqlite(blank_url):
        [kept] = copies(blank_url)
        assert kept.name.startswith(f"{SqliteDatabases.path(blank_url).name}.schema-{schema}-")
        assert out.startswith(f"what was there before is kept as {kept}\n")
        with closing(sqlite3.connect(kept)) as copy:
            assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [(schema,)]
            assert copy.execute("SELECT count(*) FROM revision").fetchone() == (4,)
        assert code == 0
    else:
        assert (code, out) == (1, "")
        assert f"at schema {schema} and would be migrated to {schema_head()}" in err
        assert "registry migrate --backed-up" in err
        assert schema_of(blank_url) == schema
        assert run(blank_url, "migrate", "--backed-up")[0] == 0
    assert schema_of(blank_url) == schema_head()
    before = copies(blank_url) if is_sqlite(blank_url) else []
    assert run(blank_url, "migrate")[0] == 0
    assert before == (copies(blank_url) if is_sqlite(blank_url) else [])


def test_what_holds_nothing_is_migrated_as_it_is(blank_url: str) -> None:
    for _ in range(2):
        code, out, err = run(blank_url, "migrate")
        assert (code, err) == (0, "")
        assert "kept" not in out
    assert not is_sqlite(blank_url) or copies(blank_url) == []


def test_who_has_a_backup_gets_none(blank_url: str) -> None:
    old_register(blank_url, "0002")
    assert run(blank_url, "migrate", "--backed-up")[0] == 0
    assert not is_sqlite(blank_url) or copies(blank_url) == []


@pytest.fixture
def other_url(databases: Databases) -> Iterator[str]:
    url = databases.copy()
    yield url
    databases.drop(url)


def test_migrations_go_to_an_address_of_their_own(blank_url: str, other_url: str) -> None:
    run(other_url, "migrate", REGISTRY_MIGRATION_URL=blank_url)
    assert (schema_of(blank_url), schema_of(other_url)) == (schema_head(), None)


def test_no_copy_no_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/registry.db"
    old_register(url, "0003")

    def fails(*_: object) -> None:
        raise BackupError("the disk is full")

    monkeypatch.setattr(migration_backup, "put", fails)
    code, out, err = run(url, "migrate")
    assert (code, out, err) == (1, "", "the disk is full\n")
    assert schema_of(url) == "0003"
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name or "schema" in path.name] == []

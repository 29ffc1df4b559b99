"""The migrations make what the models say, stand alone, and can be taken back."""

import ast
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, delete, insert, inspect, select, text

from app import __version__
from app.database import (
    Base,
    SchemaError,
    alembic_config,
    changing_schema,
    connect,
    migrate,
    migrations_folder,
    reading,
    schema_head,
    schemas,
    writing,
)
from app.register import REGISTER
from app.registry.projections import rebuild
from app.registry.serving.statements import clock
from app.search.index.tables import SearchEntry, SearchName, SearchPiece, SearchWord
from app.search.query.candidates import SearchScope
from app.search.query.matching import run_search
from tests.test_cli import run
from tests.upgrades.registers import old_register

SCRIPTS = sorted(migrations_folder().glob("**/*.py"))


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.stem for path in SCRIPTS])
def test_a_migration_does_the_same_whatever_becomes_of_the_code(path: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= {"alembic", "sqlalchemy", *sys.stdlib_module_names}


def test_the_newest_is_known_by_the_names_of_the_scripts_alone() -> None:
    scripts = ScriptDirectory.from_config(alembic_config("sqlite://"))
    assert scripts.get_heads() == [schema_head()]
    assert {script.revision for script in scripts.walk_revisions()} == schemas()


def test_the_models_have_nothing_that_the_migrations_do_not_make(database_url: str) -> None:
    command.check(alembic_config(database_url, models=Base.metadata))


def test_every_migration_can_be_taken_back_and_made_again(database_url: str) -> None:
    """One by one."""
    for _ in (migrations_folder() / "versions").glob("*.py"):
        command.downgrade(alembic_config(database_url), "-1")
        command.upgrade(alembic_config(database_url), "+1")
        command.downgrade(alembic_config(database_url), "-1")
    assert tables(database_url) == ["alembic_version"]
    migrate(database_url)
    assert len(tables(database_url)) > 1


def test_the_older_ones_can_be_taken_back_with_data(blank_url: str) -> None:
    old_register(blank_url, "0003")
    for _ in ("0003", "0002", "0001"):
        command.downgrade(alembic_config(blank_url), "-1")
        command.upgrade(alembic_config(blank_url), "+1")
        command.downgrade(alembic_config(blank_url), "-1")
    assert tables(blank_url) == ["alembic_version"]


def test_a_register_whose_days_are_worked_out_anew_does_not_go_back(own_loaded_url: str) -> None:
    """The software of schema 0003 has them in its versions, and no way to make them."""
    engine = connect(own_loaded_url)
    with writing(engine) as session:
        session.execute(text("UPDATE revision SET salt = NULL"))
    engine.dispose()
    with pytest.raises(RuntimeError, match="restore the backup"):
        command.downgrade(alembic_config(own_loaded_url), "0003")
    assert "period" in tables(own_loaded_url)


def test_a_register_whose_hashes_are_salted_does_not_go_back(own_loaded_url: str) -> None:
    with pytest.raises(RuntimeError, match="restore the backup"):
        command.downgrade(alembic_config(own_loaded_url), "0006")


def test_a_schema_of_a_newer_version_is_left_alone(own_loaded_url: str) -> None:
    with changing_schema(own_loaded_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    code, out, err = run(own_loaded_url, "migrate")
    assert (code, out) == (1, "")
    assert err == (
        f"the database is at schema 9999, made by a newer version, and this one, {__version__}, knows up to "
        f"{schema_head()}: nothing was changed; install the newer one, or restore the backup made before it\n"
    )


def test_a_table_that_others_refer_to_is_made_anew_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/registry.db"
    old_register(url, "0003")
    with changing_schema(url) as connection:
        before = connection.execute(text("SELECT * FROM record ORDER BY pk")).all()
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("record", recreate="always") as record:
            record.alter_column("id", new_column_name="slug")
        assert connection.execute(text("SELECT * FROM record ORDER BY pk")).all() == before
    refused = r"nothing was migrated: row \d+ of force would refer to no row of version"
    with pytest.raises(SchemaError, match=refused), changing_schema(url) as connection:
        connection.execute(text("UPDATE force SET version_pk = version_pk + 1000"))
    assert len(before) > 1


def test_entries_that_were_made_otherwise_are_made_anew(own_loaded_url: str) -> None:
    """What an earlier version wrote is gone from the tables and from the index, and what this one writes is there."""
    written = search_rows(own_loaded_url)
    engine = create_engine(own_loaded_url)
    with engine.begin() as connection:
        connection.execute(delete(SearchPiece))
        connection.execute(delete(SearchWord))
        connection.execute(insert(SearchWord), {"word": "furtherplans", "recorded_from": 1})
        row = connection.execute(select(*SearchEntry.__table__.columns).order_by(SearchEntry.pk.desc()).limit(1)).one()
        earlier = {**row._mapping, "pk": row.pk + 1, "names": "zebra", "tokens": ".zebra zebra"}
        connection.execute(insert(SearchEntry), earlier)
        connection.execute(insert(SearchName), {"name": "zebra", "pk": row.pk + 1})
    assert found(own_loaded_url, "zebra") != []
    with writing(engine) as session:
        rebuild(session, REGISTER, ["search"])
    assert search_rows(own_loaded_url) == written
    assert found(own_loaded_url, "zebra") == []
    assert found(own_loaded_url, "dog unit")[0] == "joint-unit:bh-dog-unit"
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:  # it fails where the index holds other than the entries do
            connection.exec_driver_sql("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    engine.dispose()


def found(url: str, query: str) -> list[str]:
    """The records that a query finds."""
    engine = connect(url)
    with reading(engine) as connection:
        ranked = run_search(connection, query, SearchScope(clock(connection))).ranked
        names = [f"{each.found.type}:{each.found.id}" for each in ranked]
    engine.dispose()
    return names


def search_rows(url: str) -> dict[str, list[Any]]:
    """All that is kept for search."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table.__tablename__: sorted(map(tuple, connection.execute(select(*table.__table__.columns))), key=str)
            for table in (SearchEntry, SearchName, SearchWord, SearchPiece)
        }
    engine.dispose()
    return found


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    names = sorted(inspect(engine).get_table_names())
    engine.dispose()
    return names

"""The migrations make what the models say, stand alone, and can be taken back."""

import ast
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, delete, insert, inspect, select, text

from app.catalogue import CATALOGUE
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
    writing,
)
from app.registry.serving.statements import clock
from app.search.index.rebuilding import rebuild
from app.search.index.tables import SearchEntry, SearchName, SearchPiece, SearchWord
from app.search.query.matching import matches
from tests.registry_in_use import force, save, unit, withdraw
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


def test_the_models_have_nothing_that_the_migrations_do_not_make(database_url: str) -> None:
    command.check(alembic_config(database_url, models=Base.metadata))


def test_every_migration_can_be_taken_back_and_made_again(own_loaded_url: str) -> None:
    """One by one, on a database with data in it."""
    for _ in (migrations_folder() / "versions").glob("*.py"):
        command.downgrade(alembic_config(own_loaded_url), "-1")
        command.upgrade(alembic_config(own_loaded_url), "+1")
        command.downgrade(alembic_config(own_loaded_url), "-1")
    assert tables(own_loaded_url) == ["alembic_version"]
    migrate(own_loaded_url)
    assert len(tables(own_loaded_url)) > 1


def test_a_schema_of_a_newer_version_is_left_alone(own_loaded_url: str) -> None:
    with changing_schema(own_loaded_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    code, out, err = run(own_loaded_url, "migrate")
    assert (code, out) == (1, "")
    assert err == (
        "the database is at schema 9999, made by a newer version of the registry, and this version knows those up to "
        f"{schema_head()}: nothing was changed; install the newer version\n"
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


def test_what_was_recorded_before_there_was_a_search_is_found_after_the_migration(own_loaded_url: str) -> None:
    """The entries are those that were written when the records were: at every revision, duplicates included."""
    cited = {"citations": [{"source": "si-2012-2892"}]}
    save(own_loaded_url, {**force("bedfordshire", name="Bedfordshire Constabulary"), **cited})
    save(
        own_loaded_url, *({**unit(slug, "bedfordshire", "hertfordshire"), **cited} for slug in ("k9", "hounds", "dogs"))
    )
    withdraw(own_loaded_url, "joint-unit:hounds", "joint-unit:k9")
    save(own_loaded_url, {**force("bedfordshire", name="Bedfordshire Police"), **cited})
    withdraw(own_loaded_url, "joint-unit:k9", "joint-unit:dogs")
    withdraw(own_loaded_url, "joint-unit:dogs")
    written = search_rows(own_loaded_url)
    command.downgrade(alembic_config(own_loaded_url), "0001")
    assert not any(name.startswith("search_") for name in tables(own_loaded_url))
    migrate(own_loaded_url)
    make_entries(own_loaded_url)
    assert search_rows(own_loaded_url) == written
    assert all(written.values())
    engine = connect(own_loaded_url)
    with reading(engine) as connection:
        for known_at, expected in ((None, []), ("3", ["hounds"]), ("4", ["k9"]), ("6", ["dogs"])):
            found = matches(connection, clock(connection, known_at), "hounds", types=("joint-unit",))
            assert [match.id for match in found if match.exact] == expected
    engine.dispose()


def test_entries_that_were_made_otherwise_are_made_anew(own_loaded_url: str) -> None:
    """What an earlier version wrote is gone from the tables and from the index, and what this one writes is there."""
    command.downgrade(alembic_config(own_loaded_url), "0002")
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
    migrate(own_loaded_url)
    make_entries(own_loaded_url)
    assert search_rows(own_loaded_url) == written
    assert found(own_loaded_url, "zebra") == []
    assert found(own_loaded_url, "dog unit")[0] == "joint-unit:bh-dog-unit"
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:  # it fails where the index holds other than the entries do
            connection.exec_driver_sql("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    engine.dispose()


def make_entries(url: str) -> None:
    """Make what the search tables hold, which a migration leaves empty."""
    assert not any(search_rows(url).values())
    engine = connect(url)
    with writing(engine) as session:
        rebuild(session, CATALOGUE)
    engine.dispose()


def found(url: str, query: str) -> list[str]:
    """The records that a query finds."""
    engine = connect(url)
    with reading(engine) as connection:
        names = [f"{each.type}:{each.id}" for each in matches(connection, clock(connection), query)]
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

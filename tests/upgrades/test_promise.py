"""The promise of docs/upgrading.md: from every schema since 0001 straight to the newest, with what is recorded."""

from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.database import alembic_config, connect, migrations_folder, reading, schema_head
from tests.test_cli import run
from tests.upgrades.registers import SCHEMAS, kept, old_register

STEPS = sorted(step.revision for step in ScriptDirectory(str(migrations_folder())).walk_revisions())


def register_of(url: str, schema: str) -> None:
    """A register at the schema: as its release left it, else as the last that was kept, migrated so far."""
    old_register(url, schema if schema in SCHEMAS else SCHEMAS[-1])
    command.upgrade(alembic_config(url), schema)


def revisions(url: str) -> list[Any]:
    engine = connect(url, pool_size=1)
    with reading(engine) as connection:
        found = connection.execute(text("SELECT number, digest, recorded FROM revision ORDER BY number")).all()
    engine.dispose()
    return [tuple(row) for row in found]


@pytest.mark.parametrize("schema", STEPS)
def test_every_schema_upgrades_straight_to_the_newest(blank_url: str, schema: str) -> None:
    register_of(blank_url, schema)
    for arguments in (("migrate", "--backed-up"), ("rebuild",)):
        assert run(blank_url, *arguments)[0] == 0
    written = [row for table, row in kept(schema if schema in SCHEMAS else SCHEMAS[-1]) if table == "revision"]
    assert revisions(blank_url) == [(row["number"], row["digest"], row["recorded"]) for row in written]
    code, out, err = run(blank_url, "check")
    assert (code, err) == (0, "")
    assert f"at schema {schema_head()}" in out


def test_what_is_kept_is_every_schema_that_had_another_form_of_its_own() -> None:
    assert STEPS[0] == SCHEMAS[0] == "0001"
    assert [f"{number:04}" for number in range(1, len(STEPS) + 1)] == STEPS


def test_an_older_version_refuses_in_every_command(own_loaded_url: str) -> None:
    """Not only `migrate`: a service of yesterday, started on today's database, says why it does not."""
    engine = connect(own_loaded_url, pool_size=1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for arguments in (("serve",), ("check",), ("load", "bch"), ("rebuild",), ("migrate", "--backed-up")):
        code, _, err = run(own_loaded_url, *arguments)
        assert code == 1
        assert "is at schema 9999, made by a newer version" in err
        assert f"knows up to {schema_head()}: nothing was changed" in err

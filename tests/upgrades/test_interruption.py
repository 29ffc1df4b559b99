"""A migration that is killed is as if it had not been started, and one of many at once is as one alone."""

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.database import connect, schema_head, schema_revision, writing
from tests.databases import Databases
from tests.test_cli import run
from tests.test_schema import described
from tests.upgrades.processes import PROCESSES, started
from tests.upgrades.registers import old_register

KILLS = 8
AT_ONCE = 8
SEED = 23


@pytest.fixture(scope="module", params=[None, "0001"], ids=["empty", "old"])
def before(databases: Databases, request: pytest.FixtureRequest) -> Iterator[str]:
    """The template of databases that are to be migrated; never connect to it."""
    url = databases.copy()
    if request.param:
        old_register(url, request.param)
    yield url
    databases.drop(url)


def state(url: str) -> tuple[str | None, dict[str, Any]]:
    """The revision of the schema, and all of the schema, once nobody else is connected."""
    engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            while (connection.scalar(text(others)) or 0) > 1:
                connection.rollback()  # or the statistics stay what they were
                time.sleep(0.005)
        revision = schema_revision(connection)
    engine.dispose()
    return revision, described(url)


RECORDED = dict.fromkeys(("installation", "record"), "*")
RECORDED["force"] = "version_pk, kind, country, region, started_earliest, started_latest, ended_earliest, ended_latest"
RECORDED["source"] = "version_pk, kind, publisher, language, published_earliest, published_latest"
RECORDED["revision"] = "number, recorded, actor, reason, digest, previous"
RECORDED["version"] = "pk, record_pk, recorded_from, recorded_to, collection, record_id, name, names_folded, document"
"""What no migration changes, and its columns: those that are worked out of documents come and go."""


def recorded(url: str) -> dict[str, list[Any]]:
    """The rows of what is recorded, and of what is answered."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table: sorted(map(tuple, connection.execute(text(f"SELECT {columns} FROM {table}"))), key=str)
            for table, columns in RECORDED.items()
        }
    engine.dispose()
    return found


def test_a_killed_migration_is_as_if_it_had_not_run(databases: Databases, before: str, migrated: str) -> None:
    """Killed at any moment of it, it leaves the schema as it was, or whole; and the next one brings it there."""
    whole, untouched = state(databases.copy(migrated)), state(databases.copy(before))
    lasts = duration(databases, before)
    chance = random.Random(SEED)
    left = set()
    for _ in range(KILLS):
        url = databases.copy(before)
        rows = recorded(url) if untouched[0] else None
        process = started(url)
        process.join(chance.uniform(0, lasts))
        process.kill()
        process.join()
        found = state(url)
        assert found in (untouched, whole)
        left.add(found[0])
        assert run(url, "migrate", "--backed-up")[0] == 0
        assert state(url) == whole
        assert rows in (None, recorded(url))
        databases.drop(url)
    assert untouched[0] in left


def duration(databases: Databases, template: str) -> float:
    """Seconds that a migration takes from the start of its process to the end."""
    url = databases.copy(template)
    started(databases.copy(template)).join()  # the first also waits for the server of processes
    begun = time.monotonic()
    process = started(url)
    process.join()
    assert process.exitcode == 0
    databases.drop(url)
    return time.monotonic() - begun


def test_many_that_are_started_at_once_all_end_well(databases: Databases, before: str, migrated: str) -> None:
    url = databases.copy(before)
    start = PROCESSES.Barrier(AT_ONCE)
    processes = [started(url, start) for _ in range(AT_ONCE)]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * AT_ONCE
    assert state(url) == state(databases.copy(migrated))
    databases.drop(url)


def test_the_newest_schema_is_found_without_the_write_lock(database_url: str) -> None:
    engine = connect(database_url)
    with writing(engine):
        process = started(database_url)
        process.join(60)
        ended = process.exitcode
    process.kill()
    process.join()
    engine.dispose()
    assert ended == 0


def test_an_older_schema_waits_for_the_writer(databases: Databases, before: str) -> None:
    url = databases.copy(before)
    engine = connect(url)
    with writing(engine) as session:
        process = started(url)
        process.join(0.5)
        assert process.is_alive()
        session.execute(text("CREATE TABLE since_then (pk INTEGER)"))
    process.join(60)
    engine.dispose()
    assert process.exitcode == 0
    assert state(url)[0] == schema_head()
    databases.drop(url)

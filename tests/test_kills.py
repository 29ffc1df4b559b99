"""What is acknowledged survives, whoever is killed: the short form of `make check-kills`."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.database import connect, writing
from scripts.check_kills import DURABLE, check_kills, check_restarts, check_service, new_register, proof
from scripts.writers import Acknowledgement
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.postgres import Server
from tests.registry_in_use import force, save

KILLS = 6


@pytest.fixture(scope="module")
def durable() -> Iterator[PostgresDatabases]:
    with Server(**DURABLE) as server:
        yield PostgresDatabases(server)


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where databases are that acknowledge only what they keep."""
    if request.param == "sqlite":
        return SqliteDatabases(tmp_path_factory.mktemp("killed"))
    found: Databases = request.getfixturevalue("durable")
    return found


def test_killed_writers_lose_nothing(places: Databases) -> None:
    outcome = check_kills(places, KILLS)
    assert (outcome.kills, outcome.faults) == (KILLS, [])
    assert outcome.acknowledged > 0


def test_a_service_that_is_killed_loses_nothing_and_keys_tell_of_the_rest(places: Databases) -> None:
    outcome = check_service(places, 2)
    assert outcome.faults == []
    assert outcome.acknowledged > 0


def test_a_server_that_stops_at_once_loses_nothing(durable: PostgresDatabases) -> None:
    outcome = check_restarts(durable.server, new_register(durable), 1)
    assert outcome.faults == []
    assert outcome.acknowledged > 0


def test_a_server_that_acknowledges_too_soon_is_found_out() -> None:
    with Server(synchronous_commit="off", wal_writer_delay="10s") as server:
        databases = PostgresDatabases(server)
        url = new_register(databases)
        databases.run("CHECKPOINT")
        outcome = check_restarts(server, url, 1)
    assert any("was acknowledged" in fault and fault.endswith("is lost") for fault in outcome.faults)


def test_what_is_lost_or_half_there_is_found_out(places: Databases) -> None:
    url = new_register(places)
    save(url, force("a", note="first"))
    heard = [Acknowledgement(2, "a", "first")]
    assert list(proof(url, heard)) == []
    assert list(proof(url, [*heard, Acknowledgement(9, "b", "never")])) == [
        "revision 9 was acknowledged (never), and is lost"
    ]
    assert list(proof(url, [Acknowledgement(2, "a", "another")])) == [
        "revision 2 was acknowledged (another), and is lost"
    ]
    engine = connect(url)
    with writing(engine) as session:
        session.execute(text("DELETE FROM force WHERE version_pk = 2"))
    engine.dispose()
    assert any("force:a" in fault for fault in proof(url, heard))

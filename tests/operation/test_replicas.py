"""Reads on a standby: never older than what the primary has, nor than what was read. And servers that are lost."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from prometheus_client import generate_latest

from app.api.callers import Scope
from app.curation.keys import create
from app.database import connect, migrate, reading, writing
from app.operation.replica_metrics import ReplicaMetrics
from app.operation.request_metrics import COUNTED
from app.upkeep.doctor.replica_server import replica_faults
from scripts.served import free_port
from tests.operation.test_metrics import of, parsed
from tests.registry_in_use import SOURCE, force, save, serving
from tests.replication import Node, Pair, on_standby, wait_until
from tests.test_cli import run

NAME = "register"
LIMITS: dict[str, Any] = {"connect_timeout": 2, "statement_timeout": 4, "lock_timeout": 2, "request_timeout": 9}
SOON = 4.0
"""Seconds in which a read is answered, whatever has happened to a server, on a busy machine."""


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with ExitStack() as stack:
        found = Pair(stack)
        found.primary.run(f"CREATE DATABASE {NAME} TEMPLATE template0")
        migrate(found.primary.url(NAME))
        save(found.primary.url(NAME), SOURCE, force("alpha"))
        yield found


@contextmanager
def served(pair: Pair, replica: str | None = None, **told: Any) -> Iterator[httpx.Client]:
    """A service on the primary, whichever that is, and the standby; it reads from the standby."""
    replica = replica or on_standby(pair.standby, pair.url(NAME))
    with serving(pair.url(NAME), replica_url=replica, metrics_port=free_port(), **{**LIMITS, **told}) as client:
        yield client


def reads(place: str) -> float:
    return of(parsed(generate_latest(COUNTED).decode()), "registry_reads_total", place=place)


def in_use() -> float:
    return of(parsed(generate_latest(COUNTED).decode()), "registry_replica_in_use")


def asked(client: httpx.Client, number: int, slug: str = "alpha") -> httpx.Response:
    """A read that nothing is kept of."""
    return client.get(f"/v1/forces/{slug}", params={"presumed_for": f"P{number}Y", "as_of": "2012"})


def read_from_replica(client: httpx.Client) -> None:
    """Wait until reads are made on the standby."""
    numbers = iter(range(1, 1000))

    def once() -> bool:
        before = reads("replica")
        assert asked(client, next(numbers)).status_code == 200
        return reads("replica") > before

    wait_until(once)


def refused(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


def revision(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.headers["Registry-Revision"])


@pytest.fixture(scope="module")
def key(pair: Pair) -> dict[str, str]:
    engine = connect(pair.url(NAME), pool_size=1)
    with writing(engine) as session:
        _, secret = create(session, "A curator", [Scope.CURATE])
    engine.dispose()
    found = {"Authorization": f"Bearer {secret}"}
    with served(pair) as client:  # its first use is noted in a write of its own
        assert client.get("/v1/proposals", headers=found).status_code == 200
    return found


def write(client: httpx.Client, key: dict[str, str], slug: str) -> httpx.Response:
    document = {"id": slug, "name": slug.title(), "citations": [{"source": "paper"}]}
    return client.post("/v1/forces?reason=test", json=document, headers=key)


def test_reads_are_made_on_the_standby_and_say_the_same(pair: Pair) -> None:
    named = {"public_url": "https://registry.example.org"}
    with served(pair, **named) as client, serving(pair.url(NAME), **named) as plain:
        read_from_replica(client)
        assert in_use() == 1
        for path in ("/v1/forces", "/v1/forces/alpha", "/v1/exports/register.ndjson", "/v1/search?q=alpha", "/v1"):
            one, other = (each.get(path) for each in (client, plain))
            assert one.status_code == 200
            assert (one.text, one.headers.get("ETag")) == (other.text, other.headers.get("ETag"))


def test_what_was_written_is_read_at_once(pair: Pair, key: dict[str, str]) -> None:
    with served(pair) as client:
        read_from_replica(client)
        for number in range(20):
            written = write(client, key, f"written-{number}")
            assert written.status_code == 201, written.text
            assert revision(asked(client, number, f"written-{number}")) >= written.json()["meta"]["revision"]


def test_a_standby_that_lags_is_not_read(pair: Pair) -> None:
    # what waits for a standby that applies nothing would wait for ever
    pair.primary.run("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()")
    with served(pair) as client:
        read_from_replica(client)
        pair.standby.run("SELECT pg_wal_replay_pause()")
        try:
            time.sleep(0.1)
            newest = save(pair.url(NAME), force("lately")).revision
            before = reads("replica")
            assert revision(asked(client, 1, "lately")) == newest
            assert revision(client.get("/v1/forces")) == newest
            assert reads("replica") == before
            beyond = client.get("/v1/forces", headers={"Registry-Revision": str(int(newest or 0) + 1)})
            assert refused(beyond)
            assert beyond.json()["errors"][0]["location"] == "header/Registry-Revision"
        finally:
            pair.standby.run("SELECT pg_wal_replay_resume()")
        wait_until(lambda: revision(asked(client, 2)) == newest and reads("replica") > before)
    pair.wait_for_each_other()


def test_the_doctor_and_the_metrics_say_how_the_standby_is(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    primary, standby = pair.url(NAME), on_standby(pair.standby, pair.url(NAME))

    away = "and all is read from the primary"

    def said(replica: str) -> list[str]:
        told = {"REGISTRY_REPLICA_URL": replica, "REGISTRY_PUBLIC_URL": "https://registry.example.org"}
        lines = run(primary, "doctor", **told)[1].splitlines()
        return [line.partition(":")[0] for line in lines if away in line]

    assert said(standby) == []
    assert said(pair.primary.url(NAME)) == [f"REGISTRY_REPLICA_URL leads to no standby, {away}"]
    assert said("postgresql://postgres@127.0.0.1:1/register") == [f"the replica cannot be used, {away}"]
    pair.primary.run("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()")
    pair.standby.run("SELECT pg_wal_replay_pause()")
    try:
        time.sleep(0.1)
        save(primary, force("later"))
        save(primary, force("later-still"))
        engines = connect(primary), connect(standby)
        found = {metric.name: metric.samples[0].value for metric in ReplicaMetrics(*engines).collect()}
        monkeypatch.setattr("app.upkeep.doctor.replica_server.MOST_SECONDS", 0)
        with reading(engines[0]) as one:
            faults = [each.what for each in replica_faults(standby, one, lambda error, _: str(error))]
        assert faults[0].startswith("the replica is 2 revisions behind, for ")
        assert faults[1:] == ["writes wait for no standby"]
    finally:
        pair.standby.run("SELECT pg_wal_replay_resume()")
    for engine in engines:
        engine.dispose()
    assert found["registry_replica_up"] == 1
    assert found["registry_replica_lag_revisions"] == 2
    assert found["registry_replica_lag_seconds"] > 0
    pair.wait_for_each_other()


def test_a_standby_that_is_ahead_tells_nothing_that_was_not_acknowledged(pair: Pair, key: dict[str, str]) -> None:
    """A write is on the standby before its primary shows it: while the primary waits to hear so, nobody reads it."""
    with served(pair) as client, ThreadPoolExecutor(1) as pool:
        read_from_replica(client)
        newest, before = revision(client.get("/v1/forces")), reads("replica")
        pair.primary.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()")
        try:
            written = pool.submit(write, client, key, "unheard-of")
            wait_until(lambda: newest_on(pair.standby) > newest)
            for number in range(5):
                assert revision(asked(client, number)) == newest
                assert asked(client, number, "unheard-of").status_code == 404
            assert client.get("/v1/forces?known_at=2999").status_code == 422
            assert client.get(f"/v1/forces?known_at={newest + 1}").status_code == 422
            assert reads("replica") > before + 5
            assert not written.done()
        finally:
            pair.wait_for_each_other()
        assert written.result().status_code == 201
        assert revision(asked(client, 9, "unheard-of")) == newest + 1


def test_a_write_that_no_standby_has_is_not_acknowledged(pair: Pair, key: dict[str, str]) -> None:
    """To cancel the waiting would acknowledge the write: nothing does, no time limit either."""
    with served(pair, statement_timeout=1) as client:
        newest = revision(client.get("/v1/forces"))
        pair.primary.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()")
        try:
            assert refused(write(client, key, "unsafe"))
            assert revision(asked(client, 1)) == newest
        finally:
            pair.wait_for_each_other()


def newest_on(node: Node) -> int:
    """The newest revision that a server has, shown or not."""
    with psycopg.connect(node.url(NAME).replace("+psycopg", "")) as connection:
        return int(connection.execute("SELECT max(number) FROM revision").fetchall()[0][0])


def test_a_standby_that_is_not_there_delays_nobody(pair: Pair, key: dict[str, str]) -> None:
    nowhere = f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/{NAME}"
    with served(pair, nowhere) as client:
        for number in range(10):
            answer, seconds = timed(client, number)
            assert (answer.status_code, seconds < 1) == (200, True)
        assert write(client, key, "without-a-standby").status_code == 201
        assert in_use() == 0
        assert client.get("/readyz").status_code == 200


def test_a_standby_that_hangs_delays_a_read_by_a_second_at_most(pair: Pair) -> None:
    with served(pair) as client:
        read_from_replica(client)
        with pair.standby.frozen():
            slow = 0
            for number in range(30):
                answer, seconds = timed(client, number)
                assert (answer.status_code, seconds < SOON) == (200, True)
                slow += seconds > 0.5
            assert slow <= 1
        read_from_replica(client)


def test_a_standby_that_fails_while_it_is_read_is_not_noticed(pair: Pair) -> None:
    with served(pair) as client, ThreadPoolExecutor(4) as pool:
        read_from_replica(client)

        def read(number: int) -> int:
            return asked(client, number % 60).status_code

        found = pool.map(read, range(400))
        for _ in range(20):
            pair.standby.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'register'")
            time.sleep(0.02)
        assert set(found) == {200}
        read_from_replica(client)


def test_what_is_no_standby_is_not_read_while_there_is_a_primary(pair: Pair) -> None:
    with served(pair, pair.primary.url(NAME)) as client:
        before = reads("replica")
        for number in range(5):
            assert asked(client, number).status_code == 200
            time.sleep(0.1)
        assert (reads("replica"), in_use()) == (before, 0)


def timed(client: httpx.Client, number: int) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return asked(client, number), time.monotonic() - began


def test_while_the_primary_hangs_reads_go_on(pair: Pair, key: dict[str, str]) -> None:
    with served(pair) as client:
        read_from_replica(client)
        newest = revision(client.get("/v1/forces"))
        with pair.primary.frozen():
            slow = 0
            for number in range(20):
                answer, seconds = timed(client, number)
                assert (revision(answer), seconds < SOON) == (newest, True)
                slow += seconds > 0.5
            assert slow <= 1
            ready = client.get("/readyz").json()
            assert (ready["status"], ready["note"]) == (
                "ready",
                "the primary does not answer: a replica is read, and nothing can be written",
            )
            began = time.monotonic()
            assert refused(write(client, key, "in-vain"))
            assert time.monotonic() - began < 10
            assert client.get("/v1/forces/nowhere").status_code == 404
            assert client.get("/v1/forces?limit=1").json()["links"]["next"]
        wait_until(lambda: write(client, key, "afterwards").status_code in (201, 409))


def test_the_primary_is_lost_and_the_standby_takes_its_place(pair: Pair, key: dict[str, str]) -> None:
    """The last test of this module: what was the standby is the primary, and nobody follows it."""
    with served(pair, pair.url(NAME, "standby")) as client:
        read_from_replica(client)
        newest = revision(client.get("/v1/forces"))
        pair.primary.lose()
        for number in range(10):
            answer, seconds = timed(client, number)
            assert (revision(answer), seconds < SOON) == (newest, True)
        assert revision(client.get("/v1/forces")) == newest
        assert refused(write(client, key, "too-early"))
        assert refused(client.get("/v1/forces", headers={"Registry-Revision": str(newest + 1)}))
        assert client.get("/v1/forces", headers={"Registry-Revision": str(newest)}).status_code == 200
        pair.standby.promote()
        began = time.monotonic()
        wait_until(lambda: write(client, key, "too-early").status_code == 201)
        assert time.monotonic() - began < 5
        assert revision(asked(client, 1, "too-early")) == newest + 1
        pair.take_turns()
        read_from_replica(client)
        assert revision(asked(client, 2)) == newest + 1

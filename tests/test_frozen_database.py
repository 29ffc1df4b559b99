"""A database that hangs: a PostgreSQL server that is frozen, tables and files that another session holds."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from app.database import migrate
from tests.databases import PostgresDatabases
from tests.postgres import Server
from tests.registry_in_use import SOURCE, force, save, serving

LIMITS: dict[str, Any] = {"connect_timeout": 2, "statement_timeout": 1, "lock_timeout": 1, "request_timeout": 4}
SOON = 6.0
"""Seconds in which everything is answered under these limits, on a busy machine."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of these tests' own, for them to freeze."""
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def url(server: Server) -> str:
    found = PostgresDatabases(server).copy()
    migrate(found)
    save(found, SOURCE, force("alpha"))
    return found


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    with psycopg.connect(url.replace("+psycopg", "")) as session:
        session.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
        yield
        session.rollback()


def refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable") and int(
        answer.headers["Retry-After"]
    ) > 0


def timed(client: httpx.Client, path: str) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return client.get(path), time.monotonic() - began


def test_a_frozen_server_is_told_in_time_and_health_at_once(server: Server, url: str) -> None:
    with serving(url, **LIMITS, pool_size=2) as client:
        assert client.get("/v1/forces").status_code == 200
        with server.frozen(), ThreadPoolExecutor(6) as pool:
            asked = [pool.submit(timed, client, path) for path in ["/v1/forces", "/readyz", "/v1/forces/alpha"] * 2]
            for _ in range(5):
                healthy, seconds = timed(client, "/healthz")
                assert (healthy.status_code, seconds < 1) == (200, True)
                time.sleep(0.2)
            for answer, seconds in (each.result() for each in asked):
                assert refused(answer), answer.text
                assert seconds < SOON
            # a new connection is not waited for any longer
            answer, seconds = timed(client, "/v1/forces")
            assert refused(answer)
            assert seconds < SOON
        deadline = time.monotonic() + 10
        while client.get("/v1/forces").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.parametrize("table", ["revision", "version", "answer"])
def test_a_locked_table_is_not_waited_for_longer_than_said(url: str, table: str) -> None:
    with serving(url, **LIMITS) as client:
        assert client.get("/v1/forces").status_code == 200
        with locked(url, table):
            answer, seconds = timed(client, "/v1/forces")
            assert refused(answer), answer.text
            assert seconds < SOON
            assert client.get("/healthz").status_code == 200
        assert client.get("/v1/forces").status_code == 200


@pytest.fixture
def file(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/registry.db"
    migrate(url)
    save(url, SOURCE, force("alpha"))
    return url


def test_a_busy_file_is_not_waited_for_longer_than_said(file: str) -> None:
    path = file.removeprefix("sqlite:///")
    with serving(file, **LIMITS) as client, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        for path in ("/v1/forces", "/v1/forces/alpha"):
            answer, seconds = timed(client, path)
            assert refused(answer), answer.text
            assert seconds < SOON
        other.execute("ROLLBACK")


def test_what_takes_too_long_is_answered_for_and_then_not_heard(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()
    monkeypatch.setattr("app.api.readings.page", lambda *_: let_go.wait(20))
    with serving(file, request_timeout=1) as client:
        try:
            answer, seconds = timed(client, "/v1/forces?facets=kind")
            assert refused(answer)
            assert 1 <= seconds < SOON
            assert "within 1 seconds" in answer.json()["detail"]
            # the same connection serves on
            assert client.get("/v1/forces/alpha").json()["data"]["id"] == "alpha"
        finally:
            let_go.set()

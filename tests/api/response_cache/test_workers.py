"""Two processes on one register: each answers of the newest revision, whoever wrote it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from app.api.callers import Scope
from tests.bearers import bearing, key
from tests.postgres import free_port
from tests.registry_in_use import SOURCE, force, save

READS, COMMITS, WRITES = 40, 25, 5
"""Reads of each process right behind a commit of another one; commits; writes by HTTP."""


@contextmanager
def process(url: str) -> Iterator[httpx.Client]:
    port = free_port()
    command = [str(Path(sys.executable).parent / "registry"), "serve", "--port", str(port)]
    running = subprocess.Popen(command, env={"REGISTRY_DATABASE_URL": url}, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=False) as client:
            until(client)
            yield client
    finally:
        running.terminate()
        running.wait(30)


def until(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            client.get("/readyz").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("a service did not answer within 30 seconds")


@pytest.fixture
def workers(database_url: str) -> Iterator[tuple[str, list[httpx.Client]]]:
    save(database_url, SOURCE, force("alpha"))
    with ExitStack() as stack:
        yield database_url, [stack.enter_context(process(database_url)) for _ in range(2)]


def test_no_answer_is_older_than_a_commit_before_it(workers: tuple[str, list[httpx.Client]]) -> None:
    url, clients = workers
    for client in clients:
        client.get("/v1/forces/alpha")
    for number in range(COMMITS):
        revision = save(url, force("alpha", name=f"Name {number}")).revision
        for turn in range(READS):
            client = clients[turn % 2]
            one = client.get("/v1/forces/alpha")
            assert (one.headers["registry-revision"], one.json()["data"]["name"]) == (str(revision), f"Name {number}")
        many = clients[number % 2].get("/v1/forces?name=Name", headers={"Registry-Revision": str(revision)})
        assert [each["name"] for each in many.json()["data"]] == [f"Name {number}"]


def test_a_writer_sees_its_own_write_in_every_process(workers: tuple[str, list[httpx.Client]]) -> None:
    url, clients = workers
    bearer = key(url, Scope.CURATE)
    for number in range(WRITES):
        for client in clients:
            assert client.get("/v1/forces").json()["meta"]["total"] == number + 1
        written = clients[number % 2].post(
            "/v1/forces?reason=a+test", json=force(f"beta-{number}"), headers=bearing(bearer)
        )
        assert written.status_code == 201, written.text
        for client in clients:
            assert client.get(f"/v1/forces/beta-{number}").json()["data"]["id"] == f"beta-{number}"
            assert client.get("/v1/forces").json()["meta"]["total"] == number + 2

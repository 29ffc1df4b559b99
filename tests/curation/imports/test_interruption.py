"""The service killed while it imports: the import has failed and nothing is written, or it is done and all is."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.cli import main
from tests.curation.imports.sender import bearer, key, lines, send_on, total
from tests.postgres import free_port
from tests.registry_in_use import SOURCE, Document, force

REGISTRY = str(Path(sys.executable).parent / "registry")
MANY = 1500


@contextmanager
def process(url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """`registry serve` as a process of its own, and a client with a curator's key."""
    port = free_port() + 2000
    told = {"REGISTRY_DATABASE_URL": url, "REGISTRY_PORT": str(port), "REGISTRY_SPOOL_FOLDER": str(folder / "spool")}
    own = {**os.environ, **told}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    service = subprocess.Popen([REGISTRY, "serve"], env=own, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, verify=False) as client:
            client.headers.update(bearer(key(url)))
            _wait_for(client)
            yield service, client
    finally:
        service.kill()
        service.wait()


def _wait_for(client: httpx.Client) -> None:
    while True:
        try:
            client.get("/healthz")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return


def wait_until(client: httpx.Client, address: str, state: str, step: str) -> None:
    """Until an import is at a step of a state; or has ended, for that may be quick."""
    while True:
        job: Document = client.get(address).json()["data"]
        at = re.match(step, (job["progress"] or {}).get("step", ""))
        if job["finished"] or (job["state"] == state and at):
            return


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("received", ""),
        ("checking", ""),
        ("writing", "read"),
        ("writing", "answers made"),
        ("writing", "search made"),
    ],
)
def test_killed_while_it_imports(database_url: str, tmp_path: Path, state: str, step: str) -> None:
    dataset = lines(SOURCE, *(force(f"f{number}") for number in range(MANY)))
    with process(database_url, tmp_path) as (service, client):
        address = send_on(client, dataset)
        if state != "received":
            wait_until(client, address, state, step)
        service.send_signal(signal.SIGKILL)
        service.wait()
    left = {file.suffix for file in (tmp_path / "spool").iterdir()}
    with process(database_url, tmp_path) as (_, client):
        job = client.get(address).json()["data"]
        while job["state"] not in ("done", "failed"):  # PostgreSQL may need a moment to see that nobody is there
            job = client.get(address).json()["data"]
        assert total(client, "forces") == (MANY if job["state"] == "done" else 0)
        assert client.get("/v1/revisions").json()["meta"]["total"] == (1 if job["state"] == "done" else 0)
        if step != "search made":
            assert (job["state"], ".ndjson" in left) == ("failed", True)
            assert "nothing was written" in job["detail"]
        assert {file.name for file in (tmp_path / "spool").iterdir()} == {".lock"}


def test_an_ended_service_cuts_its_imports_off(database_url: str, tmp_path: Path) -> None:
    with process(database_url, tmp_path) as (service, client):
        address = send_on(client, lines(SOURCE, *(force(f"f{number}") for number in range(MANY))))
        service.terminate()
        assert service.wait(timeout=30) == 0
    with process(database_url, tmp_path) as (_, client):
        job = client.get(address).json()["data"]
        assert (job["state"], total(client, "forces")) in (("failed", 0), ("done", MANY))


def test_the_command_line_knows_the_settings() -> None:
    assert "REGISTRY_SPOOL_FOLDER" in (main.help or "")

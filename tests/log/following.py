"""Followers of the log: one that reads server-sent events, and a service that is killed and started again."""

import json
import os
import random
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx

from scripts.served import REGISTRY, wait_until_healthy


class ServerEvent(NamedTuple):
    """One event: its type, its id, and its data."""

    kind: str
    id: str
    data: Any


def events(answer: httpx.Response) -> Iterator[ServerEvent]:
    """The events of a stream, until it ends."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif "data" in fields:
            yield ServerEvent(fields["event"], fields["id"], json.loads(fields["data"]))
            fields = {}


@contextmanager
def stream(client: httpx.Client, query: str = "", last: str | None = None) -> Iterator[Iterator[ServerEvent]]:
    """A stream that was answered with 200."""
    headers = {"Last-Event-ID": last} if last else {}
    with client.stream("GET", f"/v1/changes/events?{query}", headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        yield events(answer)


def steady_port() -> int:
    """A free port that no client is given as its own: else one could have it while the service is started again."""
    while True:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port := random.randint(15_000, 30_000)))
            except OSError:
                continue
            return port


class KilledService:
    """The service as a process of its own on one port, which can be killed at any time and started again."""

    def __init__(self, url: str, told: dict[str, str]) -> None:
        self.port = steady_port()
        own = {"REGISTRY_DATABASE_URL": url, "REGISTRY_PORT": str(self.port), "REGISTRY_HOST": "127.0.0.1", **told}
        self.environment = {**os.environ, **own}
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen([REGISTRY, "serve"], env=self.environment, stdout=subprocess.DEVNULL)
        wait_until_healthy(self.port, self.process)

    def kill(self, with_signal: int = signal.SIGKILL) -> None:
        self.process.send_signal(with_signal)
        self.process.wait(20)


@contextmanager
def killed_service(url: str, **told: str) -> Iterator[KilledService]:
    service = KilledService(url, told)
    try:
        yield service
    finally:
        service.kill()

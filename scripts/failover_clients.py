"""Two services on a replicated register, and clients that read and write by way of both."""

import itertools
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import Self
from uuid import uuid4

import httpx

from app.api.callers import Scope
from app.curation.keys import create
from app.database import connect, writing
from scripts.served import REGISTRY, free_port, wait_until_healthy
from scripts.writers import Acknowledgement

READERS, WRITERS = 4, 2
PAUSE = 0.01
"""Seconds between two requests of one client."""
KNOWN = "paper"
"""A record that is always there."""


class Services:
    """Services on the same register, each a process."""

    def __init__(self, url: str, replica: str) -> None:
        self.ports = [free_port(), free_port()]
        self.environment = {**os.environ, "REGISTRY_DATABASE_URL": url, "REGISTRY_REPLICA_URL": replica}
        self.environment["REGISTRY_WRITE_RATE"] = "100000/second"
        engine = connect(url, pool_size=1)
        with writing(engine) as session:
            _, key = create(session, "Clients", [Scope.CURATE])
        engine.dispose()
        self.headers = {"Authorization": f"Bearer {key}"}

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Run them."""
        with ExitStack() as stack:
            for port in self.ports:
                own = {**self.environment, "REGISTRY_PORT": str(port)}
                server = subprocess.Popen(
                    [REGISTRY, "serve"], env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
                stack.callback(server.wait, 20)
                stack.callback(server.kill)
                wait_until_healthy(port, server)
            yield self

    def clients(self, stack: ExitStack) -> Iterator[httpx.Client]:
        """Clients of one after the other, without end."""
        found = [
            stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=40, verify=False))
            for port in self.ports
        ]
        return itertools.cycle(found)


class Clients:
    """Readers, each of which must never see an older revision than before, nor than was acknowledged; and writers."""

    def __init__(self, services: Services) -> None:
        self.services, self.stop = services, threading.Event()
        self.acknowledged: list[Acknowledgement] = []
        self.times: list[float] = []
        """When each was sent that was acknowledged."""
        self.newest = 1
        """The newest revision that was acknowledged."""
        self.faults: list[str] = []
        self.statuses: Counter[str] = Counter()
        self.reads, self.slowest_read = 0, 0.0
        self._turn = threading.Lock()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have them at work meanwhile."""
        threads = [threading.Thread(target=task) for task in [self._read] * READERS + [self._write] * WRITERS]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()

    def wait_for_writes(self, count: int, since: float = 0.0) -> None:
        """Wait until so many more writes are acknowledged, which were sent after a time."""
        before, deadline = len(self.acknowledged), time.monotonic() + 60
        while sum(sent >= since for sent in self.times[before:]) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"nothing is written: {self.statuses}, {self.faults[:5]}")
            time.sleep(0.005)

    def _read(self) -> None:
        """Read from one service after the other, what is kept and what is not, and never hear of an older revision."""
        with ExitStack() as stack:
            clients, seen = self.services.clients(stack), 0
            for count, client in enumerate(clients):
                if self.stop.is_set():
                    return
                asked = ("/v1/sources/paper", "/v1/forces", f"/v1/forces?limit=1&started_from={1000 + count % 1000}")
                path, least, began = asked[count % 3], max(seen, self.newest), time.monotonic()
                answer = self._asked(client, "GET", path)
                with self._turn:
                    self.slowest_read = max(self.slowest_read, time.monotonic() - began)
                if answer is not None and answer.status_code == 200:
                    found = int(answer.headers["Registry-Revision"])
                    told = answer.json()["meta"]["known_at"]["revision"]
                    if found < least or told != found:
                        self._complain(f"revision {found} ({told}) after {least}: {path}")
                    seen = max(seen, found)
                    with self._turn:
                        self.reads += 1
                time.sleep(PAUSE)

    def _write(self) -> None:
        """Write by one service after the other, a record each, and read by the other what was acknowledged."""
        with ExitStack() as stack:
            for client, other in pairwise(self.services.clients(stack)):
                if self.stop.is_set():
                    return
                slug, note, began = f"f-{uuid4().hex[:12]}", str(uuid4()), time.monotonic()
                document = {"id": slug, "name": "Written", "note": note, "citations": [{"source": KNOWN}]}
                answer = self._asked(client, "POST", "/v1/forces?reason=written", document, note)
                if answer is not None and answer.status_code == 201:
                    revision = answer.json()["meta"]["revision"]
                    with self._turn:
                        self.acknowledged.append(Acknowledgement(revision, slug, note))
                        self.times.append(began)
                        self.newest = max(self.newest, revision)
                    self._find(other, slug)
                time.sleep(PAUSE)

    def _find(self, client: httpx.Client, slug: str) -> None:
        answer = self._asked(client, "GET", f"/v1/forces/{slug}")
        if answer is not None and answer.status_code == 404:
            self._complain(f"{slug} was acknowledged, and is not found")

    def _asked(
        self, client: httpx.Client, method: str, path: str, document: object = None, key: str | None = None
    ) -> httpx.Response | None:
        """The answer; what may not be is a fault."""
        headers = {**self.services.headers, "Idempotency-Key": key} if key else {}
        try:
            answer = client.request(method, path, json=document, headers=headers)
        except httpx.TransportError as error:
            self._complain(f"{method} {path}: {error!r}")
            return None
        with self._turn:
            self.statuses[f"{method} {answer.status_code}"] += 1
        if answer.status_code not in (200, 201, 404) and not (
            answer.status_code == 503 and answer.headers.get("Retry-After")
        ):
            self._complain(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _complain(self, fault: str) -> None:
        with self._turn:
            self.faults.append(fault)

"""Kill the service while clients write over HTTP: what was acknowledged stays, and of the rest its key tells."""

import os
import random
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple
from uuid import uuid4

import httpx

from app.api.callers import Scope
from app.curation.keys import create
from app.database import connect, writing
from scripts.served import REGISTRY, free_port, wait_until_healthy
from scripts.writers import Acknowledgement

CLIENTS = 8
LONGEST = 0.6
"""Seconds from the first acknowledgement to the kill."""


class Sent(NamedTuple):
    """A write that was sent, and the revision that was acknowledged; None: no answer came."""

    key: str
    record_id: str
    revision: int | None


class KilledService:
    """A service on a database, which is killed and started again; clients with one key write to it."""

    def __init__(self, url: str) -> None:
        self.url, self.port = url, free_port()
        engine = connect(url, pool_size=1)
        with writing(engine) as session:
            _, key = create(session, "Clients", [Scope.CURATE])
        engine.dispose()
        self.headers = {"Authorization": f"Bearer {key}"}

    def round(self, chance: random.Random) -> tuple[list[Acknowledgement], list[str]]:
        """Let clients write, kill the service, start it again: what was acknowledged, and what is wrong."""
        with self.served() as server:
            sent = self._written_until_killed(server, chance)
        with self.served(), self._client() as client:
            faults = list(_undecided(client, (each for each in sent if each.revision is None)))
        heard = [Acknowledgement(each.revision, each.record_id, each.key) for each in sent if each.revision]
        return heard, faults

    @contextmanager
    def served(self) -> Iterator[subprocess.Popen[bytes]]:
        own = {"REGISTRY_DATABASE_URL": self.url, "REGISTRY_PORT": str(self.port)}
        server = subprocess.Popen([REGISTRY, "serve"], env={**os.environ, **own}, stdout=subprocess.DEVNULL)
        try:
            wait_until_healthy(self.port, server)
            yield server
        finally:
            server.kill()
            server.wait(20)

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=self.headers, timeout=30, verify=False)

    def _written_until_killed(self, server: subprocess.Popen[bytes], chance: random.Random) -> list[Sent]:
        sent: list[Sent] = []
        begun = threading.Event()

        def write() -> None:
            with self._client() as client, suppress(httpx.TransportError):
                while True:
                    each = Sent(str(uuid4()), f"f-{uuid4().hex[:12]}", None)
                    sent.append(each)
                    answer = posted(client, each)
                    sent.remove(each)
                    sent.append(each._replace(revision=answer.json()["meta"]["revision"]))
                    begun.set()

        threads = [threading.Thread(target=write) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        begun.wait(30)
        time.sleep(chance.uniform(0, LONGEST))
        server.kill()
        for thread in threads:
            thread.join()
        return sent


def posted(client: httpx.Client, sent: Sent) -> httpx.Response:
    """Send a write, for the first time or again."""
    document = {"id": sent.record_id, "name": "Written", "note": sent.key, "citations": [{"source": "paper"}]}
    answer = client.post("/v1/forces?reason=written", json=document, headers={"Idempotency-Key": sent.key})
    return answer.raise_for_status()


def _undecided(client: httpx.Client, sent: Iterable[Sent]) -> Iterator[str]:
    """What is wrong with writes of which nobody heard: the key tells what became of each, and a retry agrees."""
    for each in sent:
        made = client.get("/v1/revisions", params={"idempotency_key": each.key}).json()["data"]
        there = client.get(f"/v1/forces/{each.record_id}").status_code == 200
        if there != bool(made):
            yield f"{each.record_id} is {'' if there else 'not '}there, and its key says otherwise"
        answer = posted(client, each)
        replayed = answer.headers.get("idempotent-replayed") == "true"
        if replayed != there or (made and made[0]["number"] != answer.json()["meta"]["revision"]):
            yield f"{each.record_id}, sent again, was answered as another"

"""Server-sent events: nothing is missed and nothing told twice, whatever is killed, and idle streams cost nothing."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.database import connect, reading
from app.log import event_streams
from app.registry.records import Version
from tests.curation.writers import problem
from tests.log.following import KilledService, ServerEvent, killed_service, stream
from tests.log.test_changes import told, walk
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

STOPS = int(os.environ.get("FOLLOWER_STOPS", "40"))
"""How often the client is stopped while others write; every twentieth time the service is killed besides."""


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(event_streams, "LOOK_EVERY", 0.05)
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("dogs", "alpha", "beta"))
    return database_url


def changes(found: Iterator[ServerEvent], until: int) -> list[Any]:
    """The entries that a stream tells until it says that it has come to that revision."""
    entries = []
    for event in found:
        if event.kind == "change":
            assert event.id == event.data["id"]
            entries.append(event.data)
        elif event.data["revision"] >= until:
            return entries
    raise AssertionError("the stream ended")


def test_a_stream_begins_now_and_tells_what_comes(url: str) -> None:
    with serving(url) as client, stream(client) as found:
        begin = next(found)
        assert (begin.kind, begin.data["revision"], begin.id) == ("progress", 1, begin.data["bookmark"])
        save(url, force("gamma"), unit("dogs", "alpha"))
        withdraw(url, "force:beta")
        entries = changes(found, 3)
        assert told(entries) == ["2 created gamma 1/2", "2 amended dogs 2/2", "3 withdrawn beta 1/1"]
        assert entries == walk(client, "after=1")[0]


@pytest.mark.parametrize("by", ["header", "query"])
def test_it_goes_on_behind_the_last_event(url: str, by: str) -> None:
    with serving(url) as client:
        every = walk(client)[0]
        for place, entry in enumerate(every):
            told_by = {"last": entry["id"]} if by == "header" else {"query": f"after={entry['id']}"}
            with stream(client, **told_by) as found:
                assert changes(found, 1) == every[place + 1 :]


def test_a_filter_lets_the_position_move_on(url: str) -> None:
    with serving(url) as client, stream(client, "type=joint-unit&after=0") as found:
        assert told(changes(found, 1)) == ["1 created dogs 3/4"]
        save(url, force("gamma"))
        event = next(found)
        while event.data["revision"] == 1:
            event = next(found)
        assert (event.kind, event.id[:2]) == ("progress", "2.")


def test_headers_keep_those_on_the_way_from_holding_it_back(url: str) -> None:
    with serving(url) as client:
        with client.stream("GET", "/v1/changes/events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-store, no-transform"
            assert answer.headers["x-accel-buffering"] == "no"
            assert "retry: 2000" in [line for _, line in zip(range(3), answer.iter_lines(), strict=False)]
        assert client.head("/v1/changes/events").status_code == 200


def test_a_silent_stream_has_a_heart(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "HEARTBEAT", 0.1)
    with serving(url) as client, stream(client) as found:
        assert [next(found).kind for _ in range(4)] == ["progress"] * 4


def test_there_are_only_so_many(url: str) -> None:
    with serving(url, event_streams=1) as client:
        with stream(client) as found:
            next(found)
            with client.stream("GET", "/v1/changes/events") as refused:
                assert refused.status_code == 503
                refused.read()
            assert problem(refused)[:2] == (503, "unavailable")
            assert refused.headers["retry-after"] == "30"
        with ExitStack() as stack:
            for _ in range(100):  # the place is free again, soon
                answer = stack.enter_context(client.stream("GET", "/v1/changes/events"))
                if answer.status_code == 200:
                    return
                time.sleep(0.02)
    raise AssertionError("no place became free")


def test_idle_streams_hold_neither_connections_nor_threads(url: str) -> None:
    with serving(url, pool_size=1, lock_timeout=1) as client, ExitStack() as stack:
        for _ in range(20):
            next(stack.enter_context(stream(client)))
        before = threading.active_count()
        assert client.get("/v1/forces").status_code == 200
        assert threading.active_count() <= before + 1


def test_streams_end_at_once_with_the_service(url: str) -> None:
    kinds: list[str] = []

    def listen(address: httpx.URL) -> None:
        with httpx.Client(base_url=address, verify=False) as other, stream(other) as found:
            kinds.extend(event.kind for event in found)

    with serving(url) as client:
        listener = threading.Thread(target=listen, args=(client.base_url,))
        listener.start()
        while not kinds:
            time.sleep(0.01)
        began = time.monotonic()
    listener.join()  # it ended well: a stream that is torn off would have raised
    assert time.monotonic() - began < 3


class Following(threading.Thread):
    """A client that comes again where it was stopped; it is stopped at random, sometimes with the service."""

    def __init__(self, service: KilledService, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.service, self.chance = service, chance
        self.entries: list[Any] = []
        self.last, self.stops, self.until = "0", 0, 0
        self.start()

    def run(self) -> None:
        while True:
            try:
                with httpx.Client(base_url=self.service.address, timeout=30, verify=False) as client:
                    if self._follow(client):
                        return
            except httpx.HTTPError:
                time.sleep(0.05)
            self.stops += 1

    def _follow(self, client: httpx.Client) -> bool:
        patience = self.chance.randint(0, 4) if self.stops < STOPS else 1_000_000
        with stream(client, last=self.last) as found:
            for event in found:
                if event.kind == "change":
                    self.entries.append(event.data)
                self.last = event.id
                if self.until and event.data.get("bookmark") and event.data["revision"] >= self.until:
                    return True
                patience -= 1
                if patience < 0:
                    return False
        return False


def test_a_follower_has_a_perfect_copy_whatever_is_stopped(database_url: str) -> None:
    """Several write at once, the client is stopped over and over, and the service is killed and started again."""
    chance = random.Random(STOPS)
    save(database_url, SOURCE, *(force(f"force-{number}") for number in range(8)))
    rounds = max(5, STOPS // 10)

    def write(name: str) -> None:
        for number in range(rounds):
            documents = [unit(f"{name}-{number}-{each}", "force-0", f"force-{each}") for each in range(1, 8)]
            save(database_url, *documents, force(f"force-{number % 8}", website=f"https://{name}{number}.example/"))
            withdraw(database_url, f"joint-unit:{name}-{number}-1", f"joint-unit:{name}-{number}-2")

    with killed_service(database_url) as service:
        writers = [threading.Thread(target=write, args=(name,)) for name in ("ann", "ben", "cem")]
        for writer in writers:
            writer.start()
        follower = Following(service, chance)
        for kind in (signal.SIGKILL, signal.SIGTERM, *[signal.SIGKILL] * (STOPS // 100)):
            time.sleep(chance.uniform(0.2, 0.6))
            service.kill(kind)
            service.start()
        for writer in writers:
            writer.join()
        with httpx.Client(base_url=service.address, timeout=30, verify=False) as client:
            every = walk(client, "limit=200")[0]
            follower.until = 2 + rounds * 6
            save(database_url, force("force-9"))
            follower.join(120)
            every += walk(client, f"after={follower.until - 1}")[0]
    assert not follower.is_alive()
    assert [entry["id"] for entry in follower.entries] == [entry["id"] for entry in every]
    assert follower.entries == every
    assert copy_of(follower.entries) == current(database_url)
    assert follower.stops >= min(STOPS, 20)


def copy_of(entries: list[Any]) -> dict[str, str]:
    """What there is after all that was told: each record's digest."""
    copy: dict[str, str] = {}
    for entry in entries:
        target = f"{entry['record']['type']}:{entry['record']['id']}"
        copy[target] = entry["sha256_after"]
    return {target: digest for target, digest in copy.items() if digest}


def current(url: str) -> dict[str, str]:
    engine = connect(url)
    with reading(engine) as connection:
        asked = select(Version.collection, Version.record_id, Version.document).where(Version.recorded_to.is_(None))
        found = {f"{kind}:{slug}": sha256(text.encode()).hexdigest() for kind, slug, text in connection.execute(asked)}
    engine.dispose()
    return found

"""Costly answers have a few slots, so that everything else is answered meanwhile."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from prometheus_client import generate_latest
from starlette.types import Message, Receive, Scope, Send

from app.api import costly_slots
from app.api.costly_slots import WAITING, CostlySlots
from app.api.view import answered
from app.operation.request_metrics import COUNTED
from app.settings import Settings
from scripts.served import free_port
from tests.registry_in_use import serving

PATHS = ("/v1/timeline", "/v1/forces/{id}/collaborations", "/")


class Application:
    """Answers when it is let to; `parts`: in how many pieces."""

    def __init__(self, parts: int = 1) -> None:
        self.go_on, self.asked, self.parts = asyncio.Event(), 0, parts

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked += 1
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(self.parts):
            await send({"type": "http.response.body", "body": b"x", "more_body": number + 1 < self.parts})


async def asked(slots: CostlySlots, path: str, heard: list[int], reads: asyncio.Event | None = None) -> None:
    """Ask for a path; the status is heard at once, and the end of the answer is read when `reads` says."""

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            heard.append(message["status"])
        elif reads and not message.get("more_body"):
            await reads.wait()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}
    await slots(scope, receive, send)


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def _crowd(count: int) -> tuple[int, list[int], list[int]]:
    application = Application()
    slots, refused, all_of_them = CostlySlots(application, PATHS, 2), list[int](), list[int]()
    tasks = [asyncio.create_task(asked(slots, "/v1/timeline", refused)) for _ in range(count)]
    await turns()
    under_way = application.asked
    all_of_them, refused_first = refused, list(refused)
    application.go_on.set()
    await asyncio.gather(*tasks)
    return under_way, refused_first, all_of_them


@pytest.mark.parametrize(("count", "refused"), [(2, 0), (2 + 2 * WAITING, 0), (3 + 2 * WAITING, 1), (20, 10)])
def test_two_are_worked_out_some_wait_and_the_rest_are_refused(count: int, refused: int) -> None:
    under_way, at_once, every = asyncio.run(_crowd(count))
    assert under_way == 2
    assert at_once == [503] * refused
    assert Counter(every) == Counter({200: count - refused, 503: refused})


@pytest.mark.parametrize("path", ["/v1/timelines", "/v1/forces/kent", "/v1/forces/kent/collaborations/x", "/healthz"])
def test_what_is_not_costly_needs_no_slot(path: str) -> None:
    async def both() -> int:
        application = Application()
        slots = CostlySlots(application, PATHS, 1)
        costly = asyncio.create_task(asked(slots, "/v1/forces/kent/collaborations", []))
        short = asyncio.create_task(asked(slots, path, []))
        await turns()
        found = application.asked
        application.go_on.set()
        await asyncio.gather(costly, short)
        return found

    assert asyncio.run(both()) == 2


def test_nobody_waits_for_longer_than_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costly_slots, "PATIENCE", 0.05)

    async def two() -> list[int]:
        application, heard = Application(), list[int]()
        slots = CostlySlots(application, PATHS, 1)
        first = asyncio.create_task(asked(slots, "/", []))
        await turns()
        await asked(slots, "/", heard)
        application.go_on.set()
        await first
        return heard

    assert asyncio.run(two()) == [503]


@pytest.mark.parametrize("parts", [1, 2])
def test_who_reads_the_end_of_an_answer_slowly_holds_no_slot(parts: int) -> None:
    async def slowly() -> int:
        application, reads = Application(parts), asyncio.Event()
        application.go_on.set()
        slots = CostlySlots(application, PATHS, 1)
        tasks = [asyncio.create_task(asked(slots, "/", [], reads)) for _ in range(2)]
        await turns()
        found = application.asked
        reads.set()
        await asyncio.gather(*tasks)
        return found

    assert asyncio.run(slowly()) == 2


def test_a_failure_frees_the_slot() -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError("a defect")

    async def twice() -> None:
        slots = CostlySlots(failing, PATHS, 1)
        for _ in range(2):
            with pytest.raises(ValueError, match="a defect"):
                await asyncio.wait_for(asked(slots, "/", []), 1)

    asyncio.run(twice())


@pytest.mark.parametrize(("slots", "pool", "used"), [(2, 10, 2), (9, 10, 5), (2, 1, 1), (1, 10, 1), (2, 3, 1)])
def test_costly_answers_have_at_most_half_of_the_connections(slots: int, pool: int, used: int) -> None:
    assert Settings(costly_slots=slots, pool_size=pool).slots == used


class Slow:
    """Views that take a moment in their thread, and how many did at one time."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now, self.most, self.lock = seconds, 0, 0, threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            time.sleep(self.seconds)
            yield
        finally:
            with self.lock:
                self.now -= 1


def metric(name: str) -> float:
    lines = generate_latest(COUNTED).decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def test_details_go_on_while_twenty_clients_ask_for_what_takes_longest(
    loaded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(0.3)

    def slowly(*given: Any) -> Any:
        with slow.one():
            return answered(*given)

    monkeypatch.setattr("app.api.readings.answered", slowly)
    told: dict[str, Any] = {"costly_slots": 2, "cache_size": 0, "metrics_port": free_port()}
    refused_before = metric("registry_costly_refused_total")
    with serving(loaded_url, **told) as client, ThreadPoolExecutor(20) as crowd:

        def ask(number: int) -> httpx.Response:
            return client.get(f"/v1/timeline?limit={number + 1}")

        asked = [crowd.submit(ask, number) for number in range(20)]
        time.sleep(0.2)
        assert metric("registry_costly_slots_in_use") == 2
        with httpx.Client(base_url=client.base_url) as reader:
            for _ in range(10):
                began = time.monotonic()
                assert reader.get("/v1/forces/bedfordshire").status_code == 200
                assert reader.get("/v1/forces?limit=1").status_code == 200
                assert time.monotonic() - began < 0.3
        answers = [each.result() for each in asked]
    assert slow.most == 2
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {200: 2 + 2 * WAITING, 503: 20 - 2 - 2 * WAITING}
    assert metric("registry_costly_slots_in_use") == 0
    assert metric("registry_costly_refused_total") - refused_before == statuses[503]
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"] == "5"
    assert refused.json()["type"].endswith("/problems/unavailable")

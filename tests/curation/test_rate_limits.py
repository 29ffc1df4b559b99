"""How many requests one caller may send: counted by key or by address, said on answers, refused with 429."""

import asyncio
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI, Request

from app.api import problems
from app.api.callers import CountedCaller
from app.api.rate_limits import Counts, RateHeaders, RateLimits, address_of
from app.settings import Settings
from tests.bearers import Headers, bearing, key
from tests.registry_in_use import SOURCE, force, save, serving

ASKED = {"reason": "a test", "dry_run": "true"}


@pytest.fixture(scope="module")
def client(module_url: str) -> Iterator[httpx.Client]:
    """A register where little may be asked; each test comes from an address of its own."""
    save(module_url, SOURCE, force("kent"))
    told = {"write_rate": "3/minute", "failed_key_rate": "3/hour", "read_rate": "6/day"}
    with serving(module_url, **told) as found:
        yield found


def coming(address: str) -> Headers:
    return {"X-Forwarded-For": address}


def write(client: httpx.Client, token: str, address: str) -> httpx.Response:
    headers = {**bearing(token), **coming(address), "If-Match": "*"}
    return client.delete("/v1/forces/kent", params=ASKED, headers=headers)


def test_writes_are_counted_by_key(client: httpx.Client, module_url: str) -> None:
    one, other = key(module_url, "curate"), key(module_url, "curate")
    answers = [write(client, one, "192.0.2.1") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"default";q=3;w=60'}
    assert write(client, one, "192.0.2.2").status_code == 429
    assert write(client, other, "192.0.2.1").status_code == 200


def test_a_refusal_says_when_to_come_again(client: httpx.Client, module_url: str) -> None:
    token = key(module_url, "curate")
    [*_, answer] = [write(client, token, "192.0.2.3") for _ in range(4)]
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (429, "/problems/too-many-requests")
    assert answer.headers["RateLimit"] == f'"default";r=0;t={answer.headers["Retry-After"]}'
    assert 50 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["Cache-Control"] == "no-store"


def test_keys_cannot_be_tried_from_one_address(client: httpx.Client, module_url: str) -> None:
    tries = [write(client, f"pcr_k-000000000{number}_x", "192.0.2.4").status_code for number in range(5)]
    assert tries == [401, 401, 401, 429, 429]
    good = key(module_url, "curate")
    assert write(client, good, "192.0.2.4").status_code == 429  # not looked at, or a good one could be told from a bad
    assert write(client, good, "192.0.2.5").status_code == 200


@pytest.mark.parametrize("header", ["Bearer x", "Bearer", "Basic eDp5", "x", ""])
def test_whatever_is_no_key_is_counted(client: httpx.Client, header: str) -> None:
    address = {**coming(f"198.51.100.{len(header)}"), "Authorization": header}
    tries = [client.post("/v1/sources", headers=address).status_code for _ in range(4)]
    assert tries == [401, 401, 401, 429]


def test_a_good_key_is_no_failed_one(client: httpx.Client, module_url: str) -> None:
    assert [write(client, key(module_url, "read"), "192.0.2.6").status_code for _ in range(5)] == [403] * 5


def test_requests_are_counted_by_address_or_by_key(client: httpx.Client, module_url: str) -> None:
    answers = [client.get("/v1/forces", headers=coming("192.0.2.7")) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert client.get("/v1/search?q=kent", headers=coming("192.0.2.7")).status_code == 429
    assert client.post("/v1/reconcile", headers=coming("192.0.2.7")).status_code == 429
    assert client.get("/v1/forces", headers=coming("192.0.2.8")).status_code == 200
    with_key = {**bearing(key(module_url, "read")), **coming("192.0.2.7")}
    assert client.get("/v1/forces", headers=with_key).status_code == 200
    for path in ("/how-to-read", "/docs", "/healthz", "/readyz", "/version", "/openapi.json"):
        assert client.get(path, headers=coming("192.0.2.7")).status_code == 200, path


def test_reading_is_not_counted_unless_it_is_set(database_url: str) -> None:
    save(database_url, SOURCE)
    with serving(database_url) as client:
        assert "RateLimit" not in client.get("/v1/sources").headers


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "not an address"),
        ("", "unknown"),
    ],
)
def test_an_address_is_counted_once_however_it_is_written(host: str, counted: str) -> None:
    assert address_of(Request({"type": "http", "client": (host, 1), "headers": []})) == counted


def test_a_request_without_an_address_is_counted_too() -> None:
    assert address_of(Request({"type": "http", "client": None, "headers": []})) == "unknown"


def test_an_address_is_believed_of_proxies_alone(database_url: str) -> None:
    save(database_url, SOURCE)
    told = {"failed_key_rate": "2/hour", "forwarded_allow_ips": "192.0.2.200"}
    with serving(database_url, **told) as client:
        tries = [write(client, "x", f"192.0.2.{number}").status_code for number in range(3)]
    assert tries == [401, 401, 429]


def test_reports_without_a_key_are_counted_by_address() -> None:
    app = FastAPI()
    app.state.rate_limits = RateLimits(Settings(report_rate="2/hour"))
    app.add_middleware(RateHeaders)
    problems.install(app)

    @app.post("/v1/reports")
    def report(reporter: CountedCaller) -> str:
        return "heard"

    async def asked() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return [await client.post("/v1/reports") for _ in range(3)]

    answers = asyncio.run(asked())
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"default";q=2;w=3600'


def test_a_window_begins_with_its_first_count_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counts()
    at(monkeypatch, 1000.0)
    assert [counts.incr("kent", 60), counts.incr("kent", 60), counts.incr("essex", 60)] == [1, 2, 1]
    at(monkeypatch, 1059.9)
    assert (counts.incr("kent", 60), counts.get_expiry("kent")) == (3, 1060.0)
    at(monkeypatch, 1060.0)
    assert (counts.incr("kent", 60), counts.get_expiry("kent")) == (1, 1120.0)


def test_windows_that_ended_are_forgotten_though_nobody_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 1000.0)
    counts = Counts()
    for number in range(100):
        counts.incr(f"address-{number}", 30)
    at(monkeypatch, 1000.0 + Counts.SWEPT_EVERY)
    counts.incr("kent", 60)
    assert (dict(counts.storage), list(counts.expirations)) == ({"kent": 1}, ["kent"])


def test_no_thread_is_started_to_count(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, started = Counts(), list[threading.Thread]()
    counts.timer.join()
    monkeypatch.setattr(threading.Thread, "start", started.append)
    assert ([counts.incr("kent", 60) for _ in range(3)], started) == ([1, 2, 3], [])


def at(monkeypatch: pytest.MonkeyPatch, moment: float) -> None:
    """Let it be this time, in seconds."""
    monkeypatch.setattr(time, "time", lambda: moment)
    monkeypatch.setattr(time, "monotonic", lambda: moment)

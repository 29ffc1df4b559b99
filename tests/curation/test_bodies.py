"""Bodies that nobody means: too large, too deep, too slow, ambiguous, no text. Each gets a problem, none a failure."""

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from app.api.json_bodies import DEEPEST, LARGEST_BODY
from app.main import create_app
from app.settings import Settings
from tests.bearers import Headers, bearing, key
from tests.registry_in_use import SOURCE, force, save, serving
from tests.routes import KnownRoute, dependencies_of, routes_of

SLOW = 1
ASKED = {"reason": "a test", "dry_run": "true"}
TAKEN = [
    route
    for route in routes_of(create_app(Settings(database_url="sqlite:///never-opened.db")))
    if any("body" in getattr(each.call, "__name__", "") for each in dependencies_of(route))
]


def named(route: KnownRoute) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def client(module_url: str) -> Iterator[httpx.Client]:
    save(module_url, SOURCE, force("kent"))
    with serving(module_url, write_rate="10000/second") as found:
        yield found


@pytest.fixture(scope="module")
def curator(module_url: str, client: httpx.Client) -> Headers:
    return bearing(key(module_url, "admin"))


def test_what_takes_a_body_is_known() -> None:
    assert {"/v1/revisions", "/v1/forces/{id}/merge", "/v1/proposals", "/v1/webhooks"} <= {each.path for each in TAKEN}


def told_by_wire(client: httpx.Client, head: str) -> bytes:
    """What is answered until the connection is closed, to a request whose body never comes."""
    place = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(place, timeout=20) as connection:
        connection.sendall(f"{head}\r\n\r\n".encode())
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    return answer


@pytest.mark.parametrize("route", TAKEN, ids=named)
def test_every_body_has_its_limit(client: httpx.Client, curator: Headers, route: KnownRoute) -> None:
    form = route.path == "/v1/reconcile" or not route.path.startswith("/v1/")
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    head = f"{route.method} {route.address}?reason=x HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
    head += f"Authorization: {curator['Authorization']}\r\nContent-Length: {10**12}"
    answer = told_by_wire(client, head)
    if not route.path.startswith("/v1/imports"):
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"/problems/content-too-large" in answer


def test_a_body_whose_length_is_not_said_is_read_up_to_the_limit(client: httpx.Client, curator: Headers) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"id": "'
        for _ in range(LARGEST_BODY // 100_000 + 1):
            yield b"x" * 100_000

    headers = {**curator, "Content-Type": "application/json"}
    try:
        status = client.post("/v1/sources", content=pieces(), headers=headers, params=ASKED).status_code
    except httpx.WriteError:  # the connection was closed while it was being sent
        status = 413
    assert status == 413


NOT_READ: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is not JSON"),
    "cut off": (b'{"id": ', "is not JSON"),
    "two values": (b"{} {}", "is not JSON"),
    "no number": (b'{"id": NaN}', "is not JSON"),
    "broken UTF-8": (b'{"id": "\xff\xfe"}', "is not JSON"),
    "an overlong form": (b'{"id": "\xc0\xaf"}', "is not JSON"),
    "half a pair": (b'{"id": "\\ud800"}', "is not JSON"),
    "UTF-16": ('{"id": "x"}'.encode("utf-16"), "is not JSON"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "is not JSON"),
    "deep": (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "levels deep"),
    "very deep": (b"[" * 100_000, "is not JSON"),
    "a name twice": (b'{"id": "a", "name": "A", "id": "b"}', "'id' twice"),
    "a name twice within": (b'{"id": "a", "citations": [{"source": "x", "source": "y"}]}', "'source' twice"),
    "a name twice by an escape": (b'{"id": "a", "\\u0069d": "b"}', "'id' twice"),
    "no object": (b"[]", "is not an object"),
    "a long number": (b'{"id": ' + b"9" * 5000 + b"}", ""),
    "NUL": (b'{"id": "nul", "name": "a\\u0000b"}', ""),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_not_meant_is_a_problem(client: httpx.Client, curator: Headers, name: str) -> None:
    body, message = NOT_READ[name]
    headers = {**curator, "Content-Type": "application/json"}
    answer = client.post("/v1/sources", content=body, headers=headers, params=ASKED)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json"), answer.text
    assert message in answer.text


@pytest.mark.parametrize("reason", ["a%00b", "%ff%fe", "%ed%a0%80", "%0a", "", "x" * 501])
def test_a_reason_that_cannot_be_kept_is_no_failure(client: httpx.Client, curator: Headers, reason: str) -> None:
    body = {"id": f"reason-{abs(hash(reason))}", "name": "A source"}
    answer = client.post(f"/v1/sources?reason={reason}", json=body, headers=curator)
    assert answer.status_code in (201, 422), answer.text


def test_a_body_that_does_not_come_is_not_waited_for(module_url: str, curator: Headers) -> None:
    """The deadline of the answer is that of the body too; the connection is closed, and the next request answered."""
    head = f"POST /v1/sources?reason=x HTTP/1.1\r\nHost: x\r\nAuthorization: {curator['Authorization']}\r\n"
    with serving(module_url, request_timeout=SLOW) as client:
        began = time.monotonic()
        answer = told_by_wire(client, f"{head}Content-Type: application/json\r\nContent-Length: 100")
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"application/problem+json" in answer
        assert SLOW <= time.monotonic() - began < 15
        assert client.get("/healthz").status_code == 200


def test_a_caller_who_leaves_in_the_middle_is_no_failure(
    client: httpx.Client, curator: Headers, caplog: pytest.LogCaptureFixture
) -> None:
    head = f"POST /v1/sources?reason=x HTTP/1.1\r\nHost: x\r\nAuthorization: {curator['Authorization']}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as connection:
        connection.sendall(head.encode())
        time.sleep(0.2)
    time.sleep(0.2)
    assert client.get("/healthz").status_code == 200
    assert "ClientDisconnect" not in caplog.text

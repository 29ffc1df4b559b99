"""One line a request or fault; who asked is told by an id, and no secret by anything."""

import json
import logging
import logging.config
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import httpx
import pytest

from app import __version__
from app.database import schema_head
from app.operation.log_lines import JsonLines, TextLines, log_configuration
from app.settings import Settings
from tests.bearers import bearing
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import run

MARK = "MARKEDSECRETmarkedsecret0123456789"
REQUESTS = logging.getLogger("registry.requests")


@contextmanager
def written(lines: logging.Formatter) -> Iterator[StringIO]:
    """What the registry's own log gets meanwhile, at the finest."""
    stream, root = StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(lines)
    handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))
    before = REQUESTS.level
    REQUESTS.setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        REQUESTS.setLevel(before)


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def key(own_loaded_url: str) -> str:
    return run(own_loaded_url, "keys", "create", "Kent", "--scope", "curate")[1].strip()


@pytest.fixture
def client(own_loaded_url: str) -> Iterator[httpx.Client]:
    with serving(own_loaded_url, log_requests=True) as found:
        yield found


def test_a_request_has_one_line_with_who_what_and_how_long(client: httpx.Client, key: str) -> None:
    asked = [
        ("GET", "/v1/forces/bedfordshire?as_of=2012", {}),
        ("GET", "/v1/forces/none", {"X-Request-ID": "proxy-7.a_B"}),
        ("DELETE", "/v1/forces/bedfordshire?reason=no", bearing(key)),
        ("GET", "/v1/nothing-here", {}),
        ("GET", "/healthz", {}),
    ]
    with written(JsonLines()) as stream:
        answers = [client.request(method, path, headers=headers) for method, path, headers in asked]
        while len(lines(stream)) < 4:
            pass
    found = lines(stream)
    assert [line["request_id"] for line in found] == [answer.headers["x-request-id"] for answer in answers[:4]]
    shown = ("method", "route", "path", "status", "actor", "revision", "level", "message")
    actor, no = key.split("_")[1], answers[2].status_code
    assert [tuple(line[name] for name in shown) for line in found] == [
        ("GET", "/v1/forces/{id}", "/v1/forces/bedfordshire", 200, None, 1, "info", "GET /v1/forces/{id}"),
        ("GET", "/v1/forces/{id}", "/v1/forces/none", 404, None, None, "info", "GET /v1/forces/{id}"),
        (
            "DELETE",
            "/v1/forces/{id}",
            "/v1/forces/bedfordshire",
            no,
            actor,
            None,
            "info",
            "DELETE /v1/forces/{id}",
        ),
        ("GET", None, None, 404, None, None, "info", "GET unmatched"),
    ]
    assert all(0 < line["duration_ms"] < 60_000 for line in found)
    assert found[1]["request_id"] == "proxy-7.a_B"


@pytest.mark.parametrize("sent", ["", "a" * 65, "a b", "a\tb", "ü", '"', "a;b", "a,b", "<script>"])
def test_an_id_that_could_be_none_is_not_taken(client: httpx.Client, sent: str) -> None:
    answer = client.get("/v1/forces/none", headers=[(b"X-Request-ID", sent.encode())])
    named = answer.headers["x-request-id"]
    assert (len(named), named.isalnum()) == (32, True)
    assert answer.json()["request_id"] == named


def test_an_id_that_is_one_is_taken_everywhere(client: httpx.Client) -> None:
    for name in ("a", "A-z_0.9", "a" * 64):
        answer = client.get("/v1/forces/none", headers={"X-Request-ID": name})
        assert (answer.headers["x-request-id"], answer.json()["request_id"]) == (name, name)


@pytest.mark.parametrize("form", [JsonLines, TextLines])
def test_no_secret_is_ever_in_it(
    client: httpx.Client, key: str, form: type[logging.Formatter], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = key.split("_", 2)[2]
    headers = {**bearing(key), "Idempotency-Key": MARK, "Cookie": MARK, "User-Agent": MARK, "Referer": MARK}
    body = {"reason": MARK, "documents": [{"type": "force", "id": "x", "note": MARK}]}
    with written(form()) as stream:
        for path in ("/v1/search", "/v1/forces", f"/v1/forces/{key}", "/v1/none", f"/{key}", f"/v1/{MARK}", "/version"):
            client.get(path, params={"q": MARK, "access_token": key}, headers=headers)
        client.post("/v1/revisions", json=body, headers=headers)
        client.get("/v1/forces", headers={"Authorization": f"Basic {MARK}"})
        client.get("/v1/forces", headers={"Authorization": f"Bearer pcr_k-0000000000_{MARK}"})
        monkeypatch.setattr("app.api.view_endpoint.reading", fails(f"Bearer {MARK}, {key}"), raising=False)
        monkeypatch.setattr("app.curation.authentication.authenticated", fails(f"Bearer {MARK}, {key}"))
        assert client.get("/v1/webhooks", headers=headers).status_code == 500
        while "RuntimeError" not in stream.getvalue():
            pass
    text = stream.getvalue()
    assert MARK not in text
    assert secret not in text
    assert "***" in text
    assert len(text.splitlines()) > 8


def fails(reason: str) -> Any:
    def failing(*_: object, **__: object) -> Any:
        raise RuntimeError(reason)

    return failing


def test_a_fault_has_one_line_with_its_request(client: httpx.Client, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.curation.authentication.authenticated", fails("a\ndefect"))
    with written(JsonLines()) as stream:
        answer = client.get("/v1/webhooks", headers=bearing(key))
        while len(lines(stream)) < 2:
            pass
    fault, request = lines(stream)
    assert (fault["level"], request["status"]) == ("error", 500)
    assert "RuntimeError: a defect" in fault["message"]
    assert fault["request_id"] == request["request_id"] == answer.headers["x-request-id"]


def record(message: str, *, failed: bool = False) -> logging.LogRecord:
    try:
        raise ValueError("of\nno use")
    except ValueError:
        info = sys.exc_info() if failed else None
    return logging.LogRecord("x", logging.WARNING, "x.py", 1, message, (), info)


@pytest.mark.parametrize("form", [JsonLines, TextLines])
@pytest.mark.parametrize("failed", [False, True])
def test_a_line_is_one_line(form: type[logging.Formatter], failed: bool) -> None:
    text = form().format(record("a\nb\r\u2028c\x1b[31m", failed=failed))
    assert len(text.splitlines()) == 1 or form is JsonLines
    assert "\n" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(("form", "begins"), [("json", '{"time":"2'), ("text", "2")])
def test_the_configuration_is_one_that_python_takes(form: Any, begins: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = log_configuration(Settings(log_format=form))
    before = REQUESTS.level
    handlers = logging.getLogger().handlers[:]
    try:
        logging.config.dictConfig(found)
        REQUESTS.info("GET %s", "/v1", extra={"fields": {"status": 200}})
    finally:
        logging.getLogger().handlers[:] = handlers
        REQUESTS.setLevel(before)
    err = capsys.readouterr().err
    assert err.startswith(begins)
    assert "GET /v1" in err
    assert "200" in err


def test_the_version_says_what_runs(own_loaded_url: str) -> None:
    save(own_loaded_url, SOURCE, force("alpha"))
    with serving(own_loaded_url, private=True) as client:
        found = client.get("/version").json()
        note = client.get("/v1/log/checkpoint").status_code
    assert note == 401
    assert (found["version"], found["schema"], found["newest_schema"]) == (__version__, schema_head(), schema_head())
    assert (found["revision"], found["checkpoint"]["size"], found["checkpoint"]["origin"]) == (2, 2, "registry")
    with serving(own_loaded_url) as client:
        assert found["checkpoint"]["root"] == client.get("/v1/log/checkpoint").text.splitlines()[2]


def test_the_version_of_a_database_of_another_schema(blank_url: str) -> None:
    with serving(blank_url) as client:
        answer = client.get("/version")
    assert (answer.status_code, answer.json()["schema"], answer.json()["revision"]) == (200, None, None)


def test_the_version_is_one() -> None:
    assert run("sqlite:///x.db", "--version")[1].strip().endswith(f"version {__version__}")

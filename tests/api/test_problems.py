"""Whatever is asked, the answer is a problem that says what to do, never a stack trace."""

import logging
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import create_engine, text

from app.api import problems
from app.api.problem_types import TYPES
from tests.registry_in_use import SOURCE, force, save, serving

FIELDS = ["type", "title", "status", "detail", "instance", "request_id", "errors"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/forces", 404),
        ("GET", "/v1/forcez", 404),
        ("GET", "/v1/forces/nobody", 404),
        ("GET", "/v1/forces/BEDFORDSHIRE", 404),
        ("GET", "/v1/forces/%00", 404),
        ("GET", "/v1/forces/%FF", 404),
        ("GET", "/v1/forces/..%2f..", 404),
        ("GET", "/v1/forces/" + "a" * 5000, 404),
        ("GET", "/problems/nothing", 404),
        ("GET", "/docs/secret.js", 404),
        ("POST", "/v1/network", 405),
        ("DELETE", "/v1/forces/bedfordshire/history", 405),
        ("OPTIONS", "/v1/forces", 405),
        ("BREW", "/v1/forces", 400),
        ("GET", "/v1/forces?name=" + "x" * 17_000, 414),
        ("GET", "/v1/forces?" + "&".join(f"force={number}" for number in range(5_000)), 414),
        ("GET", "/v1/forces?cursor=" + "A" * 900, 422),
    ],
)
def test_every_failure_is_a_problem(client: httpx.Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert list(problem) == FIELDS
    assert (problem["status"], problem["type"].removeprefix("/problems/") in TYPES) == (status, True)
    if status == 405:
        assert answer.headers["allow"] == ("GET, HEAD, POST" if path == "/v1/forces" else "GET, HEAD")


def test_allow_names_every_method_of_the_path() -> None:
    app = FastAPI()
    problems.install(app)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        app.add_api_route("/records/{id}", lambda: None, methods=[method])
    app.add_api_route("/records", lambda: None, methods=["POST"])
    asked = Request({"type": "http", "app": app, "path": "/records/alpha", "headers": [], "query_string": b""})
    assert problems.allowed(asked) == "DELETE, GET, HEAD, PATCH, PUT"
    asked = Request({"type": "http", "app": app, "path": "/records", "headers": [], "query_string": b""})
    assert problems.allowed(asked) == "POST"


def test_every_problem_type_has_its_page(client: httpx.Client) -> None:
    for slug, kind in TYPES.items():
        page = client.get(f"/problems/{slug}")
        assert page.status_code == 200
        assert kind.title in page.text


def test_a_defect_is_a_500_that_gives_nothing_away(
    loaded_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("the inside")

    monkeypatch.setattr("app.api.router.find", fail)
    with serving(loaded_url) as client, caplog.at_level(logging.ERROR):
        answer = client.get("/v1/forces/kent", headers={"Origin": "https://example.org"})
        assert client.get("/v1/forces").status_code == 200
    assert (answer.status_code, answer.headers["connection"]) == (500, "close")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert list(answer.json()) == FIELDS
    assert "inside" not in answer.text
    (line,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    told = line.getMessage()
    assert told.startswith(f"request_id {answer.json()['request_id']}: GET /v1/forces/kent: KeyError: 'the inside'")
    assert "api/router.py" in told
    assert (line.exc_info, len(told.splitlines())) == (None, 1)


def test_an_answer_that_fails_when_it_has_begun_is_cut_off_and_told_once(
    loaded_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> Iterator[bytes]:
        yield b"x" * 100_000
        raise KeyError("the inside")

    monkeypatch.setattr("app.api.attachments.as_ndjson", fail)
    with serving(loaded_url) as client, caplog.at_level(logging.ERROR):
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/v1/forces?format=ndjson")
        assert client.get("/v1/forces").status_code == 200
    told = [record.getMessage() for record in caplog.records if "KeyError" in record.getMessage() or record.exc_info]
    assert len(told) == 1
    assert "GET /v1/forces: KeyError" in told[0]


@pytest.mark.parametrize("path", ["/v1/forces", "/v1/forces/alpha", "/v1/search?q=alpha", "/v1/coverage"])
@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "the database is at schema 0001, and this version's is"),
        ("DELETE FROM alembic_version", "the database is at schema None"),
        ("DROP TABLE alembic_version", "the database does not have this version's schema"),
    ],
)
def test_a_schema_of_another_version_is_not_served(own_url: str, path: str, change: str, detail: str) -> None:
    engine = create_engine(own_url)
    with engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()
    with serving(own_url) as client:
        answer = client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert answer.json()["detail"].startswith(detail)
    assert answer.headers["retry-after"]


@pytest.fixture
def own_url(database_url: str) -> str:
    save(database_url, SOURCE, force("alpha"))
    return database_url


def test_an_empty_register_of_another_schema_is_not_served(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    with serving(database_url) as client:
        assert client.get("/v1/forces").status_code == 503


def test_a_database_that_is_gone_is_a_503(tmp_path: object) -> None:
    with serving("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2") as client:
        for path in ("/v1/forces", "/v1/forces/alpha", "/readyz"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
            assert answer.headers["retry-after"] == "5"
        assert client.get("/healthz").status_code == 200


def test_a_table_that_is_missing_is_a_503(own_url: str, caplog: pytest.LogCaptureFixture) -> None:
    engine = create_engine(own_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE answer"))
    engine.dispose()
    with serving(own_url) as client, caplog.at_level(logging.ERROR):
        answer = client.get("/v1/forces/alpha")
    assert (answer.status_code, answer.json()["detail"]) == (503, "the database does not have this version's schema")
    (told,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert told.startswith(f"request_id {answer.json()['request_id']}: GET /v1/forces/alpha: the database: ")

"""Whatever is asked, the answer is a problem that says what to do, never a stack trace."""

import logging

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import create_engine, text

from app.api import problems
from app.api.problems import TYPES
from tests.registry_in_use import serving

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
        ("POST", "/v1/forces", 405),
        ("DELETE", "/v1/forces/bedfordshire", 405),
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
        assert answer.headers["allow"] == "GET, HEAD"


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


def test_a_defect_is_a_500_that_gives_nothing_away(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    engine = create_engine(database_url)
    with serving(database_url) as client:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO record (pk, collection, id) VALUES (1, 'force', 'alpha')"))
            connection.execute(text("DROP TABLE answer"))
        engine.dispose()
        with caplog.at_level(logging.ERROR):
            answer = client.get("/v1/forces/alpha")
    assert answer.status_code in (500, 503)
    assert list(answer.json()) == FIELDS
    assert f"request_id {answer.json()['request_id']}: GET /v1/forces/alpha" in caplog.text
    assert "answer" not in answer.json()["detail"]


def test_a_database_that_is_gone_is_a_503(tmp_path: object) -> None:
    with serving("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2") as client:
        for path in ("/v1/forces", "/v1/forces/alpha", "/readyz"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
            assert answer.headers["retry-after"] == "5"
        assert client.get("/healthz").status_code == 200

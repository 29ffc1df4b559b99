"""Scripts of other sites are let in: what they may send, what they may read, and what they are told when refused."""

import httpx
import pytest

from app.api.cross_origin import EXPOSED

ORIGIN = "https://dashboard.example"
PRIVATE = "Access-Control-Request-Private-Network"
HEADERS = [
    "Authorization",
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "Content-Type",
    "Cache-Control",
    "Last-Event-ID",
    "Registry-Revision",
    "Prefer",
    "X-Requested-With",
]


def preflight(client: httpx.Client, method: str, headers: str | None = None, **more: str) -> httpx.Response:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": method, **more}
    if headers is not None:
        asked["Access-Control-Request-Headers"] = headers
    return client.options("/v1/joint-units", headers=asked)


@pytest.mark.parametrize("name", [*HEADERS, ",".join(HEADERS).lower(), "if-match, prefer"])
def test_a_script_may_send_what_the_contract_names(client: httpx.Client, name: str) -> None:
    answer = preflight(client, "GET", name)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    allowed = {each.strip().lower() for each in answer.headers["access-control-allow-headers"].split(",")}
    assert {each.strip().lower() for each in name.split(",")} <= allowed


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_methods(client: httpx.Client, method: str) -> None:
    assert method in preflight(client, method).headers["access-control-allow-methods"].split(", ")


@pytest.mark.parametrize(
    ("method", "headers", "more", "location"),
    [
        ("GET", "X-Secret", {}, "header/access-control-request-headers"),
        ("BREW", None, {}, "header/access-control-request-method"),
        (
            "GET",
            None,
            {"Access-Control-Request-Private-Network": "true"},
            "header/access-control-request-private-network",
        ),
    ],
)
def test_a_refused_preflight_is_a_problem(
    client: httpx.Client, method: str, headers: str | None, more: dict[str, str], location: str
) -> None:
    answer = preflight(client, method, headers, **more)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/bad-request"
    assert [error["location"] for error in answer.json()["errors"]] == [location]


@pytest.mark.parametrize(
    "path",
    ["/v1/forces", "/v1/forces/nobody", "/v1/nothing", "/v1/forces?x=1", "/v1/forces?name=" + "x" * 17_000, "/healthz"],
)
def test_every_answer_can_be_read_from_any_page(client: httpx.Client, path: str) -> None:
    # without Origin too: a cache may hand what it kept for one page to another's script
    for headers in ({}, {"Origin": ORIGIN}):
        answer = client.get(path, headers=headers)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-expose-headers"].split(", ") == list(EXPOSED)
    assert {"ETag", "Link", "Location", "Registry-Revision", "Retry-After"} <= set(EXPOSED)

"""What lies at the door: the page for people, the index for programs, and what is looked for on every host."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.settings import Settings
from tests.api.test_answer_headers import BROWSER
from tests.api.test_collections import conforms
from tests.registry_in_use import Document, serving


def test_the_page_leads_to_what_there_is(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    links = re.findall(r'href="([^"]+)"', page.text)
    assert {"/docs", "/v1", "/search?q=dogs", "/network", "/joint-units", "/how-to-read"} <= set(links)


@pytest.mark.parametrize(
    ("contact", "uri", "described"),
    [
        ("register@example.org", "mailto:register@example.org", {"email": "register@example.org"}),
        ("https://example.org/ask", "https://example.org/ask", {"url": "https://example.org/ask"}),
    ],
)
def test_who_runs_it_and_whom_to_ask(loaded_url: str, contact: str, uri: str, described: Document) -> None:
    with serving(loaded_url, operator="Kent & Essex <Police>", contact=contact) as client:
        page = client.get("/").text
        assert "Kent &amp; Essex &lt;Police&gt;" in page
        assert f'<a href="{uri}">{contact}</a>' in page
        assert client.get("/openapi.json").json()["info"]["contact"] == {"name": "Kent & Essex <Police>", **described}
        security = client.get("/.well-known/security.txt")
        assert security.headers["content-type"] == "text/plain; charset=utf-8"
        lines = dict(line.split(": ", 1) for line in security.text.splitlines())
        assert lines["Contact"] == uri
        expires = datetime.fromisoformat(lines["Expires"])
        assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)


def test_where_nobody_is_named(client: httpx.Client) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    assert "mailto:" not in client.get("/").text


def test_the_index_names_everything(client: httpx.Client, openapi: Document) -> None:
    answer = client.get("/v1").json()
    conforms(openapi, "/v1", answer)
    data = answer["data"]
    for collection in data["collections"]:
        listed = client.get(f"{collection['url']}?limit=1").json()
        assert listed["meta"]["total"] == collection["records"]
    paths = {path for path in openapi["paths"] if "{" not in path}
    named = {each["url"] for part in ("collections", "views") for each in data[part]}
    files = {path for path in paths if path.startswith(("/v1/exports/", "/v1/reconcile/"))}
    terms = {"/v1", "/v1/reconcile", "/v1/context.jsonld", "/v1/shapes.ttl"}
    following = {data["changes"], "/v1/changes/events", "/v1/webhooks"}
    sent = {data[name] for name in ("proposals", "reports", "imports")}
    log = {path for path in paths if path.startswith(("/v1/log", "/.well-known"))}
    assert paths - files - terms - following - sent - log <= named
    for name in ("changes", "exports", "reconciliation", "documentation", "openapi", "problems"):
        assert client.get(data[name]).status_code == 200
    needing = {view["url"]: view["required"] for view in data["views"] if view["required"]}
    assert needing["/v1/statistics/joint-units/series"] == ["from", "to"]
    assert answer["meta"]["known_at"]["revision"] == data["revision"]["number"]


ROBOTS = "User-agent: *\nDisallow: /v1/\nDisallow: /*?\nDisallow: /propose\nDisallow: /looks-wrong\n"


def test_what_is_looked_for_on_every_host(client: httpx.Client) -> None:
    assert client.get("/robots.txt").text == ROBOTS
    icon = client.get("/favicon.ico")
    assert icon.headers["content-type"] == "image/vnd.microsoft.icon"
    assert icon.content[:4] == b"\x00\x00\x01\x00"


def test_people_get_a_page_and_programs_a_problem(client: httpx.Client) -> None:
    page = client.get("/joint-unit", headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "did you mean /joint-units?" in page.text
    assert page.headers["vary"].startswith("Accept")
    for path, headers in (("/joint-unit", {}), ("/joint-unit", {"Accept": "*/*"}), ("/v1/nothing", BROWSER)):
        assert client.get(path, headers=headers).headers["content-type"] == "application/problem+json"


def test_a_page_shows_no_markup_of_others(client: httpx.Client) -> None:
    page = client.get("/problems/<script>", headers=BROWSER)
    assert page.status_code == 404
    assert "<script>" not in page.text


def test_it_stands_without_a_database() -> None:
    with serving(Settings(database_url="sqlite:////nowhere/registry.db").database_url) as client:
        assert client.get("/docs").status_code == 200
        assert client.get("/", headers=BROWSER).status_code == 503

"""Pages around the API."""

import httpx

from app.database import migrate
from tests.registry_in_use import SOURCE, save, serving


def test_the_catalogue_leads_to_the_api(client: httpx.Client) -> None:
    answer = client.get("/.well-known/api-catalog")
    assert answer.headers["content-type"].startswith("application/linkset+json")
    entry = answer.json()["linkset"][1]
    for relation in ("service-desc", "service-doc", "status"):
        assert client.get(entry[relation][0]["href"]).status_code == 200
    assert client.get(entry["service-desc"][0]["href"]).json()["openapi"].startswith("3.1")


def test_the_documentation_needs_no_other_host(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "://" not in page.text
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "docs.js", "docs.css"):
        assert f"/docs/{name}" in page.text
        assert client.get(f"/docs/{name}").status_code == 200


def test_health_and_readiness(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    checks = {"database": True, "schema": True, "data": True, "derived": True, "log": True}
    assert client.get("/readyz").json() == {"status": "ready", "checks": checks}


def test_an_empty_register_is_ready_and_says_that_it_is_empty(database_url: str) -> None:
    with serving(database_url) as client:
        answer = client.get("/readyz")
        checks = {"database": True, "schema": True, "data": False, "derived": True, "log": True}
        note = "the register is empty: load a dataset"
        assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": checks, "note": note})
        save(database_url, SOURCE)
        assert client.get("/readyz").json() == {"status": "ready", "checks": {**checks, "data": True}}


def test_a_register_without_a_schema_is_not_ready(blank_url: str) -> None:
    with serving(blank_url) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["detail"]) == (503, "not ready: schema, derived, log")
        migrate(blank_url)
        assert client.get("/readyz").status_code == 200

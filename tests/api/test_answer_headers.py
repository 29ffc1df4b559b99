"""Headers that protect readers: on every answer, and on every HTML page."""

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.registry_in_use import serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = ["/", "/docs", "/problems", "/problems/gone", "/nothing", "/v1/reconcile/entities/force:bedfordshire"]


@pytest.mark.parametrize(
    "path",
    [*PAGES, "/v1", "/v1/forces", "/v1/forces/nobody", "/v1/exports/register.csv.zip", "/openapi.json", "/healthz"],
)
def test_no_type_is_guessed(client: httpx.Client, path: str) -> None:
    assert client.get(path).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.headers["content-type"].startswith("text/html")
    rules = dict(rule.strip().split(" ", 1) for rule in answer.headers["content-security-policy"].split(";"))
    explored = path in ("/", "/nothing")
    assert rules["default-src"] == rules["base-uri"] == "'none'"
    assert rules["form-action"] == ("'self'" if explored else "'none'")
    assert "unsafe-inline" not in rules.get("script-src", "") + rules["style-src"]
    assert "://" not in str(rules)
    assert answer.headers["referrer-policy"] == ("same-origin" if explored else "no-referrer")
    framed = "reconcile" in path  # OpenRefine shows it in a frame
    assert rules["frame-ancestors"] == ("*" if framed else "'none'")
    assert answer.headers.get("x-frame-options") == (None if framed else "DENY")


def test_a_defect_has_them_too(database_url: str) -> None:
    with serving(database_url) as client:
        engine = create_engine(database_url)
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO record (pk, collection, id) VALUES (1, 'force', 'alpha')"))
            connection.execute(text("DROP TABLE answer"))
        engine.dispose()
        answer = client.get("/v1/forces/alpha")
    assert answer.status_code >= 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "*"

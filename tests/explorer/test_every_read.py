"""Every read has a page, or a line that says why not; and pages say what the JSON says."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.catalogue import CATALOGUE
from app.explorer.assets import POLICY
from app.main import create_app
from app.settings import Settings
from tests.api.test_answer_headers import BROWSER
from tests.routes import routes_of
from tests.test_documentation import CONTRACT

ROOT = Path(__file__).parents[2]
UNIT = "/joint-units/bh-major-crime-unit"
ROUTES = {route.path for route in routes_of(create_app(Settings(database_url="sqlite:///never-opened.db")))}
PAGES = {path.replace("{collection:collection}", each.path) for path in ROUTES for each in CATALOGUE}
READS = sorted(path for path, methods in CONTRACT["paths"].items() if path.startswith("/v1/") and "get" in methods)
LACKING = re.findall(r"`(/v1/[^`]*)`", (ROOT / "docs" / "pages.md").read_text().partition("## Answers without")[2])


@pytest.mark.parametrize("path", READS)
def test_every_read_has_its_page_or_a_line_that_says_why_not(path: str) -> None:
    page = path.removeprefix("/v1")
    if page == "/{collection}/{id}/proof":
        page = "/forces/{id}/proof"
    told = any(path.startswith(line.removesuffix("…")) if line.endswith("…") else path == line for line in LACKING)
    assert told != (page in PAGES)


VIEWS = [
    "/forces/hertfordshire/collaborations?as_of=2012-06-01",
    "/governance-bodies/hertfordshire-police-authority/collaborations?as_of=2012",
    "/network?as_of=2012",
    "/network?as_of=2012&force=bedfordshire&view=matrix",
    "/network?as_of=2012&certainty=presumed&participants_to=15&view=years",
    "/timeline",
    "/timeline?force=hertfordshire&as_of=2013",
    "/statistics/joint-units?group_by=force&as_of=2012",
    "/statistics/joint-units/series?interval=year&from=2008&to=2014",
    "/statistics/claims",
    "/conflicts",
    "/quality",
    "/coverage",
    "/coverage/forces",
    "/coverage/functions",
    "/coverage/years",
    "/coverage/counted-units",
    "/search?q=dogs",
    "/search?q=dgos",
    "/search?q=qqqqq",
    "/exports",
    "/revisions",
    "/changes",
    "/changes?type=force&limit=5",
    "/changes?after=0&limit=5",
    "/revisions/1",
    "/sources/beds-herts-release-2008-09-15/citations",
    f"{UNIT}/proof",
    f"{UNIT}/diff?from=1&to=1",
]


@pytest.mark.parametrize("path", VIEWS)
def test_every_answer_is_shown(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers=BROWSER)
    assert page.status_code == 200, page.text
    assert page.headers["content-security-policy"] == POLICY
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|=\"(javascript|data):", page.text)
    assert len(page.content) <= 150_000


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/report?force=kent&as_of=", "/forces/kent/collaborations"),
        ("/report?force=kent&as_of=2012", "/forces/kent/collaborations?as_of=2012"),
        ("/statistics/joint-units/series?interval=month&from=2012", None),
    ],
)
def test_what_a_form_leads_to(client: httpx.Client, path: str, leads_to: str | None) -> None:
    assert client.get(path).headers.get("location") == leads_to


@pytest.mark.parametrize("path", ["/network", "/forces/hertfordshire/collaborations"])
def test_what_needs_a_day_leads_to_one(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{path}?known_at=1")
    assert answer.status_code == 303
    assert re.search(r"known_at=1&as_of=20", answer.headers["location"])
    assert client.get(answer.headers["location"]).status_code == 200


def told(value: Any) -> Iterator[str]:
    """What a document says: the words of dates, the names of what it refers to."""
    if isinstance(value, list):
        for each in value:
            yield from told(each)
    elif isinstance(value, dict) and "edtf" in value:
        yield value["text"]
    elif isinstance(value, dict) and "url" in value and "name" in value:
        yield value["name"]
    elif isinstance(value, dict):
        yield from told([each for name, each in value.items() if name not in ("observed", "note")])


def words(page: httpx.Response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", page.text))
    return " ".join(text.split())


@pytest.mark.parametrize("path", [f"/{each.path}" for each in CATALOGUE])
@pytest.mark.parametrize("clocks", ["", "as_of=2012-06-01&presumed_for=P5Y"])
def test_page_and_json_agree(holding: httpx.Client, path: str, clocks: str) -> None:
    listed = holding.get(f"/v1{path}?limit=12&sort=-revision&fields=id").json()["data"]
    for each in listed:
        where = f"{path}/{each['id']}" + (f"?{clocks}" if clocks else "")
        document = holding.get(f"/v1{where}").json()["data"]
        text = words(holding.get(where))
        asked = {name: value for name, value in document.items() if name not in ("citations", "last_evidence")}
        assert [said for said in told(list(asked.values())) if " ".join(said.split()) not in text] == [], where
        assert {one["source"]["name"] for one in document["citations"] if one["value"]} <= {
            name for name in (one["source"]["name"] for one in document["citations"]) if name in text
        }
        if document.get("presence") and "started" in document:
            assert f": {document['presence']}" in text

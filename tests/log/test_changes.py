"""What changed: every entry once, in order, whatever the page, the filter and the form."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy import select

from app.database import connect, reading
from app.registry.records import Version
from tests.curation.writers import problem
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

ATOM, DELETED = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"


@pytest.fixture(scope="module")
def log(module_url: str) -> Iterator[httpx.Client]:
    """Six revisions: three forces and a unit, a second unit, an amendment, a merge, a withdrawal, and one unit more."""
    save(module_url, SOURCE, force("alpha"), force("beta"), force("gamma"), unit("dogs", "alpha", "beta"))
    save(module_url, unit("hounds", "alpha", "beta"))
    save(module_url, unit("dogs", "alpha", "gamma"), reason="Beta left <& went>")
    withdraw(module_url, "joint-unit:hounds", "joint-unit:dogs")
    withdraw(module_url, "force:beta")
    save(module_url, unit("cats", "gamma"), unit("drones", "gamma"))
    with serving(module_url) as client:
        yield client


def walk(client: httpx.Client, query: str = "") -> tuple[list[Any], str]:
    """All entries, page by page, and the bookmark at the end."""
    address, found = f"/v1/changes?{query}", []
    while True:
        page = client.get(address).json()
        found += page["data"]
        if page["links"]["next"] is None:
            return found, page["meta"]["bookmark"]
        assert page["links"]["next"] != address
        address = page["links"]["next"]


def told(entries: list[Any]) -> list[str]:
    return [f"{one['revision']} {one['change']} {one['record']['id']} {one['place']}/{one['of']}" for one in entries]


EVERYTHING = [
    "1 created alpha 1/5",
    "1 created beta 2/5",
    "1 created gamma 3/5",
    "1 created dogs 4/5",
    "1 created paper 5/5",
    "2 created hounds 1/1",
    "3 amended dogs 1/1",
    "4 merged hounds 1/1",
    "5 withdrawn beta 1/1",
    "6 created cats 1/2",
    "6 created drones 2/2",
]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 50])
def test_each_is_told_once_and_in_order(log: httpx.Client, limit: int) -> None:
    entries, bookmark = walk(log, f"limit={limit}")
    assert told(entries) == EVERYTHING
    newest = log.get("/v1/revisions/6").json()["data"]["digest"]
    assert bookmark == f"6.{newest[:8]}"
    later = log.get(f"/v1/changes?after={bookmark}").json()
    assert (later["data"], later["meta"]["bookmark"], later["links"]["next"]) == ([], bookmark, None)


@pytest.mark.parametrize("place", range(len(EVERYTHING)))
def test_whoever_has_an_entry_goes_on_behind_it(log: httpx.Client, place: int) -> None:
    entries, _ = walk(log)
    rest, _ = walk(log, f"limit=2&after={entries[place]['id']}")
    assert told(rest) == EVERYTHING[place + 1 :]


def test_an_entry_says_what_was_done(log: httpx.Client) -> None:
    entries, _ = walk(log, "after=2")
    amended, merged, gone = entries[:3]
    assert amended["fields"] == ["participants"]
    assert amended["diff"] == "/v1/joint-units/dogs/diff?from=2&to=3"
    assert log.get(amended["diff"]).status_code == 200
    assert (amended["actor"], amended["reason"]) == ("tests", "Beta left <& went>")
    assert merged["merged_into"]["id"] == "dogs"
    assert (gone["sha256_after"], gone["fields"], gone["merged_into"], gone["diff"]) == (None, [], None, None)


def test_the_digests_are_those_of_the_documents(log: httpx.Client, module_url: str) -> None:
    """Of which the digest of their revision is made: so who follows can prove that nothing was left out."""
    entries, _ = walk(log)
    engine = connect(module_url)
    with reading(engine) as connection:
        versions = connection.execute(select(Version.recorded_from, Version.record_id, Version.document)).all()
    engine.dispose()
    documents = {(number, slug): document for number, slug, document in versions}
    for one in entries:
        document = documents.get((one["revision"], one["record"]["id"]))
        assert one["sha256_after"] == (sha256(document.encode()).hexdigest() if document else None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=joint-unit", [4, 6, 7, 8, 10, 11]),
        ("type=source,force", [1, 2, 3, 5, 9]),
        ("record=joint-unit:hounds", [6, 8]),
        ("record=dogs,beta", [2, 4, 7, 9]),
        ("force=beta", [2, 4, 6, 7, 8, 9]),
        ("force=gamma", [3, 7, 10, 11]),
        ("force=beta&type=joint-unit&record=hounds", [6, 8]),
    ],
)
@pytest.mark.parametrize("limit", [1, 50])
def test_filters_let_through_what_they_name(log: httpx.Client, query: str, expected: list[int], limit: int) -> None:
    entries, bookmark = walk(log, f"{query}&limit={limit}")
    assert told(entries) == [EVERYTHING[place - 1] for place in expected]
    assert bookmark.startswith("6.")


def test_the_bookmark_moves_on_though_nothing_matches(log: httpx.Client) -> None:
    page = log.get("/v1/changes?type=decision&after=1").json()
    assert page["data"] == []
    assert page["meta"]["bookmark"].startswith("6.")


def test_what_was_known_then(log: httpx.Client) -> None:
    entries, bookmark = walk(log, "known_at=2&limit=4")
    assert told(entries) == EVERYTHING[:6]
    assert bookmark.startswith("2.")
    assert problem(log.get("/v1/changes?known_at=2&after=3")) == (422, "invalid-parameter", ["query/after"])


@pytest.mark.parametrize("after", ["7", "1050.ab12cd34", "6.00000000", "2.00000000.1"])
@pytest.mark.parametrize("path", ["/v1/changes", "/v1/changes?format=atom", "/v1/changes/events"])
def test_another_history_is_never_an_empty_answer(log: httpx.Client, path: str, after: str) -> None:
    answer = log.get(path, params={**httpx.URL(path).params, "after": after})
    assert problem(answer) == (410, "history-forked", ["query/after"])
    assert answer.json()["newest"].startswith("6.")
    assert "try again" in answer.json()["detail"]


@pytest.mark.parametrize("after", ["-1", "1.", "1.ab", "1.AB12CD34", "1.ab12cd34.0", "1,2", "now", "0.ab12cd34"])
def test_what_is_no_cursor_is_refused(log: httpx.Client, after: str) -> None:
    assert problem(log.get("/v1/changes", params={"after": after})) == (422, "invalid-parameter", ["query/after"])


@pytest.mark.parametrize("query", ["type=unit", "force=delta", "record=joint-unit:alpha", "subject=x", "limit=0"])
def test_unknown_values_are_refused(log: httpx.Client, query: str) -> None:
    assert log.get(f"/v1/changes?{query}").status_code == 422


def test_an_empty_register_has_a_bookmark_too(database_url: str) -> None:
    with serving(database_url) as client:
        page = client.get("/v1/changes").json()
        assert (page["data"], page["meta"]["bookmark"]) == ([], "0")
        assert client.get("/v1/changes?after=0").status_code == 200
        assert client.get("/v1/changes?format=atom").status_code == 200
        assert client.get("/v1/changes?after=1").status_code == 410


def test_json_feed(log: httpx.Client) -> None:
    answer = log.get("/v1/changes?limit=3", headers={"Accept": "application/feed+json"})
    assert answer.headers["content-type"] == "application/feed+json"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert told([item["_registry"] for item in feed["items"]]) == EVERYTHING[:-4:-1]
    assert feed["items"][0]["title"] == "Drones is new"
    assert feed["items"][0]["url"] == f"{log.base_url}/v1/joint-units/drones".replace("//v1", "/v1")
    oldest = log.get("/v1/changes?format=feed&limit=3&after=0").json()
    assert told([item["_registry"] for item in oldest["items"]]) == EVERYTHING[:3]
    assert told([item["_registry"] for item in log.get(oldest["next_url"]).json()["items"]]) == EVERYTHING[3:6]


def test_atom(log: httpx.Client) -> None:
    answer = log.get("/v1/changes?format=atom&after=2")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ElementTree.fromstring(answer.content)
    for name in ("id", "title", "updated"):
        assert feed.findtext(ATOM + name)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Dogs was amended", "Cats is new", "Drones is new"]
    summary = next(feed.iter(f"{ATOM}entry")).findtext(f"{ATOM}summary")
    assert summary == "Beta left <& went> (revision 3: participants)"
    deleted = list(feed.iter(f"{DELETED}deleted-entry"))
    assert [one.attrib["ref"].rpartition("/v1/")[2] for one in deleted] == ["joint-units/hounds", "forces/beta"]
    assert all(one.attrib["when"] and one.findtext(f"{DELETED}comment") for one in deleted)


@pytest.mark.parametrize("form", ["csv", "ndjson", "xlsx"])
def test_tables(log: httpx.Client, form: str) -> None:
    answer = log.get(f"/v1/changes?format={form}&limit=4")
    assert answer.status_code == 200
    assert "next" in answer.links
    if form != "xlsx":
        assert len(answer.text.splitlines()) == 4 + (form == "csv")


def test_a_poll_without_news_is_a_304(log: httpx.Client) -> None:
    first = log.get("/v1/changes?after=6")
    again = log.get("/v1/changes?after=6", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_both_databases_tell_the_same(log: httpx.Client, answers: Any) -> None:
    entries, _ = walk(log)
    steady = [{**one, "id": "", "recorded": ""} for one in entries]
    assert answers.first("changes", steady) == steady

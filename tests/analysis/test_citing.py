"""What rests on a source."""

from typing import Any

import httpx
import pytest

from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

PATH = "/v1/sources/paper/citations"


def test_every_answer_is_as_described(client: httpx.Client, openapi: dict[str, Any]) -> None:
    for query in ("", "?as_of=2012-01-01", "?known_at=1&limit=3"):
        answer = client.get(f"/v1/sources/bedford-today-joint-working/citations{query}").json()
        assert answer["meta"]["total"] >= len(answer["data"]) > 0
        conforms(openapi, "/v1/sources/{id}/citations", answer)
        assert all(("presence" in item) == ("as_of" in query) for item in answer["data"])


def test_every_citation_is_the_one_that_the_record_has(client: httpx.Client) -> None:
    """Asked of every record, the same citations come out."""
    source = "cambs-pcc-release-2015-06"
    expected = set()
    for collection in client.get("/openapi.json").json()["tags"]:
        answer = client.get(f"/v1/{collection['name']}?source={source}&limit=200&fields=id,type,citations")
        for record in answer.json().get("data", []):
            for place, citation in enumerate(record["citations"]):
                if citation["source"]["id"] == source:
                    expected.add((record["type"], record["id"], f"/citations/{place}", *citation["about"]))
    found = client.get(f"/v1/sources/{source}/citations?limit=200").json()["data"]
    assert {
        (each["record"]["type"], each["record"]["id"], each["citation"], *each["about"]) for each in found
    } == expected
    assert len(found) == len(expected) > 5


@pytest.fixture
def url(database_url: str) -> str:
    about = [{"source": "paper", "about": ["/started"], "value": "2009", "note": "A misprint?"}]
    ended = unit("cats", "alpha", "beta", started="2005", ended="2006")
    save(database_url, SOURCE, force("alpha"), force("beta"))
    dogs = unit("dogs", "alpha", "beta", started="2011")
    save(database_url, ended, dogs | {"citations": [{"source": "paper", "locator": "paragraph 3"}, *about]})
    return database_url


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["alpha/0", "beta/0", "cats/0", "dogs/0", "dogs/1"]),
        ("?known_at=1", ["alpha/0", "beta/0"]),
        ("?as_of=2013", ["alpha/0", "beta/0", "dogs/0", "dogs/1"]),
    ],
)
def test_both_clocks_and_pages(url: str, query: str, expected: list[str]) -> None:
    with serving(url) as client:
        whole = client.get(PATH + query).json()
        assert [f"{each['record']['id']}{each['citation'][10:]}" for each in whole["data"]] == expected
        assert whole["meta"]["total"] == len(expected)
        walked, following = [], f"{PATH}{query}{'&' if query else '?'}limit=2"
        while following:
            page = client.get(following).json()
            walked += page["data"]
            following = page["links"]["next"]
        assert walked == whole["data"]


def test_what_the_source_says_and_where(url: str) -> None:
    with serving(url) as client:
        *_, borne_out, disputed = client.get(PATH).json()["data"]
        assert (borne_out["locator"], borne_out["about"], borne_out["value"]) == ("paragraph 3", [], None)
        assert (disputed["about"], disputed["value"], disputed["note"]) == (["/started"], "2009", "A misprint?")
    withdraw(url, "joint-unit:dogs")
    with serving(url) as client:
        assert "dogs" not in [each["record"]["id"] for each in client.get(PATH).json()["data"]]
        assert client.get("/v1/sources/nothing/citations").status_code == 404

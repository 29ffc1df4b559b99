"""Where sources disagree, side by side."""

from typing import Any

import httpx
import pytest

from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, force, save, serving, unit

Document = dict[str, Any]


def ask(client: httpx.Client, query: str = "") -> list[Document]:
    answer = client.get(f"/v1/conflicts?limit=200&{query}")
    assert answer.status_code == 200, answer.text
    data: list[Document] = answer.json()["data"]
    return data


def where(conflicts: list[Document]) -> list[tuple[str, str]]:
    return [(item["subject"]["id"], item["field"]) for item in conflicts]


def test_every_answer_is_as_described(client: httpx.Client) -> None:
    openapi = client.get("/openapi.json").json()
    for query in ("", "?as_of=2012-01-01", "?known_at=1&limit=3"):
        answer = client.get(f"/v1/conflicts{query}").json()
        assert answer["data"]
        conforms(openapi, "/v1/conflicts", answer)
        assert all(("presence" in item) == ("as_of" in query) for item in answer["data"])


def test_everything_that_the_sources_disagree_on(client: httpx.Client) -> None:
    assert where(ask(client)) == [
        ("bch-strategic-alliance", "/started"),
        ("bch-criminal-justice", "/name"),
        ("bch-custody", "/name"),
        ("bch-funding-gap-56-6m", "/kind"),
        ("bch-funding-gap-56-6m", "/standing"),
        ("bch-victims-witnesses-case-files", "/subject"),
        ("professional-standards", "/broader"),
        ("bh-major-crime-unit", "/started"),
    ]


def test_both_sides_of_a_disagreement(client: httpx.Client) -> None:
    """Competency question 25: what one source calls savings, another calls a shortfall."""
    kind, standing = ask(client, "subject=bch-funding-gap-56-6m")
    assert kind["recorded"] == "funding_gap"
    assert [source["source"]["id"] for source in kind["recorded_sources"]] == ["cambs-pcc-release-2015-06"]
    assert [(said["value"], said["source"]["id"], said["locator"]) for said in kind["competing"]] == [
        ("saving", "bedford-today-joint-working", "paragraph 5")
    ]
    assert standing["competing"][0]["note"]


def test_filters(client: httpx.Client) -> None:
    assert where(ask(client, "type=joint-unit,alliance")) == [
        *(("bch-strategic-alliance", "/started"), ("bh-major-crime-unit", "/started")),
    ]
    assert where(ask(client, "source=police-life-2011-03-30")) == [("professional-standards", "/broader")]
    assert where(ask(client, "force=cambridgeshire&type=joint-unit")) == []
    assert where(ask(client, "force=bedfordshire&type=joint-unit")) == [("bh-major-crime-unit", "/started")]
    assert where(ask(client, "as_of=2007-06&type=joint-unit,alliance")) == []


@pytest.mark.parametrize("query", ["type=units", "subject=nothing", "source=paper", "force=alpha", "field=/started"])
def test_what_is_not_known_is_refused(client: httpx.Client, query: str) -> None:
    refused = client.get(f"/v1/conflicts?{query}")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["location"] == f"query/{query.partition('=')[0]}"


def test_values_of_every_form(database_url: str) -> None:
    """Two sources against one field, a part, nothing recorded, the whole record, and a value that is false."""
    other = {"type": "source", "id": "other", "name": "Another paper"}
    citations = [
        {"source": "paper"},
        {"source": "other", "about": ["/participants/1/started"], "value": "2012"},
        {"source": "paper", "about": ["/started", "/location"], "value": {"edtf": "2010"}, "note": "A misprint?"},
        {"source": "other", "about": ["/started"], "value": "2009"},
        {"source": "other", "value": False},
    ]
    parts = [{"organisation": "force:alpha"}, {"organisation": "force:beta", "started": "2011"}]
    before = unit("dogs", "alpha", "beta", started="2011", identifiers=[{"scheme": "own", "value": "7"}])
    save(database_url, SOURCE, other, force("alpha"), force("beta"), before)
    save(database_url, {**before, "participants": parts, "citations": citations})
    with serving(database_url) as client:
        assert ask(client, "known_at=1") == []
        found = {item["field"]: item for item in ask(client)}
        assert list(found) == ["", "/location", "/participants/1/started", "/started"]
        said = found["/started"]["competing"]
        assert [one["value"]["edtf"] for one in said] == ["2010", "2009"]
        assert (said[1]["value"]["earliest"], said[1]["value"]["latest"]) == ("2009-01-01", "2009-12-31")
        assert found["/started"]["recorded"]["edtf"] == "2011"
        assert found["/started"]["recorded_sources"] == []
        # the paper says nothing of that part, and so bears out the record
        part = found["/participants/1/started"]
        assert [source["source"]["id"] for source in part["recorded_sources"]] == ["paper"]
        assert part["competing"][0]["value"]["edtf"] == "2012"
        assert found["/participants/1/started"]["recorded"]["edtf"] == "2011"
        assert found["/location"]["recorded"] is None
        assert found[""]["competing"][0]["value"] is False


@pytest.mark.parametrize("subject", ["emsou", "emopss", ""])
def test_no_source_stands_for_what_it_contradicts(national_url: str, subject: str) -> None:
    """A list of documents is cited for all of a record, and one of them for another day of its start."""
    with serving(national_url) as client:
        found = ask(client, f"subject={subject}" if subject else "")
    assert found
    for conflict in found:
        against = {said["source"]["id"] for said in conflict["competing"]}
        assert against.isdisjoint(each["source"]["id"] for each in conflict["recorded_sources"]), conflict["subject"]
    if subject == "emsou":
        (started,) = found
        own_site, briefing, dataset = started["recorded_sources"]
        assert (own_site["source"]["id"], own_site["basis"], own_site["among"]) == (
            "emsou-police-uk-about",
            "one_of",
            3,
        )
        assert briefing["source"]["id"].startswith("pdfslide-net-documents-brie-policing-and-crime-commissioners")
        assert (dataset["source"]["id"], dataset["basis"], dataset["among"]) == ("national-facts", "stated", None)
        assert {said["value"]["latest"] for said in started["competing"]} == {"2002-12-31"}

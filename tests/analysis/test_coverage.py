"""Coverage: what is recorded and what is missing, against the lists, and against what sources count."""

from collections import Counter

import httpx
import pytest

from app.catalogue import CATALOGUE
from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit


def ask(client: httpx.Client, url: str) -> list[Document]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    found: list[Document] = answer.json()["data"]
    return found


def total(client: httpx.Client, query: str) -> int:
    return int(client.get(f"/v1/{query}&limit=1").json()["meta"]["total"])


def count(row: Document) -> int:
    return int(row["certain"] + row["presumed"] + row["possible"])


def test_every_answer_is_as_described(client: httpx.Client) -> None:
    openapi = client.get("/openapi.json").json()
    for path in ("/v1/coverage", "/v1/coverage/forces", "/v1/coverage/counted-units"):
        for query in ("", "?as_of=2012-01", "?known_at=1"):
            answer = client.get(path + query).json()
            assert answer["data"]
            conforms(openapi, path, answer)


@pytest.mark.parametrize("when", ["", "as_of=2012-01-01", "as_of=2008", "as_of=2030"])
def test_collections_have_as_many_records_as_their_lists(client: httpx.Client, when: str) -> None:
    rows = ask(client, f"/v1/coverage?{when}")
    assert [row["type"] for row in rows] == list(CATALOGUE.by_type)
    for row in rows:
        listed = client.get(f"/v1/{CATALOGUE.by_type[row['type']].path}?limit=200&{when}").json()
        assert count(row["records"]) == listed["meta"]["total"], row["type"]
        citations = [citation for record in listed["data"] for citation in record["citations"]]
        competing = [citation for citation in citations if citation["value"] is not None]
        assert row["competing"] == len(competing)
        assert row["stated"] + row["inferred"] + row["competing"] == len(citations)
        assert row["sources"] == len({citation["source"]["id"] for citation in citations})
        lacking = Counter(name for record in listed["data"] for name in record["not_recorded"])
        assert [item["records"] for item in row["missing"]] == [lacking[item["field"]] for item in row["missing"]]
        assert {item["of"] for item in row["missing"]} <= {listed["meta"]["total"]}


@pytest.mark.parametrize("when", ["", "&as_of=2012-01-01", "&as_of=2009-06"])
@pytest.mark.parametrize("name", ["bedfordshire", "cambridgeshire", "hertfordshire"])
def test_forces_have_as_many_units_and_alliances_as_the_lists(client: httpx.Client, name: str, when: str) -> None:
    (row,) = ask(client, f"/v1/coverage/forces?force={name}{when}")
    assert row["force"]["id"] == name
    assert count(row["joint_units"]) == total(client, f"joint-units?force={name}{when}")
    assert count(row["alliances"]) == total(client, f"alliances?force={name}{when}")
    if when:
        statistics = ask(client, f"/v1/statistics/joint-units?group_by=force{when}")
        counted = {entry["group"]["force"]["id"]: entry["count"] for entry in statistics}
        assert row["joint_units"] == counted.get(name, {"certain": 0, "presumed": 0, "possible": 0})


def test_the_newest_evidence_is_that_of_the_sources(client: httpx.Client) -> None:
    (row,) = [row for row in ask(client, "/v1/coverage") if row["type"] == "joint-unit"]
    units = client.get("/v1/joint-units?limit=200").json()["data"]
    cited = {citation["source"]["id"] for record in units for citation in record["citations"]}
    sources = client.get("/v1/sources?limit=200").json()["data"]
    dates = [source["published"] for source in sources if source["id"] in cited and source["published"]]
    dates += [day for record in units for day in record["observed"]]
    assert row["newest_evidence"]["earliest"] == max(date["earliest"] or "" for date in dates)


def test_thirteen_units_are_counted_and_nine_named(client: httpx.Client) -> None:
    (row,) = ask(client, "/v1/coverage/counted-units")
    assert (row["claim"]["id"], row["amount"], row["unnamed"]) == ("bh-thirteen-joint-units", "13", "4")
    assert len(row["named"]) == 9
    assert row["possible"] == []
    assert ("three-force-release-2011-06-02", "paragraph 7") in [
        (source["source"]["id"], source["locator"]) for source in row["sources"]
    ]
    assert ask(client, "/v1/coverage/counted-units?force=cambridgeshire&as_of=2009") == []


def test_a_unit_without_a_start_can_be_meant_and_a_force_of_nothing_is_shown(database_url: str) -> None:
    alliance = {
        "type": "alliance",
        "id": "programme",
        "name": "Programme",
        "participants": [{"organisation": "force:alpha"}, {"organisation": "force:beta"}],
        "citations": [{"source": "paper"}],
    }
    claim = {
        "type": "claim",
        "id": "two-units",
        "kind": "count",
        "subject": "alliance:programme",
        "text": "Two joint units.",
        "amount": {"value": "2"},
        "claimed": "2012",
        "citations": [{"source": "paper"}],
    }
    units = [
        unit("dogs", "alpha", "beta", alliance="programme", started="2011"),
        unit("horses", "alpha", "beta", alliance="programme"),
        unit("boats", "alpha", "beta", alliance="programme", started="2013", observed=["2014", "2016-03"]),
    ]
    save(database_url, SOURCE, force("alpha"), force("beta"), force("gamma"), alliance, claim, *units)
    with serving(database_url) as client:
        (row,) = ask(client, "/v1/coverage/counted-units")
        assert [item["id"] for item in row["named"]] == ["dogs"]
        assert [item["id"] for item in row["possible"]] == ["horses"]
        assert row["unnamed"] == "1"
        rows = {row["force"]["id"]: row for row in ask(client, "/v1/coverage/forces")}
        assert count(rows["alpha"]["joint_units"]) == 3
        assert count(rows["gamma"]["joint_units"]) == 0
        assert rows["alpha"]["newest_evidence"]["edtf"] == "2016-03"
        assert rows["gamma"]["newest_evidence"]["edtf"] == "2012-06-01"
        assert {"type": "joint-unit", "field": "started", "records": 1, "of": 3} in rows["alpha"]["missing"]
        assert {item["type"] for item in rows["gamma"]["missing"]} == {"force"}


def test_the_years_of_newest_evidence_count_every_record(everything: httpx.Client) -> None:
    years = everything.get("/v1/coverage/years").json()["data"]
    shown = [row["year"] for row in years if row["year"]]
    assert shown == sorted(shown, reverse=True)
    for path in ("alliances", "joint_units", "agreements"):
        total = everything.get(f"/v1/{path.replace('_', '-')}?limit=1").json()["meta"]["total"]
        assert sum(row[path] for row in years) == total
    assert next(row for row in years if row["year"] == "2026")["joint_units"] > 0


def test_a_function_has_the_newest_evidence_of_its_units(everything: httpx.Client) -> None:
    rows = {
        row["function"]["id"]: row
        for row in everything.get("/v1/coverage/functions").json()["data"]
        if row["function"] is not None
    }
    marine = rows["underwater-search"]
    assert marine["newest_evidence"]["edtf"] == "2024-11-28"
    named = everything.get("/v1/joint-units?function=underwater-search&limit=200").json()["data"]
    assert sum(marine["joint_units"].values()) == len(named)

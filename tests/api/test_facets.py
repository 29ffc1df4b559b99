"""Facets: the counts of a list by the values of its records, as the list itself gives them."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.registry_in_use import SOURCE, Document, force, save, serving, unit

LEVELS = ("certain", "presumed", "possible")


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[httpx.Client]:
    with serving(national_url) as client:
        yield client


def total(client: httpx.Client, path: str, **query: str) -> int:
    found: int = client.get(path, params={"limit": "1", **query}).json()["meta"]["total"]
    return found


def facet(client: httpx.Client, path: str, name: str, **query: str) -> list[Document]:
    meta = client.get(path, params={"limit": "1", "facets": name, **query}).json()["meta"]
    found: list[Document] = meta["facets"][name]
    return found


def value_of(entry: Document, name: str) -> str:
    value = entry[name]
    return f"{value['type']}:{value['id']}" if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("path", "name", "query"),
    [
        ("joint-units", "force", {}),
        ("joint-units", "kind", {"force": "norfolk"}),
        ("joint-units", "function", {}),
        ("joint-units", "lifecycle", {"force": "all:norfolk,suffolk"}),
        ("joint-units", "alliance", {"kind": "unit"}),
        ("alliances", "participant", {}),
        ("agreements", "party", {}),
        ("agreements", "covers", {"kind": "collaboration"}),
        ("appointments", "status", {}),
        ("governance-bodies", "force", {"kind": "police_and_crime_commissioner"}),
        ("claims", "standing", {}),
        ("forces", "region", {}),
    ],
)
@pytest.mark.parametrize("as_of", ["2013-08-01", "2017"])
def test_a_count_is_the_total_of_the_list_with_that_filter(
    national: httpx.Client, path: str, name: str, query: dict[str, str], as_of: str
) -> None:
    asked = {**query, "as_of": as_of}
    found = facet(national, f"/v1/{path}", name, **asked)
    assert found
    for entry in [*found[:6], *found[-2:]]:
        chosen = {**asked, name: value_of(entry, name)}
        at_least = [total(national, f"/v1/{path}", **chosen, certainty=level) for level in LEVELS]
        counts = entry["count"]
        assert list(counts) == list(LEVELS)
        assert at_least == [sum(list(counts.values())[: place + 1]) for place in range(3)], entry


@pytest.mark.parametrize("name", ["kind", "force", "function"])
def test_without_a_day_facets_are_what_statistics_count(national: httpx.Client, name: str) -> None:
    counted = national.get(f"/v1/statistics/joint-units?group_by={name}").json()["data"]
    by_value = {value_of(row["group"], name): row["count"] for row in counted if row["group"][name]}
    found = {value_of(entry, name): entry["count"] for entry in facet(national, "/v1/joint-units", name)}
    # a record of a narrower function is found by the wider one too
    for value, count in by_value.items():
        assert sum(found[value].values()) >= sum(count.values())
        assert name == "function" or found[value] == count


@pytest.mark.parametrize("days", [{}, {"as_of": "2013"}])
def test_each_record_has_one_kind(national: httpx.Client, days: dict[str, str]) -> None:
    found = facet(national, "/v1/joint-units", "kind", **days)
    sizes = [sum(entry["count"].values()) for entry in found]
    assert sizes == sorted(sizes, reverse=True)
    everything = national.get("/v1/joint-units", params={"format": "ndjson", **days}).text.splitlines()
    assert sum(sizes) == sum(1 for line in everything if json.loads(line)["kind"])


def test_only_what_the_list_includes_is_counted(national: httpx.Client) -> None:
    found = facet(national, "/v1/joint-units", "force", as_of="2013", certainty="presumed")
    assert found
    assert {entry["count"]["possible"] for entry in found} == {0}


def test_a_record_is_counted_once_and_under_each_of_its_values(database_url: str) -> None:
    functions: list[Document] = [
        {"type": "function", "id": "operations", "name": "Operations", "scheme": "s"},
        {"type": "function", "id": "dogs", "name": "Dogs", "scheme": "s", "broader": "operations"},
    ]
    for function in functions:
        function["citations"] = [{"source": "paper"}]
    rejoined = unit("b", started="2010", functions=["dogs", "operations"], kind="unit")
    rejoined["participants"] = [
        {"organisation": "force:alpha", "started": "2010"},
        {"organisation": "force:beta", "started": "2010", "ended": "2011"},
        {"organisation": "force:beta", "started": "2013"},
    ]
    undated = unit("a", "alpha", started="2010")
    save(database_url, SOURCE, force("alpha"), force("beta"), *functions, rejoined, undated)
    with serving(database_url) as client:
        meta = client.get("/v1/joint-units?facets=force,function,kind&limit=1").json()["meta"]
        dated = client.get("/v1/joint-units?facets=force&as_of=2012-06").json()["meta"]
        walked = client.get(client.get("/v1/joint-units?facets=kind&limit=1").json()["links"]["next"]).json()["meta"]
    once = {"certain": 1, "presumed": 0, "possible": 0}
    assert [(entry["force"]["id"], entry["count"]) for entry in meta["facets"]["force"]] == [
        ("alpha", {"certain": 1, "presumed": 0, "possible": 1}),
        ("beta", once),
    ]
    assert meta["facets"]["force"][0]["force"]["url"] == "/v1/forces/alpha"
    assert {entry["function"]["id"]: entry["count"] for entry in meta["facets"]["function"]} == {
        "dogs": once,
        "operations": once,
    }
    assert meta["facets"]["kind"] == walked["facets"]["kind"] == [{"kind": "unit", "count": once}]
    assert [entry["force"]["id"] for entry in dated["facets"]["force"]] == ["alpha"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("facets=knd", "did you mean 'kind'?"),
        ("facets=name", "not known here"),
        ("facets=", "empty"),
        ("facets=kind&format=csv", "JSON alone"),
        ("facets=kind&format=xlsx", "JSON alone"),
    ],
)
def test_what_cannot_be_counted_is_refused(client: httpx.Client, query: str, message: str) -> None:
    answer = client.get(f"/v1/joint-units?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == "query/facets"
    assert message in answer.json()["errors"][0]["message"]


def test_facets_are_there_only_where_they_are_asked_for(client: httpx.Client) -> None:
    assert "facets" not in client.get("/v1/joint-units").json()["meta"]
    assert facet(client, "/v1/organisations", "country") == []

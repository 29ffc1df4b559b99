"""Filters, sorting, pages and cursors."""

from typing import Any

import httpx
import pytest

from app.database import migrate
from tests.databases import Databases
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit


def ids(client: httpx.Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["data"]]


@pytest.fixture(scope="module")
def kennels(module_url: str) -> Any:
    """Units with awkward dates and names."""
    functions: list[Document] = [
        {"type": "function", "id": "operations", "name": "Operations", "scheme": "s"},
        {"type": "function", "id": "dogs", "name": "Dogs", "scheme": "s", "broader": "operations"},
    ]
    for function in functions:
        function["citations"] = [{"source": "paper"}]
    rejoining: Document = unit("d-rejoined", "alpha", functions=["dogs"], started="2010", location="Ärztehaus") | {
        "participants": [
            {"organisation": "force:alpha"},
            {"organisation": "force:gamma", "started": "2010", "ended": "2011"},
            {"organisation": "force:gamma", "started": "2013", "role": "lead"},
        ]
    }
    save(
        module_url,
        *(SOURCE, force("alpha"), force("beta"), force("gamma"), *functions, rejoining),
        unit("a-first", "alpha", "beta", started="2009-04", kind="unit", functions=["operations"]),
        unit(
            "b-second",
            "alpha",
            "beta",
            "gamma",
            started="2009",
            ended="2012-01-01",
            kind="department",
            location="a barn",
        ),
        unit("c-undated", "beta", "gamma", name="100% Ärzte_Unit", other_names=[{"name": "Old Name"}]),
        unit("e-late", "alpha", "gamma", started="[2009-04..]", ended="unknown", location='A "barn"'),
    )
    with serving(module_url) as client:
        yield client


def test_filters(kennels: httpx.Client) -> None:
    cases = {
        "force=gamma": ["b-second", "c-undated", "d-rejoined", "e-late"],
        "force=alpha,gamma": ["a-first", "b-second", "c-undated", "d-rejoined", "e-late"],
        "force=alpha&force=gamma&kind=department": ["b-second"],
        "force=all:alpha,gamma": ["b-second", "d-rejoined", "e-late"],
        "force=force:beta&kind=unit,department": ["a-first", "b-second"],
        "force=gamma&as_of=2012-06": ["c-undated", "e-late"],
        "force=gamma&as_of=2010-12-31&certainty=certain": [],
        "kind=department&as_of=2010-06&certainty=certain": ["b-second"],
        "force=gamma&as_of=2010-12-31&certainty=possible": ["b-second", "c-undated", "d-rejoined", "e-late"],
        "kind=unit&as_of=2009-04-29&certainty=presumed": [],
        "kind=unit&as_of=2009-04-29&certainty=possible": ["a-first"],
        "kind=unit&as_of=2009-04-30&certainty=presumed": ["a-first"],
        "kind=unit&as_of=2009-04-30&certainty=certain": [],
        "kind=department&as_of=2011-12-31": ["b-second"],
        "kind=department&as_of=2012-01-01": [],
        "function=dogs": ["d-rejoined"],
        "force=gamma&function=dogs": ["d-rejoined"],
        "force=all:alpha,gamma&function=dogs&as_of=2010-06": ["d-rejoined"],
        "force=alpha&function=operations&source=paper&lifecycle=active&name=unit": [],
        "force=alpha&kind=unit&started_from=2009": ["a-first"],
        "function=operations": ["a-first", "d-rejoined"],
        "name=100%25": ["c-undated"],
        "name=_unit": ["c-undated"],
        "name=%C3%A4RZTE": ["c-undated"],
        "name=old%20name,second": ["b-second", "c-undated"],
        "started_from=2009-05": ["b-second", "d-rejoined", "e-late"],
        "started_to=2009-03-31": ["b-second"],
        "ended_from=2012&ended_to=2012": ["b-second", "e-late"],
        "lifecycle=ended": ["b-second", "e-late"],
        "lifecycle=active": ["a-first", "d-rejoined"],
        "id=e-late,a-first": ["a-first", "e-late"],
        "source=paper&kind=unit": ["a-first"],
    }
    for query, expected in cases.items():
        answer = kennels.get(f"/v1/joint-units?{query}").json()
        assert [item["id"] for item in answer["data"]] == expected, query
        assert answer["meta"]["total"] == len(expected), query


def test_a_list_is_sorted_by_any_field_of_one_value(kennels: httpx.Client) -> None:
    def in_order(query: str, name: str) -> list[Any]:
        return [item[name] for item in kennels.get(f"/v1/joint-units?{query}").json()["data"]]

    assert in_order("sort=lifecycle", "lifecycle") == ["active", "active", "ended", "ended", None]
    assert in_order("sort=-lifecycle", "lifecycle") == ["ended", "ended", "active", "active", None]
    for days in ("as_of=2010-06", "as_of=2012", "as_of=2012&presumed_for=P1Y"):
        unsorted, found = (in_order(query, "lifecycle") for query in (days, f"sort=lifecycle,-id&{days}"))
        assert found == sorted(unsorted, key=lambda value: (value is None, value or "")), days
    assert ids(kennels, "/v1/joint-units?sort=location") == [
        *("e-late", "b-second", "d-rejoined", "a-first", "c-undated")
    ]
    assert ids(kennels, "/v1/joint-units?sort=-location,-id") == [
        *("d-rejoined", "b-second", "e-late", "c-undated", "a-first")
    ]
    refused = kennels.get("/v1/joint-units?sort=participants").json()
    assert refused["errors"][0]["location"] == "query/sort"


def test_sorting(kennels: httpx.Client) -> None:
    assert ids(kennels, "/v1/joint-units?sort=started") == [
        *("b-second", "a-first", "e-late", "d-rejoined", "c-undated")
    ]
    assert ids(kennels, "/v1/joint-units?sort=-started") == [
        *("d-rejoined", "e-late", "a-first", "b-second", "c-undated")
    ]
    assert ids(kennels, "/v1/joint-units?sort=kind,-id") == [
        *("b-second", "a-first", "e-late", "d-rejoined", "c-undated")
    ]
    assert ids(kennels, "/v1/joint-units?sort=name") == ["c-undated", "a-first", "b-second", "d-rejoined", "e-late"]


@pytest.mark.parametrize("sort", ["revision", "-revision", "-revision,end_reason", "note", "-note", "-end_reason"])
def test_ties_go_by_id(kennels: httpx.Client, sort: str) -> None:
    assert ids(kennels, f"/v1/joint-units?sort={sort}") == ["a-first", "b-second", "c-undated", "d-rejoined", "e-late"]


def test_words_are_read_backwards_too(kennels: httpx.Client) -> None:
    found = ids(kennels, "/v1/joint-units?sort=-kind")
    assert found == ["a-first", "b-second", "c-undated", "d-rejoined", "e-late"]


def test_a_total_is_left_out_on_request(kennels: httpx.Client) -> None:
    first = kennels.get("/v1/joint-units?total=false&limit=3").json()
    assert "total" not in first["meta"]
    assert len(first["data"]) == 3
    following = kennels.get(first["links"]["next"]).json()
    assert ("total" not in following["meta"], len(following["data"])) == (True, 2)
    assert kennels.get("/v1/joint-units?total=true").json()["meta"]["total"] == 5
    refused = kennels.get("/v1/joint-units?total=perhaps")
    assert (refused.status_code, refused.json()["errors"][0]["location"]) == (422, "query/total")


@pytest.mark.parametrize(
    "sort",
    [
        "",
        "-started,name",
        "kind",
        "-name",
        "ended",
        "-revision,-kind,id",
        "lifecycle,-location",
        "-last_evidence",
        "note",
        "-id",
    ],
)
@pytest.mark.parametrize("query", ["", "&as_of=2010", "&force=gamma,alpha"])
def test_pages_together_are_the_list(kennels: httpx.Client, sort: str, query: str) -> None:
    question = f"/v1/joint-units?limit=200{query}" + (f"&sort={sort}" if sort else "")
    whole, walked = ids(kennels, question), []
    url: str | None = question.replace("limit=200", "limit=2")
    while url:
        answer = kennels.get(url).json()
        walked += [item["id"] for item in answer["data"]]
        assert answer["meta"]["total"] == len(whole)
        url = answer["links"]["next"]
    assert walked == whole


def test_a_walk_is_not_disturbed_by_writes(database_url: str) -> None:
    save(database_url, SOURCE, *(force(f"f{number}") for number in range(5)))
    with serving(database_url) as client:
        first = client.get("/v1/forces?limit=2").json()
        save(database_url, force("f00"), force("f4", name="Renamed"))
        second = client.get(first["links"]["next"] + "&limit=10").json()
        assert [item["id"] for item in second["data"]] == ["f2", "f3", "f4"]
        assert second["data"][-1]["name"] == "F4"
        assert second["meta"]["known_at"]["revision"] == 1
        assert client.get("/v1/forces").json()["meta"]["total"] == 6


def test_cursors_are_taken_from_this_list_of_this_database_only(kennels: httpx.Client, databases: Databases) -> None:
    following = kennels.get("/v1/joint-units?limit=1&sort=name").json()["links"]["next"]
    path, _, text = following.partition("?cursor=")
    assert kennels.get(following).status_code == 200
    for place in range(0, len(text), 7):
        other = "A" if text[place] != "A" else "B"
        tampered = kennels.get(f"{path}?cursor={text[:place]}{other}{text[place + 1 :]}")
        assert (tampered.status_code, tampered.json()["type"]) == (422, "/problems/invalid-cursor")
    for wrong in (text[:-1], text + "A", text + "=", "%20", "x", f"{text}%0A"):
        assert kennels.get(f"{path}?cursor={wrong}").status_code == 422
    assert kennels.get(f"/v1/forces?cursor={text}").json()["type"] == "/problems/invalid-cursor"
    refused = kennels.get(f"{following}&sort=id").json()
    assert refused["errors"][0]["location"] == "query/sort"
    other_url = databases.copy()
    migrate(other_url)
    with serving(other_url) as elsewhere:
        assert elsewhere.get(following).json()["type"] == "/problems/invalid-cursor"
    databases.drop(other_url)


@pytest.mark.parametrize(
    ("query", "location", "message"),
    [
        ("limit=0", "query/limit", "from 1 to 200"),
        ("limit=201", "query/limit", "from 1 to 200"),
        ("limit=1.5", "query/limit", "from 1 to 200"),
        ("limit=%D9%A1", "query/limit", "from 1 to 200"),
        ("limit=1&limit=2", "query/limit", "twice"),
        ("sort=colour", "query/sort", "not known here"),
        ("sort=startd", "query/sort", "did you mean 'started'?"),
        ("fields=nmae", "query/fields", "did you mean 'name'?"),
        ("kind=units", "query/kind", "did you mean 'unit'?"),
        ("lifecycle=activ", "query/lifecycle", "did you mean 'active'?"),
        ("force=bedfordshir", "query/force", "did you mean 'bedfordshire'?"),
        ("force=", "query/force", "empty"),
        ("force=bedfordshire,,", "query/force", "empty value"),
        ("force=governance-body:hmic", "query/force", "no force"),
        ("certainty=certain", "query/certainty", "needs as_of"),
        ("certainty=maybe&as_of=2012", "query/certainty", "not known here"),
        ("as_of=2012-02-30", "query/as_of", "not in the calendar"),
        ("as_of=2012~", "query/as_of", "not a day, month or year"),
        ("started_from=spring", "query/started_from", "not a day"),
        ("known_at=yesterday", "query/known_at", "neither a revision number nor a time"),
        ("known_at=999", "query/known_at", "no revision 999"),
        ("name=%FF", "query/name", "UTF-8"),
        ("name=%ZZ", "query/name", "percent-encoded"),
        ("name=a%00b", "query/name", "control characters"),
        ("known_at=2026-01-01T00:00:60Z", "query/known_at", "is not a time"),
        ("known_at=0001-01-01T00:00:00%2B23:59", "query/known_at", "is not a time"),
        ("name=" + ",".join(map(str, range(201))), "query/name", "at most 200"),
    ],
)
def test_wrong_values_are_named_and_mended(client: httpx.Client, query: str, location: str, message: str) -> None:
    answer = client.get(f"/v1/joint-units?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == location
    assert message in answer.json()["errors"][0]["message"]


def test_fields_trims(client: httpx.Client) -> None:
    item = client.get("/v1/joint-units?fields=name,started&limit=1").json()["data"][0]
    assert sorted(item) == ["name", "started"]
    dated = client.get("/v1/joint-units/bh-major-crime-unit?fields=name&as_of=2012").json()["data"]
    assert sorted(dated) == ["name", "presence"]


def test_an_empty_registry_has_empty_lists(database_url: str) -> None:
    with serving(database_url) as client:
        answer = client.get("/v1/forces").json()
        assert (answer["data"], answer["meta"]["total"], answer["meta"]["known_at"]) == ([], 0, None)
        assert client.get("/v1/forces?known_at=1").status_code == 422
        assert client.get("/v1/forces/alpha").status_code == 404

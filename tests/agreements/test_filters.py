"""Agreements of a force and of a function: those that name it, and those that come to it through what they cover."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.registry_in_use import SOURCE, Document, force, save, serving, unit

CITED = {"citations": [{"source": "paper"}]}
DAYS = ("", "2009-04-15", "2012-01-01", "2012-06", "2016", "2020-02-01")


def agreement(slug: str, *parties: str, **fields: Any) -> Document:
    listed = [{"organisation": party} for party in parties]
    return {"type": "agreement", "id": slug, "name": slug.title(), "parties": listed, **CITED, **fields}


def function(slug: str, **fields: Any) -> Document:
    return {"type": "function", "id": slug, "name": slug.title(), "scheme": "own", **CITED, **fields}


@pytest.fixture
def agreed(database_url: str) -> Iterator[httpx.Client]:
    """A unit that alpha left in 2012, an alliance, and agreements on both with and without recorded parties."""
    parts = [
        {"organisation": "force:alpha", "started": "2005-01-01", "ended": "2012-01-01"},
        {"organisation": "force:beta", "started": "2005-01-01", "ended": "2020-01-01"},
    ]
    dogs = unit("kennels", functions=["police-dogs"], started="2005-01-01", ended="2020-01-01") | {
        "participants": parts
    }
    scope = [{"function": "horses", "in_scope": True}]
    ring = {"type": "alliance", "id": "ring", "name": "Ring", "participants": [parts[1]], "scope": scope, **CITED}
    save(
        database_url,
        *(SOURCE, force("alpha"), force("beta"), force("gamma")),
        *(function("animals"), function("police-dogs", broader="animals"), function("horses", broader="animals")),
        *(dogs, ring),
        agreement("unsigned", covers=["joint-unit:kennels"], made="2006-01-01", commences="2006-01-01"),
        agreement("others", "force:beta", "force:gamma", covers=["joint-unit:kennels"], commences="2006-01-01"),
        agreement("named", "force:alpha", covers=["function:horses"], commences="2006-01-01"),
        agreement("standing", covers=["alliance:ring"], commences="2006-01-01"),
    )
    save(database_url, agreement("late", covers=["joint-unit:kennels"], commences="2006-01-01"))
    with serving(database_url) as client:
        yield client


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("force=alpha", ["late", "named", "unsigned"]),
        ("party=alpha", ["named"]),
        ("force=beta", ["late", "others", "standing", "unsigned"]),
        ("force=gamma", ["others"]),
        ("force=all:alpha,beta", ["late", "unsigned"]),
        ("force=alpha,gamma", ["late", "named", "others", "unsigned"]),
        ("force=alpha&known_at=1", ["named", "unsigned"]),
        ("force=alpha&as_of=2010", ["late", "named", "unsigned"]),
        ("force=alpha&as_of=2005", []),
        ("force=alpha&as_of=2012-01-01", ["named"]),
        ("force=alpha&as_of=2010&certainty=certain", []),
        ("force=alpha&as_of=2006-01-01&certainty=certain", ["late", "unsigned"]),
        ("function=horses", ["named", "standing"]),
        ("function=police-dogs", ["late", "others", "unsigned"]),
        ("function=animals", ["late", "named", "others", "standing", "unsigned"]),
        ("function=police-dogs&force=gamma", ["others"]),
    ],
)
def test_what_a_filter_finds(agreed: httpx.Client, query: str, expected: list[str]) -> None:
    answer = agreed.get(f"/v1/agreements?{query}").json()
    assert ([item["id"] for item in answer["data"]], answer["meta"]["total"]) == (expected, len(expected))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # the agreement is presumed, alpha's part in the unit is certain; when it became a party is not recorded
        ("force=alpha&as_of=2010", {"late": "presumed", "named": "possible", "unsigned": "presumed"}),
        ("force=alpha&as_of=2006-01-01", {"late": "certain", "named": "possible", "unsigned": "certain"}),
        ("function=animals&force=alpha&as_of=2010", {"late": "presumed", "named": "possible", "unsigned": "presumed"}),
        ("function=horses&as_of=2006-01-01", {"named": "certain", "standing": "possible"}),
        ("force=beta&as_of=2006-01-01", {"late": "certain", "others": "possible", "standing": "possible"}),
    ],
)
def test_the_presence_is_that_of_the_way(agreed: httpx.Client, query: str, expected: dict[str, str]) -> None:
    """And the one by which `certainty` decides."""
    found = agreed.get(f"/v1/agreements?{query}").json()["data"]
    assert {item["id"]: item["presence"] for item in found if item["id"] in expected} == expected
    for certainty, levels in (("certain", 1), ("presumed", 2)):
        sure = ("certain", "presumed")[:levels]
        listed = agreed.get(f"/v1/agreements?{query}&certainty={certainty}").json()["data"]
        assert [item["id"] for item in listed] == [item["id"] for item in found if item["presence"] in sure], certainty


def test_an_agreement_says_through_what_it_reaches_others(agreed: httpx.Client) -> None:
    items = agreed.get("/v1/agreements").json()["data"]
    through = {item["id"]: [each["id"] for each in item["through"]] for item in items}
    assert through == {"late": ["kennels"], "named": [], "others": [], "standing": ["ring"], "unsigned": ["kennels"]}
    assert all("through" not in item["not_recorded"] for item in items)


def test_the_view_filters_by_function_as_the_lists_do(agreed: httpx.Client) -> None:
    for name in ("horses", "animals", "police-dogs"):
        found = agreed.get(f"/v1/forces/beta/collaborations?function={name}&as_of=2010").json()["data"]
        for key, path in (("agreements", "agreements"), ("joint_units", "joint-units"), ("alliances", "alliances")):
            listed = agreed.get(f"/v1/{path}?force=beta&function={name}&as_of=2010").json()["data"]
            assert sorted(item["id"] for item in found[key]) == [item["id"] for item in listed], (name, key)


@pytest.mark.parametrize("day", DAYS)
def test_the_list_and_the_view_agree_for_every_force(national_url: str, day: str) -> None:
    """But for what a force inherited, or its policing body alone is in: that only the view tells."""
    query = f"as_of={day}&" if day else ""
    with serving(national_url) as client:
        forces = [item["id"] for item in client.get("/v1/forces?limit=200&fields=id").json()["data"]]
        for slug in forces:
            listed = client.get(f"/v1/agreements?{query}force={slug}&limit=200").json()["data"]
            shown = client.get(f"/v1/forces/{slug}/collaborations?{query}").json()["data"]["agreements"]
            own = {item["id"]: item.get("presence") for item in shown if item["through"] or _itself(item["as"], slug)}
            assert own.keys() == {item["id"] for item in listed}, slug
            reached = {item["id"] for item in shown if item["through"]}
            for item in listed:
                assert item["id"] not in reached or item.get("presence") == own[item["id"]], (slug, item["id"])


def _itself(involved: list[Document], slug: str) -> bool:
    return any(part["organisation"]["id"] == slug and not part["inherited_from"] for part in involved)

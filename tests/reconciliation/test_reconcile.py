"""Names from a spreadsheet matched as OpenRefine does it: the manifest, candidates, properties and both clocks."""

import json
from typing import Any

import httpx
import pytest

from app.catalogue import CATALOGUE
from app.reconciliation.requests import MOST_QUERIES
from tests.reconciliation import protocol_schemas as schemas
from tests.reconciliation.reconciling import PATH, ask, conforms, extend, one, taken, valid
from tests.registry_in_use import Document, serving


def test_the_manifest_names_what_there_is(client: httpx.Client, openapi: Document) -> None:
    for query in ("", "?as_of=2012-01-01&known_at=1"):
        manifest = valid(schemas.MANIFEST, client.get(PATH + query).json())
        conforms(openapi, PATH, manifest)
        base = str(client.base_url).rstrip("/")
        assert [each["id"] for each in manifest["defaultTypes"]][:2] == ["force", "joint-unit"]
        assert {each["id"] for each in manifest["defaultTypes"]} == {*CATALOGUE.by_type}
        assert manifest["batchSize"] == MOST_QUERIES
        for template in (manifest["view"]["url"], manifest["preview"]["url"]):
            assert template.startswith(manifest["identifierSpace"])
            page = client.get(template.replace("{{id}}", "force%3Abedfordshire"))
            assert (page.status_code, "Bedfordshire Police" in page.text) == (200, True)
            assert ("on 2012-01-01" in page.text) == bool(query)
        for place in manifest["suggest"].values():
            assert place["service_path"].endswith(query)
            address = place["service_url"] + place["service_path"] + ("&" if query else "?") + "prefix=be"
            assert client.get(address).status_code == 200
        proposing = manifest["extend"]["propose_properties"]
        assert client.get(f"{proposing['service_url']}{proposing['service_path']}?type=").status_code == 200
        for address in (manifest["documentation"], manifest["schemaSpace"]):
            assert address.startswith(base)
            assert client.get(address).status_code == 200
    assert manifest["name"] == "Registry of police collaboration, as of 2012-01-01, known at 1"


def test_the_public_address_stands_in_the_manifest(loaded_url: str) -> None:
    with serving(loaded_url, public_url="https://registry.example.org/police") as client:
        found = client.get(PATH, headers={"Host": "inside"}).json()
    assert found["identifierSpace"] == "https://registry.example.org/police/v1/reconcile/entities/"
    assert found["suggest"]["type"]["service_url"] == "https://registry.example.org/police"
    assert "inside" not in json.dumps(found)


def test_a_batch_has_an_answer_for_each_query(client: httpx.Client, openapi: Document) -> None:
    queries = {
        "q0": {"query": "Beds Police", "type": "force", "type_strict": "should"},
        "the second": {"query": "dog unit", "type": ["joint-unit", "business-case"], "limit": 2},
        "3": {"query": "xylophone"},
        "4": {"query": "  \t"},
    }
    found = ask(client, queries)
    conforms(openapi, PATH, found)
    conforms(openapi, PATH, found, "post")
    assert found["q0"]["result"][0]["id"] == "force:bedfordshire"
    assert {each["type"][0]["id"] for each in found["q0"]["result"]} == {"force"}
    assert len(found["the second"]["result"]) == 2
    assert found["3"] == found["4"] == {"result": []}
    assert client.get(PATH, params={"queries": json.dumps(queries, indent=1)}).json() == found
    best = found["q0"]["result"][0]
    assert (best["name"], best["score"], best["match"]) == ("Bedfordshire Police", 100, True)
    assert best["description"] == "Force; territorial"
    assert {"id": "exact", "value": True} in best["features"]
    alone = {key: ask(client, {key: query})[key] for key, query in queries.items()}
    assert alone == found  # each query is answered by itself


def test_types(client: httpx.Client) -> None:
    kinds = [{each["type"][0]["id"] for each in one(client, "Bedfordshire", type=kind)} for kind in ("person", "force")]
    assert kinds[1] == {"force"}
    assert kinds[0] <= {"person"}
    for text in ("Bedfordshire", "bedfordshire"):
        code = {"pid": "identifiers.gss", "v": "E23000026"}
        assert one(client, text, type=["force", "joint-unit"], type_strict="all", properties=[code]) == []
    assert taken(one(client, "bedfordshire", type=["force"], type_strict="all")) == "force:bedfordshire"
    assert len(one(client, "Bedfordshire", limit=3)) == 3
    assert len(one(client, "Bedfordshire", limit=0)) == 10  # what OpenRefine sends for "no limit"


def test_an_id_is_a_name_too(client: httpx.Client) -> None:
    for text in ("force:bedfordshire", " bedfordshire ", "E23000026"):
        found = one(client, text)
        assert (taken(found), found[0]["score"]) == ("force:bedfordshire", 100)


def test_the_same_words_are_taken_and_near_ones_are_not(client: httpx.Client) -> None:
    for text, target in (
        ("Dog Unit, Herts & Beds", "joint-unit:bh-dog-unit"),
        ("Cambs Constabulary", "force:cambridgeshire"),
        ("Herefordshire Constabulary", None),
        ("Bedfordshire Police Authorities Board", None),
        ("Police", None),
        ("Bedfordshire and Hertfordshire", None),
    ):
        assert taken(one(client, text)) == target, text


def test_properties_raise_and_lower(client: httpx.Client) -> None:
    def score(*properties: Document) -> float:
        found = one(client, "Dog Unit", type="joint-unit", properties=list(properties))
        return next(float(each["score"]) for each in found if each["id"] == "joint-unit:bh-dog-unit")

    def given(pid: str, *values: Any) -> Document:
        return {"pid": pid, "v": values[0] if len(values) == 1 else list(values)}

    plain = score()
    for right in (
        given("force", "Beds Police"),
        given("force", {"id": "force:hertfordshire", "name": "Herts"}),
        given("force", "force:norfolk", "hertfordshire"),
        given("participants.organisation", "Bedfordshire Police"),
        given("started", "2009-04-01T00:00:00Z"),
        given("started", 2009),
        given("kind", "Unit"),
        given("alliance", "Joint Collaboration Programme"),
    ):
        assert score(right) > plain, right
    for wrong in (given("force", "Cambridgeshire"), given("started", "2012-04"), given("kind", "department")):
        assert score(wrong) < plain, wrong
    for mute in (
        given("ended", "2015"),
        given("started", "last spring"),
        given("location", "Luton"),
        given("force", []),
    ):
        assert score(mute) == plain, mute  # nothing recorded, or nothing that can be compared, is no difference
    known = [given("force", "Beds Police"), given("started", "2009-04")]
    agreed = one(client, "Dog Unit", type="joint-unit", properties=known)
    assert taken(agreed) == "joint-unit:bh-dog-unit"
    assert {"id": "property:force", "value": 1.0} in agreed[0]["features"]
    contradicted = one(client, "Bedfordshire and Hertfordshire Dog Unit", properties=[given("force", "Cambs Police")])
    assert taken(contradicted) is None


def test_identifiers_decide(client: httpx.Client) -> None:
    code = [{"pid": "identifiers.gss", "v": "E23000026"}]
    for text in ("County Police", "nothing like its name", None):
        assert taken(one(client, text, properties=code)) == "force:bedfordshire", text
    assert taken(one(client, "Bedfordshire Police", properties=code)) == "force:bedfordshire"
    # a name and an id that are of different records: a person has to look
    assert taken(one(client, "Hertfordshire Constabulary", properties=code)) is None
    assert one(client, properties=[{"pid": "identifiers.gss", "v": "E00000000"}]) == []


def test_properties_alone(client: httpx.Client) -> None:
    both = [{"pid": "force", "v": "Cambs Police"}, {"pid": "kind", "v": "department"}]
    found = one(client, type="joint-unit", properties=both)
    assert "joint-unit:bch-procurement" in [each["id"] for each in found]
    listed = client.get("/v1/joint-units?force=cambridgeshire&kind=department").json()["data"]
    assert {each["id"].partition(":")[2] for each in found} == {each["id"] for each in listed}
    started = one(client, type="joint-unit", properties=[{"pid": "started", "v": "2009-04"}])
    assert "joint-unit:bh-dog-unit" in [each["id"] for each in started]
    assert one(client, type="joint-unit", properties=[{"pid": "kind", "v": "circus"}]) == []
    assert one(client, type="joint-unit", properties=[{"pid": "force", "v": "Atlantis"}]) == []


def test_both_clocks(changed: httpx.Client) -> None:
    assert taken(one(changed, "Alphashire Constabulary")) is None
    assert taken(one(changed, "Alphashire Constabulary", "?known_at=1")) == "force:alpha"
    assert taken(one(changed, "Alpha Police", "?known_at=1")) is None
    assert taken(one(changed, "Betashire Police")) == "force:beta"
    assert taken(one(changed, "Betashire Police", "?as_of=1960")) == "force:beta"
    assert "force:beta" not in [each["id"] for each in one(changed, "Betashire Police", "?as_of=2012")]
    assert changed.get(f"{PATH}?known_at=9").json()["type"] == "/problems/unknown-revision"
    assert changed.post(f"{PATH}?as_of=soon", data={"queries": "{}"}).json()["type"] == "/problems/unsupported-date"
    for day, forces in (("2011", {"force:alpha", "force:gamma"}), ("2013", {"force:gamma"})):
        rows = extend(changed, ["joint-unit:mischief"], "force", query=f"?as_of={day}")["rows"]
        assert {value["id"] for value in rows["joint-unit:mischief"]["force"]} == forces
    names = extend(changed, ["force:alpha"], "name", query="?known_at=1")["rows"]["force:alpha"]["name"]
    assert names == [{"str": "Alphashire Constabulary"}]


def test_equal_ones_are_left_to_people(changed: httpx.Client) -> None:
    for text in ("Joint Dog Unit", "dog unit (joint)"):
        assert taken(one(changed, text, limit=1)) is None  # though one alone is shown
        assert len(one(changed, text)) >= 2
        whose = {"pid": "force", "v": "Alpha Police"}
        assert taken(one(changed, text, properties=[whose])) == "joint-unit:twin-one"
        later = {"pid": "started", "v": "2012-05-03"}
        assert taken(one(changed, text, properties=[later])) == "joint-unit:twin-two"


@pytest.mark.parametrize("blank", ["", " ", "-", "?", [], ["", "\u00a0"]])
def test_a_blank_cell_says_nothing(client: httpx.Client, blank: Any) -> None:
    """Neither for nor against: not of a property, and not of the name where properties are given."""
    plain = one(client, "Dog Unit", type="joint-unit")
    for pid in ("force", "started", "kind", "identifiers.gss"):
        assert one(client, "Dog Unit", type="joint-unit", properties=[{"pid": pid, "v": blank}]) == plain, pid
    code = [{"pid": "identifiers.gss", "v": "E23000026"}]
    for text in ("", "  ", "-"):
        assert taken(one(client, text, properties=[*code, {"pid": "region", "v": blank}])) == "force:bedfordshire"
        assert one(client, text, properties=[{"pid": "force", "v": blank}]) == []


@pytest.mark.parametrize(
    "value",
    [
        "Bedfordshire Constabulary",
        "Beds police service",
        "/v1/forces/bedfordshire",
        "https://data.police.uk/api/forces/bedfordshire",
        "gss:E23000026",
    ],
)
def test_a_property_is_compared_by_what_its_value_means(client: httpx.Client, value: str) -> None:
    found = one(client, "Dog Unit", type="joint-unit", properties=[{"pid": "force", "v": value}])
    first = next(each for each in found if each["id"] == "joint-unit:bh-dog-unit")
    assert {"id": "property:force", "value": 1.0} in first["features"]


@pytest.mark.parametrize(
    "queries", [{"q": "x"}, {"q": {"query": 5}}, {"q": {"query": "x", "properties": [5]}}, [], {"q": {"query": []}}]
)
def test_no_class_of_the_code_is_named(client: httpx.Client, queries: Any) -> None:
    refused = client.post(PATH, data={"queries": json.dumps(queries)})
    assert refused.status_code == 422
    for name in ("Query", "GivenProperty", "instance", "dictionary", "Input should", "Value error"):
        assert name not in json.dumps(refused.json()["errors"])

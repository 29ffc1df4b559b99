"""Every common verb over every collection: one contract for all."""

import re
from typing import Any

import httpx
import jsonpatch
import pytest
from jsonschema import Draft202012Validator

from app.api.list_parameters import sortable
from app.catalogue import CATALOGUE
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

PATHS = [collection.path for collection in CATALOGUE]
NAMED = [path for path in PATHS if path != "organisations"]
"""The collections of which the five documents name a record."""


def conforms(openapi: dict[str, Any], path: str, answer: Any) -> None:
    """The answer is what the OpenAPI document says of the operation; every field it holds is described there."""
    schema = openapi["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**closed(schema), "components": closed(openapi["components"])}).validate(answer)


def closed(schema: Any) -> Any:
    """The schema without room for fields that it does not describe."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    return {**found, "additionalProperties": False} if isinstance(schema.get("properties"), dict) else found


@pytest.mark.parametrize("path", PATHS)
def test_a_list_and_each_of_its_records(holding: httpx.Client, openapi: dict[str, Any], path: str) -> None:
    for query in ("", "?as_of=2012-01"):
        answer = holding.get(f"/v1/{path}{query}").json()
        assert answer["meta"]["total"] >= len(answer["data"]) > 0
        conforms(openapi, f"/v1/{path}", answer)
        for item in answer["data"][:5]:
            slug = item["id"]
            one = holding.get(f"/v1/{path}/{slug}{query}").json()
            assert one["data"] == item
            assert ("presence" in item) == bool(query)
            conforms(openapi, f"/v1/{path}/{{id}}", one)


@pytest.mark.parametrize("path", PATHS)
def test_history_and_diff(holding: httpx.Client, openapi: dict[str, Any], path: str) -> None:
    slug = holding.get(f"/v1/{path}?limit=1").json()["data"][0]["id"]
    history = holding.get(f"/v1/{path}/{slug}/history").json()
    conforms(openapi, f"/v1/{path}/{{id}}/history", history)
    assert history["data"][0]["data"] == holding.get(f"/v1/{path}/{slug}").json()["data"]
    diff = holding.get(f"/v1/{path}/{slug}/diff?from={history['data'][-1]['revision']}").json()
    conforms(openapi, f"/v1/{path}/{{id}}/diff", diff)
    assert diff["data"] == []


@pytest.mark.parametrize("path", PATHS)
def test_every_sort_and_field_and_enumeration_works(client: httpx.Client, openapi: dict[str, Any], path: str) -> None:
    everything = {item["id"] for item in client.get(f"/v1/{path}?limit=200").json()["data"]}
    collection = CATALOGUE.by_path[path]
    for name in sortable(collection):
        for sign in ("", "-"):
            answer = client.get(f"/v1/{path}?limit=200&sort={sign}{name}&fields=id").json()
            assert {item["id"] for item in answer["data"]} == everything
    for parameter in openapi["paths"][f"/v1/{path}"]["get"]["parameters"]:
        values = parameter["schema"].get("items", {}).get("enum")
        if values:
            answer = client.get(f"/v1/{path}?{parameter['name']}={','.join(values)}&limit=200")
            assert answer.status_code == 200
            for item in answer.json()["data"]:
                assert item[parameter["name"]] in values


@pytest.mark.parametrize("path", PATHS)
def test_every_parameter_is_described_and_no_other_is_taken(
    client: httpx.Client, openapi: dict[str, Any], path: str
) -> None:
    described = openapi["paths"][f"/v1/{path}"]["get"]["parameters"]
    assert all(parameter["description"] for parameter in described)
    refused = client.get(f"/v1/{path}?naem=x")
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/unknown-parameter"
    assert refused.json()["errors"] == [
        {"location": "query/naem", "message": "is not a parameter here; did you mean 'name'?"}
    ]


@pytest.mark.parametrize("path", PATHS)
def test_both_clocks_are_on_every_read(openapi: dict[str, Any], path: str) -> None:
    terms = {"/v1/context.jsonld", "/v1/shapes.ttl"}  # what words mean is no fact; nor is what waits for people
    for found, operations in openapi["paths"].items():
        open_read = "get" in operations and "security" not in operations["get"]
        # the log is of all revisions, a proof is of one, and what happens now has one time
        clockless = found.startswith(("/v1/log", "/v1/changes/events", "/.well-known")) or found.endswith("/proof")
        if found in terms or clockless or not open_read:
            continue
        names = {parameter["name"] for parameter in operations["get"]["parameters"]}
        assert {"as_of", "known_at"} <= names, found


def test_conditional_requests(client: httpx.Client) -> None:
    for path in ("/v1/forces", "/v1/forces/bedfordshire", "/v1/forces/bedfordshire/history"):
        first = client.get(path)
        tag = first.headers["etag"]
        # the tag of one record begins with its revision, for `If-Match`; each ends with the coding
        assert re.fullmatch(r'"1-[0-9a-f]{24}-gzip"' if path.endswith("/bedfordshire") else r'"[0-9a-f]{24}-gzip"', tag)
        again = client.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        head = client.head(path)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


def test_links_lead_somewhere(client: httpx.Client) -> None:
    answer = client.get("/v1/joint-units?limit=2&force=bedfordshire&sort=-started")
    assert f'<{answer.json()["links"]["next"]}>; rel="next"' in answer.headers["link"]
    assert client.get(answer.json()["links"]["next"]).json()["links"]["self"] == answer.json()["links"]["next"]
    one = client.get("/v1/forces/bedfordshire?as_of=2012&fields=id,governed_by")
    assert one.headers["link"] == '</v1/forces/bedfordshire/history>; rel="version-history"'
    for reference in one.json()["data"]["governed_by"]:
        assert client.get(reference["body"]["url"]).status_code == 200


def test_a_permalink_answers_the_same_for_good(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha", started="1974"))
    with serving(database_url) as client:
        ever, then = (client.get(f"/v1/forces/alpha{query}").json() for query in ("", "?as_of=2012"))
        assert ever["links"]["permalink"] == "/v1/forces/alpha?known_at=1"
        assert then["links"]["permalink"] == "/v1/forces/alpha?as_of=2012&known_at=1"
        save(database_url, force("alpha", started="1974", name="Another"))
        for before in (ever, then):
            assert client.get(before["links"]["permalink"]).json()["data"] == before["data"]


def test_a_patch_leads_from_one_revision_to_another(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("dogs", "alpha", started="2011"))
    save(database_url, unit("dogs", "alpha", "beta", started="2011", location="The kennels"))
    save(database_url, force("alpha", name="Alpha Constabulary"))
    with serving(database_url) as client:
        ends = [client.get(f"/v1/joint-units/dogs?known_at={number}").json()["data"] for number in (1, 2, 3)]
        for query, before, after in (("from=1", 0, 2), ("from=1&to=2", 0, 1), ("from=3&to=1", 2, 0)):
            patch = client.get(f"/v1/joint-units/dogs/diff?{query}").json()["data"]
            assert jsonpatch.apply_patch(ends[before], patch) == ends[after]
        history = client.get("/v1/joint-units/dogs/history").json()
        assert [entry["revision"] for entry in history["data"]] == [2, 1]
        assert history["data"][0]["data"]["participants"][0]["organisation"]["name"] == "Alpha"
        first = client.get("/v1/joint-units/dogs/history?limit=1").json()
        assert first["meta"]["total"] == 2
        assert [entry["revision"] for entry in client.get(first["links"]["next"]).json()["data"]] == [1]
        assert client.get("/v1/joint-units/dogs/diff").json()["errors"][0]["location"] == "query/from"
        assert client.get("/v1/joint-units/dogs/diff?from=9").json()["type"] == "/problems/unknown-revision"


def test_tombstones_and_redirects(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), force("gamma"))
    withdraw(database_url, "force:alpha")
    withdraw(database_url, "force:beta", "force:gamma")
    with serving(database_url) as client:
        gone = client.get("/v1/forces/alpha")
        assert (gone.status_code, gone.json()["type"]) == (410, "/problems/gone")
        assert gone.json()["tombstone"]["reason"] == "a duplicate"
        moved = client.get("/v1/forces/beta/history?limit=1")
        assert (moved.status_code, moved.headers["location"]) == (308, "/v1/forces/gamma/history?limit=1")
        assert client.get("/v1/forces/alpha?known_at=1").json()["data"]["name"] == "Alpha"
        assert [item["id"] for item in client.get("/v1/forces").json()["data"]] == ["gamma"]
        assert client.get("/v1/forces?known_at=1").json()["meta"]["total"] == 3

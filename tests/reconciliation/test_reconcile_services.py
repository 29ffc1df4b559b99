"""What comes with reconciliation: fetched values, proposals, suggestions, pages of records, and other sites' pages."""

import json
import re

import httpx

from app.catalogue import CATALOGUE
from tests.reconciliation import protocol_schemas as schemas
from tests.reconciliation.reconciling import PATH, conforms, extend, suggest, valid
from tests.registry_in_use import Document


def test_extension(client: httpx.Client, openapi: Document) -> None:
    ids = ["joint-unit:bh-dog-unit", "force:bedfordshire", "governance-body:bedfordshire-pcc", "force:nobody", "?"]
    asked = ("force", "started", "alliance", "identifiers.gss", "participants.role", "not_recorded", "revision")
    found = extend(client, ids, *asked, {"id": "source", "settings": {"limit": "1"}})
    conforms(openapi, PATH, found, "post")
    assert [each["id"] for each in found["meta"]] == [*asked, "source"]
    assert found["meta"][0]["type"] == {"id": "force", "name": "Force"}
    dogs, beds, pcc, *nobody = found["rows"].values()
    assert dogs["force"] == [
        {"id": "force:bedfordshire", "name": "Bedfordshire Police"},
        {"id": "force:hertfordshire", "name": "Hertfordshire Constabulary"},
    ]
    assert (dogs["started"], pcc["started"]) == ([{"str": "2009-04"}], [{"date": "2012-11-22T00:00:00Z"}])
    assert (beds["identifiers.gss"], beds["alliance"]) == ([{"str": "E23000026"}], [])
    assert (dogs["revision"], len(dogs["source"])) == ([{"int": 1}], 1)
    assert nobody == [{pid: [] for pid in (*asked, "source")}] * 2
    extension = json.dumps({"ids": ids[:1], "properties": [{"id": "kind"}]})
    assert client.get(PATH, params={"extend": extension}).json()["rows"][ids[0]] == {"kind": [{"str": "unit"}]}


def test_every_property_of_every_record_can_be_fetched(client: httpx.Client) -> None:
    for each in client.get(PATH).json()["defaultTypes"]:
        answer = client.get(f"{PATH}/properties", params={"type": each["id"]}).json()
        pids = [one["id"] for one in valid(schemas.PROPOSAL, answer)["properties"]]
        assert len(pids) == len(set(pids)) > 5
        path = {"person": "people", "governance-body": "governance-bodies", "agreement": "agreements"}.get(
            each["id"], f"{each['id']}s"
        )
        ids = [f"{each['id']}:{item['id']}" for item in client.get(f"/v1/{path}?limit=5").json()["data"]]
        for start in range(0, len(pids), 50):
            rows = extend(client, ids, *pids[start : start + 50])["rows"]
            assert all(list(row) == pids[start : start + 50] for row in rows.values())


def test_a_duplicate_is_followed(changed: httpx.Client) -> None:
    rows = extend(changed, ["force:delta", "force:gamma"], "id")["rows"]
    assert rows["force:delta"] == rows["force:gamma"] == {"id": [{"str": "gamma"}]}
    page = changed.get(f"{PATH}/entities/force:delta?as_of=2012")
    assert (page.status_code, page.headers["location"]) == (308, f"{PATH}/entities/force:gamma?as_of=2012")
    assert changed.get(page.headers["location"]).status_code == 200
    assert changed.get(f"{PATH}/entities/force:delta?known_at=1").status_code == 200


def test_property_proposals(client: httpx.Client, openapi: Document) -> None:
    for query, wanted in (("type=force", "identifiers.gss"), ("type=", "participants.organisation"), ("", "force")):
        found = valid(schemas.PROPOSAL, client.get(f"{PATH}/properties?{query}").json())
        conforms(openapi, f"{PATH}/properties", found)
        assert wanted in [each["id"] for each in found["properties"]]
    few = valid(schemas.PROPOSAL, client.get(f"{PATH}/properties?type=joint-unit&limit=3").json())
    assert [each["id"] for each in few["properties"]] == ["force", "participant", "function"]
    assert (few["type"], few["limit"]) == ("joint-unit", 3)


def test_suggestions(client: httpx.Client, openapi: Document) -> None:
    widget = {"spell": "always", "exact": "false", "prefixed": "true", "scoring": "schema", "filter": ""}
    beds = suggest(client, "entity", prefix="beds po", **widget)
    assert beds[0]["id"] == "force:bedfordshire"
    assert beds[0]["notable"] == [{"id": "force", "name": "Force"}]
    everything = [each["id"] for each in suggest(client, "entity", prefix="b")]
    assert [each["id"] for each in suggest(client, "entity", prefix="b", cursor=2)][:-2] == everything[2:]
    assert suggest(client, "entity", prefix="force:bedfordshire")[0]["id"] == "force:bedfordshire"
    assert suggest(client, "entity", prefix="bedfordshire", type="force")[0]["id"] == "force:bedfordshire"
    assert suggest(client, "entity", prefix="") == suggest(client, "entity", prefix="???") == []
    assert [each["id"] for each in suggest(client, "property", prefix="gss", type="")] == ["identifiers.gss"]
    assert "started" in [each["id"] for each in suggest(client, "property", prefix="Star", type="joint-unit", **widget)]
    assert suggest(client, "property", prefix="region", type="joint-unit") == []
    assert [each["id"] for each in suggest(client, "type", prefix="joint")] == ["joint-unit"]
    assert {each["id"] for each in suggest(client, "type", prefix="")} == {*CATALOGUE.by_type}
    for what in ("entity", "property", "type"):
        conforms(openapi, f"{PATH}/suggest/{what}", {"result": suggest(client, what, prefix="fo")})


def test_the_page_of_a_record_runs_and_loads_nothing(changed: httpx.Client) -> None:
    page = changed.get(f"{PATH}/entities/joint-unit%3Amischief?as_of=2011")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert not re.search(r"<script|<img|<link|<iframe|\bsrc=|@import|url\(|\bon\w+=|https?://", page.text)
    for shown in ("Joint unit, department", "Alpha Police; Gamma", "A paper", "on 2011"):
        assert shown in page.text, shown
    again = changed.get(page.request.url, headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("nobody", "force:nobody", "farce:alpha", "force:", "force:..", "<script>"):
        missing = changed.get(f"{PATH}/entities/{name}")
        assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")


def test_caches_and_other_sites(client: httpx.Client) -> None:
    first = client.get(PATH)
    assert client.get(PATH, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    elsewhere = client.get(PATH, headers={"Host": "registry.example.org", "If-None-Match": first.headers["etag"]})
    assert elsewhere.json()["identifierSpace"] == "http://registry.example.org/v1/reconcile/entities/"
    assert client.head(PATH).headers["etag"] == first.headers["etag"]
    page = {"Origin": "http://localhost:3333"}
    answer = client.post(PATH, data={"queries": "{}"}, headers={**page, "If-None-Match": "*"})
    assert (answer.status_code, answer.json(), answer.headers["cache-control"]) == (200, {}, "no-store")
    assert answer.headers["access-control-allow-origin"] == "*"
    before = client.options(PATH, headers={**page, "Access-Control-Request-Method": "POST"})
    assert (before.status_code, "POST" in before.headers["access-control-allow-methods"]) == (200, True)
    refused = client.put(PATH)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST")
    assert client.post(f"{PATH}/properties").headers["allow"] == "GET, HEAD"
    assert client.post(f"{PATH}/nothing").status_code == 404

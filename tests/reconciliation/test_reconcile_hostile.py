"""Requests that mean ill, or are merely broken: each is refused with a sentence that names the place."""

import json
from typing import Any

import httpx
import pytest

from app.reconciliation.requests import MOST_IDS, MOST_QUERIES
from tests.reconciliation.reconciling import FORM, PATH, one, taken


def form(**values: Any) -> bytes:
    return str(httpx.QueryParams({name: json.dumps(value) for name, value in values.items()})).encode()


ROWS = {
    f"q{row}": {
        "query": "x",
        "properties": [{"pid": pid, "v": [f"{row} {n}" for n in range(20)]} for pid in ("force", "body")],
    }
    for row in range(MOST_QUERIES)
}
MANY = {f"q{number}": {"query": "x"} for number in range(MOST_QUERIES + 1)}
HOSTILE: list[tuple[bytes, int, str]] = [
    (b"", 422, "body/queries"),
    (b"queries=", 422, "body/queries"),
    (b"queries={", 422, "body/queries"),
    (b"queries=%ff", 422, "body/queries"),
    (b"queries=\xff", 422, "body/queries"),
    (b"queries=%00", 422, "body/queries"),
    (b"queries=[]", 422, "body/queries"),
    (b"queries=null", 422, "body/queries"),
    (b"queries=NaN", 422, "body/queries"),
    (b"queries=" + b"[" * 100_000, 422, "body/queries"),
    (b'queries={"q":{"query":"%5Cud800"}}', 422, "body/queries"),
    (b"queries={}&queries={}", 422, "body/queries"),
    (b"queries={}&extend={}", 422, "body/queries"),
    (b"queris={}", 422, "body/queris"),
    (b"callback=f&queries={}", 422, "body/callback"),
    (b"as_of=2012&queries={}", 422, "body/as_of"),
    (b"&".join([b"queries={}"] * 50), 422, "body"),
    (form(queries={"q": "x"}), 422, "body/queries/q"),
    (form(queries={"q": {}}), 422, "body/queries/q"),
    (form(queries={"q": {"query": 5}}), 422, "body/queries/q/query"),
    (form(queries={"q": {"query": "x", "tpye": "force"}}), 422, "body/queries/q/tpye"),
    (form(queries={"q": {"query": "x", "type": "farce"}}), 422, "body/queries/q/type/0"),
    (form(queries={"q": {"query": "x", "limit": -1}}), 422, "body/queries/q/limit"),
    (form(queries={"q": {"query": "x", "limit": 101}}), 422, "body/queries/q/limit"),
    (form(queries={"q": {"query": "x", "limit": True}}), 422, "body/queries/q/limit"),
    (form(queries={"q": {"query": "x", "limit": 1e400}}), 422, "body/queries"),
    (form(queries={"q": {"query": "x", "type_strict": "maybe"}}), 422, "body/queries/q/type_strict"),
    (
        form(queries={"q": {"query": "x", "properties": [{"pid": "forse", "v": 1}]}}),
        422,
        "body/queries/q/properties/0/pid",
    ),
    (form(queries={"q": {"query": "x", "properties": [{"pid": "force"}]}}), 422, "body/queries/q/properties/0/v"),
    (
        form(queries={"q": {"query": "x", "properties": [{"pid": "force", "v": {"name": "x"}}]}}),
        422,
        "body/queries/q/pro",
    ),
    (form(queries={"q": {"query": "x", "properties": [{"pid": "force", "v": ["x"] * 21}]}}), 422, "body/queries/q/pro"),
    (form(queries=MANY), 413, "body/queries"),
    (form(queries=ROWS), 413, "body/queries"),
    (form(extend={"ids": ["force:x"]}), 422, "body/extend/properties"),
    (form(extend={"ids": "force:x", "properties": []}), 422, "body/extend/ids"),
    (form(extend={"ids": [], "properties": [{"id": "nmae"}]}), 422, "body/extend/properties/0/id"),
    (form(extend={"ids": ["x"] * (MOST_IDS + 1), "properties": []}), 413, "body/extend"),
    (b"queries=" + b"x" * 1_000_001, 413, "body"),
]


@pytest.mark.parametrize(("body", "status", "location"), HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_hostile_bodies(client: httpx.Client, body: bytes, status: int, location: str) -> None:
    answer = client.post(PATH, content=body, headers=FORM)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["errors"][0]["location"].startswith(location), answer.text
    assert answer.json()["errors"][0]["message"]


def test_hostile_requests(client: httpx.Client) -> None:
    for headers in ({}, {"Content-Type": "application/json"}, {"Content-Type": "multipart/form-data; boundary=x"}):
        refused = client.post(PATH, content=b'{"queries": {}}', headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (415, "/problems/unsupported-media-type")
    endless = client.post(PATH, content=(b"x" * 65_536 for _ in range(32)), headers=FORM)
    assert (endless.status_code, endless.json()["type"]) == (413, "/problems/content-too-large")
    for query, location in (
        ("callback=f", "query/callback"),
        ("queries={", "query/queries"),
        ("queries=%ff", "query/queries"),
        ("queries={}&extend={}", "query/queries"),
        ("query=Beds", "query/query"),
    ):
        answer = client.get(f"{PATH}?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["location"]) == (422, location), query
    assert client.get(f"{PATH}/suggest/entity?prefix=x&cursor=-1").json()["errors"][0]["location"] == "query/cursor"
    assert client.get(f"{PATH}/suggest/entity?prefix=x&type=farce").status_code == 422
    assert client.get(f"{PATH}/suggest/entity?prefix=x&callback=f").status_code == 422
    assert client.get(f"{PATH}/properties?limit=many").status_code == 422
    answer = client.get(PATH, headers={"Host": 'x"><script>'})
    assert "<script>" not in answer.text


def test_strange_names_are_read_as_names(client: httpx.Client) -> None:
    for text in ("Bedfordshire\nPolice", "\ufeffBedfordshire\u00a0Police\u200b", "Bedfordshire Police" + " " * 5_000):
        assert taken(one(client, text)) == "force:bedfordshire", text
    for text in ("'; DROP TABLE record; --", '" OR *', "%_%", "(((", "\x00", "🚓" * 300, "a " * 40_000, "NEAR(x y)"):
        found = one(client, text)
        assert taken(found) is None, text

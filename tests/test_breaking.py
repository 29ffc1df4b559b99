"""The check of the contract refuses what breaks a client, and nothing else."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from scripts.check_breaking import Comparison

UNIT: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "lead": {"type": ["object", "null"], "properties": {"edtf": {"type": "string"}}, "required": ["edtf"]},
        "ended": {"anyOf": [{"$ref": "#/components/schemas/Date"}, {"type": "null"}]},
        "successors": {"type": "array", "items": {"$ref": "#/components/schemas/Unit"}},
    },
}
DATE = {"type": "object", "required": ["edtf"], "properties": {"edtf": {"type": "string"}}}
KIND = {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["unit", "department"]}}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}}
LIST = {"type": "array", "items": {"$ref": "#/components/schemas/Unit"}}
SENT = {"schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": ["string", "null"]}}}}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/units": {
            "get": {
                "operationId": "list_units",
                "parameters": [KIND, {"$ref": "#/components/parameters/limit"}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": LIST}}},
                    "404": {"$ref": "#/components/responses/not-found"},
                },
            },
            "post": {
                "operationId": "add_unit",
                "requestBody": {"content": {"application/json": SENT}},
                "responses": {"201": {"description": "Added."}},
            },
        },
    },
    "components": {
        "schemas": {"Unit": UNIT, "Date": DATE},
        "parameters": {"limit": LIMIT},
        "responses": {"not-found": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}},
    },
}

Change = Callable[[dict[str, Any]], object]


def breaks(change: Change) -> list[str]:
    new = deepcopy(DOCUMENT)
    change(new)
    return sorted(Comparison(DOCUMENT, new).breaks())


def operation(document: dict[str, Any], method: str = "get") -> Any:
    return document["paths"]["/units"][method]


def kind(document: dict[str, Any]) -> Any:
    return operation(document)["parameters"][0]


def limit(document: dict[str, Any]) -> Any:
    return document["components"]["parameters"]["limit"]


def unit(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["Unit"]


def sent(document: dict[str, Any]) -> Any:
    return operation(document, "post")["requestBody"]["content"]["application/json"]["schema"]


ENDED = "GET /units 200[].ended"
BREAKING: dict[str, Change] = {
    "GET /units: removed": lambda new: new["paths"].pop("/units"),
    "POST /units: removed": lambda new: new["paths"]["/units"].pop("post"),
    "GET /units: has another operationId": lambda new: operation(new).update(operationId="units"),
    "GET /units query/kind: removed": lambda new: operation(new)["parameters"].pop(0),
    "GET /units query/limit: now required": lambda new: limit(new).update(required=True),
    "GET /units query/by: now required": lambda new: operation(new)["parameters"].append(
        {"name": "by", "in": "query", "required": True, "schema": {"type": "string"}}
    ),
    "GET /units query/kind: written in another style": lambda new: kind(new).update(explode=False),
    "GET /units query/kind: 'unit' is no longer taken": lambda new: kind(new)["schema"]["enum"].remove("unit"),
    "GET /units query/kind: string is no longer taken": lambda new: kind(new).update(schema={"type": "integer"}),
    "GET /units query/limit: takes only some values": lambda new: limit(new)["schema"].update(enum=[1]),
    "GET /units query/limit: maximum is stricter": lambda new: limit(new)["schema"].update(maximum=100),
    "GET /units query/limit: minimum is stricter": lambda new: limit(new)["schema"].update(minimum=2),
    "POST /units body: now required": lambda new: operation(new, "post")["requestBody"].update(required=True),
    "POST /units body.name: removed": lambda new: sent(new)["properties"].pop("name"),
    "POST /units body.id: now required": lambda new: sent(new)["required"].append("id"),
    "POST /units body.name: null is no longer taken": lambda new: sent(new)["properties"]["name"].update(type="string"),
    "GET /units 404: removed": lambda new: operation(new)["responses"].pop("404"),
    "GET /units 200: application/json removed": lambda new: operation(new)["responses"]["200"]["content"].clear(),
    "GET /units 200[].name: removed": lambda new: unit(new)["properties"].pop("name"),
    "GET /units 200[].name: may now be missing": lambda new: unit(new)["required"].remove("name"),
    "GET /units 200[].id: integer was never": lambda new: unit(new)["properties"].update(id={"type": "integer"}),
    "GET /units 200[].id: null was never": lambda new: unit(new)["properties"]["id"].update(type=["string", "null"]),
    f"{ENDED}: string was never": lambda new: unit(new)["properties"]["ended"]["anyOf"].append({"type": "string"}),
    f"{ENDED}.edtf: removed": lambda new: new["components"]["schemas"]["Date"]["properties"].pop("edtf"),
}
HARMLESS: dict[str, Change] = {
    "nothing": len,
    "a new path": lambda new: new["paths"].update({"/people": new["paths"]["/units"]}),
    "a new operation": lambda new: new["paths"]["/units"].update(put=operation(new)),
    "a new parameter": lambda new: operation(new)["parameters"].append({**KIND, "name": "sort"}),
    "a new value to send": lambda new: kind(new)["schema"]["enum"].append("command"),
    "a higher limit": lambda new: limit(new)["schema"].update(maximum=500),
    "a pattern": lambda new: kind(new)["schema"].update(pattern="^[a-z]+$"),
    "a limit that was always kept": lambda new: kind(new)["schema"].update(minLength=1),
    "no limit": lambda new: limit(new)["schema"].pop("maximum"),
    "more types to send": lambda new: limit(new)["schema"].update(type=["integer", "string"]),
    "integers among numbers": lambda new: limit(new)["schema"].update(type="number"),
    "a new field to send": lambda new: sent(new)["properties"].update(note={"type": "string"}),
    "a name for what may be null": lambda new: unit(new)["properties"].update(lead=UNIT["properties"]["ended"]),
    "a new status": lambda new: operation(new)["responses"].update({"410": {"description": "Gone."}}),
    "a new field in answers": lambda new: unit(new)["properties"].update(note={"type": "string"}),
    "a field that is always there now": lambda new: unit(new)["required"].append("ended"),
    "a field that is never null now": lambda new: unit(new)["properties"]["ended"]["anyOf"].pop(),
    "other words": lambda new: unit(new).update(description="A unit."),
    "a schema written out": lambda new: unit(new)["properties"]["ended"].update(anyOf=[DATE, {"type": "null"}]),
}


@pytest.mark.parametrize(("said", "change"), BREAKING.items(), ids=BREAKING)
def test_what_breaks_a_client_is_named(said: str, change: Change) -> None:
    assert any(line.startswith(said) for line in breaks(change))


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_breaks_no_client_is_let_through(change: Change) -> None:
    assert breaks(change) == []


def test_one_change_is_named_once() -> None:
    assert breaks(lambda new: unit(new)["properties"].pop("id")) == ["GET /units 200[].id: removed"]


def test_the_documents_are_left_alone() -> None:
    before = json.dumps(DOCUMENT)
    assert breaks(len) == []
    assert json.dumps(DOCUMENT) == before

"""The reconciliation service as its clients ask it; every answer is checked against the protocol."""

import json
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from tests.api.test_collections import closed
from tests.reconciliation import protocol_schemas as schemas
from tests.registry_in_use import SOURCE, Document, force, save, unit, withdraw

PATH = "/v1/reconcile"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def valid(schema: Document, answer: Any) -> Any:
    Draft202012Validator(schema).validate(answer)
    return answer


def conforms(openapi: Document, path: str, answer: Any, method: str = "get") -> None:
    """The answer is what the OpenAPI document says of the operation, and has no field that it does not describe."""
    schema = openapi["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    components = {"schemas": closed(openapi["components"]["schemas"])}
    Draft202012Validator({**closed(schema), "components": components}).validate(answer)


def ask(client: httpx.Client, queries: Document, query: str = "") -> Document:
    valid(schemas.QUERIES, queries)
    answer = client.post(PATH + query, data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    found: Document = valid(schemas.RESULTS, answer.json())
    assert list(found) == list(queries)
    return found


def one(client: httpx.Client, text: str | None = None, query: str = "", **more: Any) -> list[Document]:
    """The candidates for one query."""
    question = more if text is None else {"query": text, **more}
    found: list[Document] = ask(client, {"q": question}, query)["q"]["result"]
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)
    assert sum(each["match"] for each in found) <= 1
    return found


def taken(candidates: list[Document]) -> str | None:
    return next((each["id"] for each in candidates if each["match"]), None)


def extend(client: httpx.Client, ids: list[str], *properties: str | Document, query: str = "") -> Document:
    wanted = [{"id": each} if isinstance(each, str) else each for each in properties]
    answer = client.post(PATH + query, data={"extend": json.dumps({"ids": ids, "properties": wanted})})
    assert answer.status_code == 200, answer.text
    found: Document = valid(schemas.EXTENSION, answer.json())
    assert list(found["rows"]) == ids
    return found


def suggest(client: httpx.Client, what: str, **parameters: Any) -> list[Document]:
    answer = client.get(f"{PATH}/suggest/{what}", params=parameters)
    assert answer.status_code == 200, answer.text
    schema = {"entity": schemas.ENTITIES, "property": schemas.PROPERTIES, "type": schemas.TYPES}[what]
    found: list[Document] = valid(schema, answer.json())["result"]
    return found


def save_changes(url: str) -> None:
    """A force that was renamed, one dissolved, twins, a duplicate, and a unit whose name means mischief."""
    save(
        url,
        SOURCE,
        force("alpha", name="Alphashire Constabulary"),
        force("beta", name="Betashire Police", started="1857", ended="1967-04-01", observed=["1966"]),
        force("gamma"),
        force("delta"),
        unit("twin-one", "alpha", "gamma", name="Joint Dog Unit", started="2010-04-01"),
        unit("twin-two", "gamma", "delta", name="Joint Dog Unit", started="2012-05"),
        {
            **unit("mischief", "alpha", "gamma"),
            "name": "=cmd|' /C calc'!A0 <script>alert(1)</script>",
            "kind": "department",
            "participants": [
                {"organisation": "force:alpha", "started": "2010", "ended": "2012-01-01"},
                {"organisation": "force:gamma", "started": "2010", "observed": ["2014"]},
            ],
        },
    )
    save(url, force("alpha", name="Alpha Police"))
    withdraw(url, "force:delta", "force:gamma")

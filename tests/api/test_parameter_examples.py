"""The values that the documentation offers give answers, and are never sent unseen."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.parameter_examples import KEY
from app.main import create_app
from app.settings import Settings

PATHS: dict[str, Any] = create_app(Settings(database_url="sqlite:///never-opened.db")).openapi()["paths"]
ENDLESS = "text/event-stream"
READS = [
    (path, methods["get"])
    for path, methods in PATHS.items()
    # what takes a key gives no answer to whoever tries
    if "get" in methods
    and "security" not in methods["get"]
    and ENDLESS not in methods["get"]["responses"].get("200", {}).get("content", {})
]


@pytest.mark.parametrize(("path", "operation"), READS, ids=[path for path, _ in READS])
def test_each_gives_an_answer(everything: httpx.Client, path: str, operation: Any) -> None:
    offered = {each["name"]: each[KEY] for each in operation["parameters"] if KEY in each}
    placed = {each["name"]: each["in"] for each in operation["parameters"]}
    required = [each for each in operation["parameters"] if each["required"]]
    needed = {each["name"]: offered.pop(each["name"], None) or each["schema"]["enum"][0] for each in required}
    given = {name: value for name, value in needed.items() if placed[name] == "query"}
    if path.endswith("/series"):
        given |= {name: offered.pop(name) for name in ("from", "to")}  # or `as_of`, and so neither is required
    address = path.format(**needed)
    assert everything.get(address, params=given).status_code == 200
    if not path.startswith("/v1/exports/"):
        for name, value in offered.items():
            stead = {} if name == "as_of" and path.endswith("/series") else given
            answer = everything.get(address, params={**stead, name: value})
            assert answer.status_code == 200, f"{name}: {answer.text[:300]}"


def test_no_example_is_filled_in_by_itself() -> None:
    # Swagger UI fills in all of these, and would send them
    for _, operation in READS:
        for parameter in operation["parameters"]:
            assert not {"example", "examples"} & (parameter.keys() | parameter["schema"].keys())
    assert sum(KEY in each for _, operation in READS for each in operation["parameters"]) > 300


def test_what_a_request_cannot_do_without_is_required() -> None:
    required = {
        path: {each["name"] for each in operation["parameters"] if each["required"] and each["in"] == "query"}
        for path, operation in READS
    }
    assert required["/v1/statistics/joint-units/series"] == required["/v1/network"] == set()
    assert required["/v1/search"] == required["/v1/suggest"] == {"q"}
    assert required["/v1/forces/{id}/diff"] == {"from"}


def test_groups_come_in_the_order_in_which_people_ask() -> None:
    tags = [tag["name"] for tag in create_app(Settings(database_url="sqlite:///never-opened.db")).openapi()["tags"]]
    assert tags[:3] == ["joint-units", "forces", "agreements"]
    assert tags[-6:] == ["writing", "proposals", "reports", "log", "webhooks", "reconciliation"]
    assert {tag for methods in PATHS.values() for each in methods.values() for tag in each["tags"]} == set(tags)


def test_presence_is_explained_on_the_page() -> None:
    description = create_app(Settings(database_url="sqlite:///never-opened.db")).openapi()["info"]["description"]
    for word in ("certain", "presumed", "possible", "absent"):
        assert f"| `{word}` |" in description


def test_the_page_has_a_filter_and_offers_examples() -> None:
    script = (Path(__file__).parents[2] / "app" / "api" / "static" / "docs.js").read_text()
    assert "filter: true" in script
    assert json.dumps(KEY) in script

"""What is written down is what there is: settings, rules, and the contract with its examples."""

import importlib
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.catalogue import CATALOGUE
from app.main import create_app
from app.registry.rules import rules_of
from app.settings import Settings
from scripts.openapi import steady

ROOT = Path(__file__).parent.parent
CONTRACT = json.loads((ROOT / "openapi" / "v1.json").read_text())

ENDLESS = "/v1/changes/events"


ENDLESS = "/v1/changes/events"


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{method} {path}", each) for path, found in CONTRACT["paths"].items() for method, each in found.items()]


def reads() -> list[tuple[str, dict[str, Any]]]:
    return [(path, methods["get"]) for path, methods in CONTRACT["paths"].items() if "get" in methods]


def test_every_rule_has_its_line() -> None:
    page = (ROOT / "docs" / "rules.md").read_text()
    for collection in CATALOGUE:
        for rule in rules_of(collection):
            assert f"| `{rule.id}` |" in page
            assert rule.check.__doc__


def test_the_contract_is_what_the_application_says() -> None:
    app = create_app(Settings(database_url="sqlite:///never-opened.db"))
    assert app.openapi() == CONTRACT, "run: make openapi"


def test_every_schema_has_one_plain_name() -> None:
    """Generators make a type of each: two readings of one shape would become two types, `A__Input` and `A__Output`."""
    schemas = CONTRACT["components"]["schemas"]
    assert [name for name in schemas if not name.isalnum()] == []
    titles = [schema.get("title") for schema in schemas.values() if "title" in schema]
    assert len(titles) == len(set(titles))
    spelt_out = [schema for schema in schemas.values() if json.dumps(schema).count('"title": "Reference"')]
    assert len(spelt_out) == 1


def test_operations_are_named_for_clients() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() and name.islower() for name in names)
    assert {"list_joint_units", "get_joint_unit", "get_joint_unit_history", "get_joint_unit_diff"} <= set(names)


def test_everything_is_described() -> None:
    for path, operation in operations():
        assert operation["summary"], path
        assert operation["description"], path
        assert all(parameter["description"] for parameter in operation["parameters"]), path
    for name, schema in CONTRACT["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            assert "description" in described or "$ref" in described, f"{name}.{field}"


def test_every_error_is_declared_as_a_problem() -> None:
    for path, operation in operations():
        for status, response in operation["responses"].items():
            if status[0] in "45":
                name = response["$ref"].rpartition("/")[2]
                content = CONTRACT["components"]["responses"][name]["content"]
                assert list(content) == ["application/problem+json"], path
        kept = path.startswith("get ") and "security" not in operation and path != f"get {ENDLESS}"
        assert {"422", "500", "503"} | ({"304"} if kept else set()) <= set(operation["responses"]), path
        assert any(status[0] == "2" for status in operation["responses"]), path


def test_examples_are_what_the_service_answers(client: httpx.Client, everything: httpx.Client) -> None:
    shown = 0
    for path, operation in reads():
        example = operation["responses"]["200"]["content"].get("application/json", {}).get("example")
        if example:
            holding = everything if path.startswith("/v1/organisations") else client
            assert steady(holding.get(example["links"]["self"]).json()) == example, path
            shown += 1
    assert shown >= 48


VOCABULARY = re.findall(
    r"^\| ([a-z ]+) \| .+ \| `([\w.]+)` \|$", (ROOT / "docs" / "vocabulary.md").read_text(), re.MULTILINE
)


@pytest.mark.parametrize(("word", "carrier"), VOCABULARY)
def test_a_word_of_the_vocabulary_has_its_class(word: str, carrier: str) -> None:
    module, _, name = carrier.rpartition(".")
    assert hasattr(importlib.import_module(module), name), word


def test_a_word_has_one_line() -> None:
    lines = (ROOT / "docs" / "vocabulary.md").read_text().splitlines()
    assert len(VOCABULARY) == sum(line.startswith("| ") and "`app." in line for line in lines)
    assert len({word for word, _ in VOCABULARY}) == len({carrier for _, carrier in VOCABULARY}) == len(VOCABULARY)

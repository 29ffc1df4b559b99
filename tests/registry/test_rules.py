"""What no record of any kind can say of itself."""

import pytest

from app.registry.documents.canonical import Document
from app.registry.rules import not_its_own_predecessor, not_part_of_itself
from tests.stated import nowhere


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"id": "dogs"}, []),
        ({"id": "dogs", "part_of": "joint-unit:cats"}, []),
        ({"id": "dogs", "part_of": "joint-unit:bch-dogs"}, []),
        ({"id": "dogs", "part_of": "joint-unit:dogs"}, ["/part_of"]),
    ],
)
def test_nothing_is_part_of_itself(document: Document, pointers: list[str]) -> None:
    assert [finding.pointer for finding in not_part_of_itself(document, nowhere)] == pointers


def following(*earlier: str, key: str = "unit") -> Document:
    return {"id": "dogs", "predecessors": [{key: target, "relation": "replaces"} for target in earlier]}


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"id": "dogs"}, []),
        (following("joint-unit:cats"), []),
        (following("joint-unit:cats", "joint-unit:dogs"), ["/predecessors/1"]),
        (following("alliance:dogs", key="alliance"), ["/predecessors/0"]),
        ({**following("joint-unit:cats"), "id": "replaces"}, []),
    ],
)
def test_nothing_precedes_itself(document: Document, pointers: list[str]) -> None:
    assert [finding.pointer for finding in not_its_own_predecessor(document, nowhere)] == pointers

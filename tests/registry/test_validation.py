"""What is read of a document before anything else is."""

from typing import Any

import pytest

from app.catalogue import CATALOGUE
from app.registry.documents.canonical import canonical_json, pointer_exists
from app.registry.writing.validation import identity_of


@pytest.mark.parametrize("slug", ["a", "bch-dog-unit", "7f", "x" * 120])
def test_an_id(slug: str) -> None:
    assert identity_of({"type": "force", "id": slug}, CATALOGUE) == (f"force:{slug}", [])


@pytest.mark.parametrize("slug", ["", "A", "a--b", "-a", "a-", "a_b", "a b", "ä", "x" * 121, 7, None, "a\n"])
def test_no_id(slug: Any) -> None:
    target, ((pointer, _),) = identity_of({"type": "force", "id": slug}, CATALOGUE)
    assert (target, pointer) == (None, "/id")


@pytest.mark.parametrize("kind", ["froce", "Force", "", None, ["force"], 1])
def test_no_type(kind: Any) -> None:
    target, ((pointer, _),) = identity_of({"type": kind, "id": "a"}, CATALOGUE)
    assert (target, pointer) == (None, "/type")


DOCUMENT = {"a": [{"b/c": 1, "d~e": None}, 2], "0": "zero", "": "empty"}


@pytest.mark.parametrize("pointer", ["", "/a", "/a/0", "/a/1", "/a/0/b~1c", "/a/0/d~0e", "/0", "/"])
def test_pointers_that_lead_somewhere(pointer: str) -> None:
    assert pointer_exists(DOCUMENT, pointer)


@pytest.mark.parametrize(
    "pointer", ["/b", "/a/2", "/a/-", "/a/x", "/a/0/b", "/0/0", "/a/-1", "/a/\u0661", "/a/0/b/c", "a", "#/a"]
)
def test_pointers_that_lead_nowhere(pointer: str) -> None:
    assert not pointer_exists(DOCUMENT, pointer)


def test_the_canonical_form_has_sorted_keys_and_nothing_between() -> None:
    assert (
        canonical_json({"b": [1, {"d": None, "c": "ä"}], "a": True}) == '{"a":true,"b":[1,{"c":"ä","d":null}]}'.encode()
    )

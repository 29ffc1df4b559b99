"""What records are called by, and where JSON Pointers lead."""

from typing import Any

import pytest

from app.catalogue import CATALOGUE
from app.registry.chunks import chunked
from app.registry.documents.canonical import pointed_at, pointer_exists
from app.registry.documents.references import Ref


def test_a_ref_reads_as_it_is_written() -> None:
    ref = Ref.parse("joint-unit:bch-dog-unit")
    assert ref == Ref("joint-unit", "bch-dog-unit")
    assert f"{ref}" == "joint-unit:bch-dog-unit"


def test_a_ref_has_a_type() -> None:
    with pytest.raises(ValueError, match="bch-dog-unit"):
        Ref.parse("bch-dog-unit")


def test_a_ref_is_what_a_reference_object_leads_to() -> None:
    made = CATALOGUE.reference(Ref("force", "kent"), "Kent Police")
    assert made == {"id": "kent", "type": "force", "name": "Kent Police", "url": "/v1/forces/kent"}
    assert Ref.of(made) == Ref("force", "kent")


def test_what_has_no_name_is_called_by_its_id() -> None:
    assert CATALOGUE.reference(Ref("claim", "savings"), None)["name"] == "savings"


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("/name", "Kent"),
        ("/parts/0/role", "lead"),
        ("/a~1b", 1),
        ("/m~0n", 2),
        ("/null", None),
        ("", {"name": "Kent", "parts": [{"role": "lead"}], "a/b": 1, "m~n": 2, "null": None}),
    ],
)
def test_a_pointer_leads_to_what_it_names(pointer: str, found: Any) -> None:
    document = {"name": "Kent", "parts": [{"role": "lead"}], "a/b": 1, "m~n": 2, "null": None}
    assert pointer_exists(document, pointer)
    assert pointed_at(document, pointer, "nothing") == found


@pytest.mark.parametrize(
    "pointer",
    ["/nothing", "/parts/1", "/parts/-", "/parts/\u0660", "/parts/00", "/parts/-1", "/name/0", "/parts/role", "/~2"],
)
def test_a_pointer_leads_nowhere_else(pointer: str) -> None:
    document = {"name": "Kent", "parts": [{"role": "lead"}], "~2": 1}
    assert not pointer_exists(document, pointer)
    assert pointed_at(document, pointer) is None


@pytest.mark.parametrize(("many", "found"), [(0, []), (1, [[0]]), (4, [[0, 1], [2, 3]]), (5, [[0, 1], [2, 3], [4]])])
def test_chunks_hold_all_and_no_more_than_asked(many: int, found: list[list[int]]) -> None:
    assert list(chunked(range(many), 2)) == found

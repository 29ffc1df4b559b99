"""Which citations bear out a field, and in what form other values of it are told."""

from typing import Any

import pytest

from app.catalogue import CATALOGUE
from app.evidence.citations import covering
from app.reads.typed_values import typed
from tests.stated import day, ref


def cited(source: str, *about: str, value: Any = None) -> Any:
    return {"source": {"id": source}, "about": list(about), "value": value}


CITATIONS = [
    cited("whole"),
    cited("starts", "/started"),
    cited("list", "/started", "/name"),
    cited("list", "/started", value="2002"),
    cited("part", "/participants/1"),
    cited("part", "/participants/1/ended", value="2012"),
    cited("all", value="a rumour"),
]


@pytest.mark.parametrize(
    ("pointers", "expected"),
    [
        (("/started",), ["whole", "starts"]),
        (("/name",), ["whole", "list"]),
        (("/started", "/name"), ["whole", "starts", "list"]),
        (("/participants/1",), ["whole"]),
        (("/participants/1/started",), ["whole", "part"]),
        (("/participants/0/ended",), ["whole"]),
        (("/participants",), ["whole"]),
        (("",), ["whole", "starts", "list", "part"]),
    ],
)
def test_what_bears_out_a_field(pointers: tuple[str, ...], expected: list[str]) -> None:
    assert [citation["source"]["id"] for citation in covering(CITATIONS, *pointers)] == expected


@pytest.mark.parametrize(
    ("kind", "pointer", "value", "expected"),
    [
        ("joint-unit", "/started", "2002", day("2002")),
        ("joint-unit", "/started", {"edtf": "2002"}, day("2002")),
        ("joint-unit", "/started", {"edtf": "2002", "text": "early on"}, {**day("2002"), "text": "early on"}),
        ("joint-unit", "/ended", "unknown", day("unknown")),
        ("joint-unit", "/started", "after the war", "after the war"),
        ("joint-unit", "/observed", "2013-11", [day("2013-11")]),
        ("joint-unit", "/observed/0", "2013-11", day("2013-11")),
        ("joint-unit", "/participants/1/ended", "2012", day("2012")),
        ("joint-unit", "/participants/1/organisation", "force:kent", ref("force:kent")),
        ("joint-unit", "/participants/1/organisation", "kent", "kent"),
        ("joint-unit", "/alliance", "ring", ref("alliance:ring")),
        ("joint-unit", "/alliance", "nowhere", "nowhere"),
        ("joint-unit", "/kind", "department", "department"),
        ("joint-unit", "/no/such/field", "2002", "2002"),
        ("joint-unit", "", False, False),
        ("agreement", "/covers", "joint-unit:dogs", [ref("joint-unit:dogs")]),
        ("claim", "/amount", {"value": "12"}, {"value": "12", "currency": None}),
    ],
)
def test_a_value_has_the_form_of_its_field(kind: str, pointer: str, value: Any, expected: Any) -> None:
    plan = CATALOGUE.by_type[kind].plan
    assert typed(plan, pointer, value, lambda name: None if "nowhere" in name else ref(name)) == expected

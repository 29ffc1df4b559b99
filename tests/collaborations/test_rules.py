"""What is refused or warned of in joint units, and what is just not."""

from typing import Any

import pytest

from app.collaborations.rules import one_part_at_a_time, two_organisations
from app.registry.documents.canonical import Document
from tests.stated import nowhere


def unit(*participants: Document) -> Document:
    return {"id": "dogs", "participants": list(participants)}


def part(who: str, **fields: Any) -> Document:
    return {"organisation": who, **fields}


ALPHA, BETA = part("force:alpha"), part("force:beta")
FEW = "names fewer than two organisations"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"id": "dogs"}, FEW),
        (unit(), FEW),
        (unit(ALPHA), FEW),
        (unit(ALPHA, ALPHA), FEW),
        (unit(part("governance-body:board"), part("governance-body:pcc")), "names no force, and a joint unit has one"),
        (unit(ALPHA, part("governance-body:board")), None),
        (unit(ALPHA, part("organisation:council")), None),
        (unit(ALPHA, BETA), None),
        (unit(ALPHA, BETA, part("governance-body:board")), None),
    ],
)
def test_two_organisations_run_a_unit(document: Document, message: str | None) -> None:
    found = list(two_organisations(document, nowhere))
    assert [finding.pointer for finding in found] == ["/participants"] * bool(message)
    assert all(str(message) in finding.message for finding in found)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"started": "2010", "ended": "2012"}, {"started": "2013"}),
        ({"started": "2010", "ended": "2012-04-01"}, {"started": "2012-04-01"}),
        ({"started": "2012-04-01"}, {"started": "2010", "ended": "2012-04-01"}),
        ({"started": "2010", "ended": "2012-04"}, {"started": "2012-04"}),
        ({"started": "2010", "ended": "2012-04"}, {"started": "2012"}),
        ({"started": "2010", "ended": "unknown"}, {"started": "2012"}),
        ({"started": "2010"}, {}),
        ({}, {}),
    ],
)
def test_parts_may_touch_and_what_may_be_apart_is_let_be(first: Document, second: Document) -> None:
    document = unit(part("force:alpha", **first), part("force:alpha", **second))
    assert list(one_part_at_a_time(document, nowhere)) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"started": "2010", "ended": "2012-04-02"}, {"started": "2012-04-01"}),
        ({"started": "2012-04-01"}, {"started": "2010", "ended": "2012-04-02"}),
        ({"started": "2010"}, {"started": "2012"}),
        ({"started": "2012"}, {"started": "2012"}),
        ({"started": {"edtf": "2010", "text": "early on"}}, {"observed": ["2012"]}),
    ],
)
def test_a_day_that_both_have_is_one_too_many(first: Document, second: Document) -> None:
    document = unit(BETA, part("force:alpha", **first), part("force:alpha", **second))
    (finding,) = one_part_at_a_time(document, nowhere)
    assert finding.pointer == "/participants/2"
    assert finding.message == "force:alpha takes part already; end the earlier part first"


def test_two_organisations_may_take_part_at_once() -> None:
    same = {"started": "2010"}
    document = unit(part("force:alpha", **same), part("force:beta", **same), part("governance-body:alpha", **same))
    assert list(one_part_at_a_time(document, nowhere)) == []

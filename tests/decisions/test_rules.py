"""What is refused in business cases and decisions, and what is just not."""

from typing import Any

import pytest

from app.decisions.rules import decided_by_an_approver, stages_in_order
from app.registry.documents.canonical import Document
from tests.stated import looking, nowhere


def case(*stages: tuple[str, Any]) -> Document:
    return {"id": "case", "stages": [{"stage": name, **({"reached": day} if day else {})} for name, day in stages]}


@pytest.mark.parametrize(
    "document",
    [
        {"id": "case"},
        case(("outline", "2010")),
        case(("outline", "2010-05-01"), ("full", "2010-05-01")),
        case(("outline", "2010-05-01"), ("full", "2010-05-02")),
        case(("full", "2011"), ("outline", "2010")),
        case(("outline", "2010-05"), ("full", "2010")),
        case(("outline", None), ("full", None)),
        case(("option", "2010"), ("outline", None), ("full", "2010")),
        case(("outline", "2012"), ("full", {"edtf": "2012", "text": "later that year"})),
    ],
)
def test_stages_in_their_order(document: Document) -> None:
    assert list(stages_in_order(document, nowhere)) == []


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (case(("outline", "2010-05-02"), ("full", "2010-05-01")), "/stages/1/reached"),
        (case(("full", "2010-05-01"), ("outline", "2010-05-02")), "/stages/0/reached"),
        (case(("outline", "2011"), ("full", "2010")), "/stages/1/reached"),
        (case(("option", "2012"), ("outline", None), ("final", "2011")), "/stages/2/reached"),
        (case(("option", "2012"), ("outline", "[2010..]"), ("final", "2011")), "/stages/2/reached"),
        (case(("outline", "2012"), ("full", {"edtf": "2011", "text": "the year before"})), "/stages/1/reached"),
    ],
)
def test_a_stage_before_an_earlier_one_is_refused(document: Document, pointer: str) -> None:
    (finding,) = stages_in_order(document, nowhere)
    assert (finding.pointer, finding.message) == (pointer, "is before an earlier stage was reached")


def test_a_stage_named_twice_is_refused() -> None:
    (finding,) = stages_in_order(case(("full", None), ("outline", None), ("full", None)), nowhere)
    assert (finding.pointer, finding.message) == ("/stages/2", "names the stage full twice")


DECISION = {"id": "one", "subject": "business-case:case", "body": "force:gamma", "outcome": "approved"}
LOOK = looking(case={"approvers": ["force:alpha", "governance-body:beta"]}, open={})


@pytest.mark.parametrize("outcome", ["approved", "refused"])
def test_who_is_no_approver_settles_nothing(outcome: str) -> None:
    (finding,) = decided_by_an_approver({**DECISION, "outcome": outcome}, LOOK)
    assert (finding.pointer, finding.message) == ("/body", "force:gamma is none of the case's approvers")


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "force:alpha"},
        {"body": "governance-body:beta", "outcome": "refused"},
        {"outcome": "deferred"},
        {"outcome": "delegated"},
        {"outcome": "noted"},
        {"subject": "business-case:open"},
        {"subject": "business-case:gone"},
    ],
)
def test_an_approver_may_and_others_may_take_note(fields: Document) -> None:
    assert list(decided_by_an_approver({**DECISION, **fields}, LOOK)) == []


@pytest.mark.parametrize(
    "document",
    [
        {**DECISION, "subject": "agreement:case"},
        {"id": "one", "body": "force:gamma", "outcome": "approved"},
    ],
)
def test_decisions_on_other_things_have_no_approvers(document: Document) -> None:
    assert list(decided_by_an_approver(document, nowhere)) == []


def test_a_decision_of_nobody_is_let_be() -> None:
    document = {name: value for name, value in DECISION.items() if name != "body"}
    assert list(decided_by_an_approver(document, LOOK)) == []

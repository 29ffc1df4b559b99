"""The stage of a business case, and where its approval stands at each."""

import pytest

from app.decisions.derived import approval, stage
from app.registry.collection import Phase
from app.registry.documents.canonical import Document
from app.registry.documents.references import ReferenceObject
from tests.stated import ref

ALPHA, BETA = ref("force:alpha"), ref("force:beta")


@pytest.mark.parametrize(
    ("stages", "latest"),
    [
        ([], None),
        (["option"], "option"),
        (["option", "outline"], "outline"),
        (["full", "outline"], "full"),
        (["consultation", "full"], "consultation"),
        (["final", "consultation", "option"], "final"),
    ],
)
def test_the_latest_stage_is_the_furthest(stages: list[str], latest: str | None) -> None:
    assert stage({"stages": [{"stage": name} for name in stages]}, Phase()) == latest


def test_a_case_without_stages_has_none() -> None:
    assert stage({}, Phase()) is None


def decided(body: ReferenceObject, name: str | None, outcome: str = "approved") -> Document:
    return {"body": body, "stage": name, "outcome": outcome}


def case(*decisions: Document, stages: tuple[str, ...] = ("outline", "full")) -> Document:
    found = {"approvers": [ALPHA, BETA], "decisions": list(decisions), "stages": [{"stage": name} for name in stages]}
    return {**found, "stage": stage(found, Phase())}


def test_it_stands_as_it_does_at_the_latest_stage_and_at_each_before() -> None:
    found = approval(case(decided(ALPHA, "outline"), decided(BETA, "outline"), decided(ALPHA, "full")), Phase())
    assert (found["status"], found["outstanding"]) == ("outstanding", [BETA])
    assert [(each["stage"], each["status"]) for each in found["stages"]] == [
        ("outline", "approved"),
        ("full", "outstanding"),
    ]


def test_a_decision_without_a_stage_counts_at_the_latest_alone() -> None:
    found = approval(case(decided(ALPHA, None), decided(BETA, "full")), Phase())
    assert found["status"] == "approved"
    assert [each["status"] for each in found["stages"]] == ["outstanding", "outstanding"]


def test_a_stage_that_was_only_decided_on_is_shown_in_its_place() -> None:
    found = approval(case(decided(ALPHA, "final", "refused"), stages=("full", "option")), Phase())
    assert [each["stage"] for each in found["stages"]] == ["option", "full", "final"]
    assert [each["status"] for each in found["stages"]] == ["outstanding", "outstanding", "refused"]
    assert found["status"] == "outstanding"
    assert found["required"] == [ALPHA, BETA]

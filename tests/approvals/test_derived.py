"""Where an approval stands."""

from typing import Any

import pytest

from app.approvals.derived import approval_of
from app.registry.documents.canonical import Document
from app.registry.documents.references import ReferenceObject
from tests.stated import ref

ALPHA, BETA = ref("force:alpha"), ref("force:beta")


def decided(body: ReferenceObject | None, outcome: str, stage: str | None = None, **fields: Any) -> Document:
    return {"body": body, "outcome": outcome, "stage": stage, **fields}


@pytest.mark.parametrize(
    ("decisions", "status", "outstanding"),
    [
        ([], "outstanding", [ALPHA, BETA]),
        ([decided(ALPHA, "approved")], "outstanding", [BETA]),
        ([decided(ALPHA, "approved"), decided(BETA, "approved")], "approved", []),
        ([decided(ALPHA, "approved"), decided(BETA, "refused")], "refused", []),
        ([decided(ALPHA, "refused")], "refused", [BETA]),
        ([decided(ALPHA, "approved"), decided(BETA, "deferred")], "outstanding", [BETA]),
        ([decided(ALPHA, "approved"), decided(BETA, "delegated")], "outstanding", [BETA]),
        ([decided(ALPHA, "approved"), decided(BETA, "noted")], "outstanding", [BETA]),
        ([decided(ALPHA, "approved"), decided(None, "approved")], "outstanding", [BETA]),
        ([decided(ALPHA, "approved"), decided(ref("governance-body:beta"), "approved")], "outstanding", [BETA]),
    ],
)
def test_every_body_that_is_required_must_approve(
    decisions: list[Document], status: str, outstanding: list[ReferenceObject]
) -> None:
    standing = approval_of([ALPHA, BETA], decisions, None)
    assert (standing["status"], standing["outstanding"]) == (status, outstanding)


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [
        ("refused", "approved", "approved"),
        ("approved", "refused", "refused"),
        ("approved", "deferred", "outstanding"),
        ("deferred", "approved", "approved"),
    ],
)
def test_the_latest_decision_of_a_body_counts(first: str, then: str, status: str) -> None:
    standing = approval_of([ALPHA], [decided(ALPHA, first), decided(ALPHA, then)], None)
    assert standing["status"] == status
    assert sum(len(standing[name]) for name in ("given", "refused", "deferred")) == 1


@pytest.mark.parametrize(
    ("stage", "asked", "status"),
    [
        (None, "full", "approved"),
        ("full", "full", "approved"),
        ("outline", "full", "outstanding"),
        ("outline", None, "approved"),
    ],
)
def test_a_decision_counts_at_its_stage_and_one_without_a_stage_at_each(
    stage: str | None, asked: str | None, status: str
) -> None:
    assert approval_of([ALPHA], [decided(ALPHA, "approved", stage)], asked)["status"] == status


@pytest.mark.parametrize(
    ("presence", "outcome", "status"),
    [
        ("possible", "approved", "outstanding"),
        ("presumed", "approved", "approved"),
        ("certain", "approved", "approved"),
        ("possible", "refused", "outstanding"),
        ("certain", "refused", "refused"),
    ],
)
def test_what_may_not_have_been_decided_yet_settles_nothing(presence: str, outcome: str, status: str) -> None:
    assert approval_of([ALPHA], [decided(ALPHA, outcome, presence=presence)], None)["status"] == status


@pytest.mark.parametrize("outcome", ["deferred", "delegated"])
@pytest.mark.parametrize("presence", ["possible", "certain"])
def test_who_put_it_off_or_left_it_to_others_is_shown(outcome: str, presence: str) -> None:
    standing = approval_of([ALPHA], [decided(ALPHA, outcome, presence=presence)], None)
    assert (standing["deferred"], standing["outstanding"]) == ([ALPHA], [ALPHA])


@pytest.mark.parametrize(
    ("decisions", "status"),
    [
        ([], "not_recorded"),
        ([decided(ALPHA, "approved")], "not_recorded"),
        ([decided(ALPHA, "refused")], "refused"),
    ],
)
def test_where_nobody_is_required_only_a_refusal_is_known(decisions: list[Document], status: str) -> None:
    assert approval_of([], decisions, None)["status"] == status

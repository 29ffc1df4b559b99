"""What answers hold of approvals, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from typing import TypedDict

from app.reads.answers.records import ServedDate, ServedPresent
from app.registry.documents.references import ReferenceObject


class ServedAgreementDecision(ServedPresent):
    """What a body decided on the agreement."""

    decision: ReferenceObject
    body: ReferenceObject | None
    stage: str | None
    outcome: str | None
    decided: ServedDate | None


class ServedApprovalStanding(TypedDict):
    """Where an approval stands, by the latest decision of each body."""

    given: list[ReferenceObject]
    refused: list[ReferenceObject]
    deferred: list[ReferenceObject]
    outstanding: list[ReferenceObject]
    status: str


class ServedStageStanding(ServedApprovalStanding):
    """Where the approval stood at one stage."""

    stage: str


class ServedApproval(ServedApprovalStanding):
    """Whose approval is needed, and where it stands: of a business case at its latest stage."""

    required: list[ReferenceObject]
    stages: list[ServedStageStanding]

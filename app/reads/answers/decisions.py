"""What answers hold of decisions, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from app.reads.answers.approvals import ServedAgreementDecision, ServedApproval
from app.reads.answers.records import ServedDate, ServedPresent, ServedRecord
from app.registry.documents.references import ReferenceObject


class ServedStage(ServedPresent):
    """A stage that the case reached."""

    stage: str
    reached: ServedDate | None


class ServedBusinessCase(ServedRecord):
    """A proposal on its way. It holds from the day its first stage was reached."""

    url: str
    name: str
    alliance: ReferenceObject | None
    functions: list[ReferenceObject]
    proposes: list[ReferenceObject]
    stages: list[ServedStage]
    approvers: list[ReferenceObject]
    decisions: list[ServedAgreementDecision]
    stage: str | None
    approval: ServedApproval | None


class ServedDecision(ServedRecord):
    """What a body decided. It holds from the day it was `decided`."""

    url: str
    name: str | None
    body: ReferenceObject | None
    subject: ReferenceObject | None
    stage: str | None
    outcome: str | None
    decided: ServedDate | None
    decided_by: str | None
    reference: str | None
    conditions: list[str]

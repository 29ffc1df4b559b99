"""What answers hold, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from app.reads.answer_part_types import (
    ServedAgreementDecision,
    ServedAllianceParticipation,
    ServedAlliancePredecessor,
    ServedAmount,
    ServedApproval,
    ServedCheck,
    ServedCitation,
    ServedCostShare,
    ServedCoveringAgreement,
    ServedDate,
    ServedGovernedBy,
    ServedHeldPost,
    ServedIdentifier,
    ServedLegalBasis,
    ServedMembership,
    ServedMissingParty,
    ServedOtherName,
    ServedOversight,
    ServedParty,
    ServedPost,
    ServedPredecessor,
    ServedProposingCase,
    ServedPublication,
    ServedScopeStatement,
    ServedStage,
    ServedSuccessor,
    ServedTermination,
    ServedUnitParticipation,
)
from app.registry.documents.references import ReferenceObject


class ServedRecord(TypedDict):
    """What every answer holds."""

    id: str
    type: str
    presence: NotRequired[str]
    presence_of_record: NotRequired[str]
    other_names: list[ServedOtherName]
    note: str | None
    identifiers: list[ServedIdentifier]
    citations: list[ServedCitation]
    revision: int
    not_recorded: list[str]


class ServedSource(ServedRecord):
    """A document that says something. It holds from the day it was `published`."""

    url: str | None
    name: str
    kind: str | None
    publisher: str | None
    published: ServedDate | None
    archived_url: str | None
    retrieved: ServedDate | None
    sha256: str | None
    copy_on: str | None
    language: str | None
    checks: list[ServedCheck]
    citation: str | None


class ServedFunction(ServedRecord):
    """An entry of a scheme that sorts what police forces do."""

    url: str
    name: str
    scheme: str
    code: str | None
    broader: ReferenceObject | None


class ServedForce(ServedRecord):
    """A police force."""

    url: str
    name: str
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    kind: str | None
    country: str | None
    region: str | None
    short_name: str | None
    website: str | None
    successors: list[ReferenceObject]
    governed_by: list[ServedGovernedBy]
    posts: list[ServedPost]


class ServedGovernanceBody(ServedRecord):
    """A body that governs or oversees: an authority, a commissioner, a board, a programme team, an inspectorate."""

    url: str
    name: str
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    kind: str | None
    oversees: list[ServedOversight]
    members: list[ServedMembership]
    location: str | None
    successors: list[ReferenceObject]
    officers: list[ServedPost]


class ServedPartnerOrganisation(ServedRecord):
    """Any other organisation that takes part: a fire or ambulance service, a council, a company, a force elsewhere."""

    url: str
    name: str
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    kind: str | None
    country: str | None
    website: str | None
    successors: list[ReferenceObject]


class ServedPerson(ServedRecord):
    """A person in public office. Only what the office makes public is recorded."""

    url: str
    name: str
    appointments: list[ServedHeldPost]


class ServedAppointment(ServedRecord):
    """A person in a post."""

    url: str
    name: str | None
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    person: ReferenceObject
    body: ReferenceObject
    post: str
    status: str | None


class ServedAlliance(ServedRecord):
    """A standing partnership or programme of forces."""

    url: str
    name: str
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    kind: str | None
    participants: list[ServedAllianceParticipation]
    scope: list[ServedScopeStatement]
    part_of: ReferenceObject | None
    predecessors: list[ServedAlliancePredecessor]


class ServedJointUnit(ServedRecord):
    """A unit run by two or more forces."""

    url: str
    name: str
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    kind: str | None
    functions: list[ReferenceObject]
    alliance: ReferenceObject | None
    part_of: ReferenceObject | None
    participants: list[ServedUnitParticipation]
    governance: list[ReferenceObject]
    location: str | None
    end_reason: str | None
    predecessors: list[ServedPredecessor]
    successors: list[ServedSuccessor]
    agreements: list[ServedCoveringAgreement]
    proposed_by: list[ServedProposingCase]
    lifecycle: str | None


class ServedAgreement(ServedRecord):
    """A legal instrument. It holds from `commences` (else `made`) until, not including, `expires`."""

    url: str
    name: str
    kind: str | None
    legal_basis_as_stated: str | None
    legal_basis: ServedLegalBasis | None
    parties: list[ServedParty]
    covers: list[ReferenceObject]
    made: ServedDate | None
    commences: ServedDate | None
    expires: ServedDate | None
    observed: list[ServedDate]
    review_due: ServedDate | None
    part_of: ReferenceObject | None
    varies: ReferenceObject | None
    cost_shares: list[ServedCostShare]
    termination: ServedTermination | None
    publications: list[ServedPublication]
    missing_parties: list[ServedMissingParty]
    decisions: list[ServedAgreementDecision]
    approval: ServedApproval | None


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


class ServedClaim(ServedRecord):
    """What a source says of money, benefit or number. It holds from the day it was `claimed`."""

    url: str
    name: str | None
    kind: str
    subject: ReferenceObject | None
    standing: str | None
    amount: ServedAmount | None
    bound: str | None
    basis: str | None
    period: ServedDate | None
    claimed: ServedDate | None
    text: str | None
    scope: list[ReferenceObject]
    supersedes: list[ReferenceObject]


RECORD_TYPES: Mapping[type, str] = {
    ServedSource: "source",
    ServedFunction: "function",
    ServedForce: "force",
    ServedGovernanceBody: "governance-body",
    ServedPartnerOrganisation: "organisation",
    ServedPerson: "person",
    ServedAppointment: "appointment",
    ServedAlliance: "alliance",
    ServedJointUnit: "joint-unit",
    ServedAgreement: "agreement",
    ServedBusinessCase: "business-case",
    ServedDecision: "decision",
    ServedClaim: "claim",
}
"""The type of the records with each of these answers."""

"""What answers hold of collaborations, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from typing import TypedDict

from app.reads.answers.records import ServedDate, ServedDated, ServedPresent, ServedRecord
from app.registry.documents.references import ReferenceObject


class ServedAllianceParticipation(ServedDated):
    """An organisation's part in an alliance."""

    organisation: ReferenceObject
    role: str | None


class ServedScopeStatement(TypedDict):
    """What is expressly in or out of scope."""

    function: ReferenceObject | None
    text: str | None
    in_scope: bool
    reason: str | None


class ServedAlliancePredecessor(TypedDict):
    """An earlier alliance that this one follows."""

    alliance: ReferenceObject
    relation: str
    basis: str


class ServedUnitParticipation(ServedDated):
    """An organisation's part in a joint unit."""

    organisation: ReferenceObject
    role: str | None


class ServedPredecessor(TypedDict):
    """An earlier unit that this one follows."""

    unit: ReferenceObject
    relation: str
    basis: str


class ServedSuccessor(ServedDated):
    """A later unit that follows this one, with the later unit's dates."""

    unit: ReferenceObject
    relation: str
    basis: str


class ServedCoveringAgreement(ServedDated):
    """An agreement that covers the unit; it holds from `commences` (else `made`) until `expires`."""

    agreement: ReferenceObject
    kind: str | None


class ServedProposingCase(ServedPresent):
    """A business case that proposes the unit."""

    business_case: ReferenceObject


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

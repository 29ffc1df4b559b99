"""Which records have which answers. Written by `scripts/answer_types.py`: change the shapes instead."""

from collections.abc import Mapping

from app.reads.answers.agreements import ServedAgreement
from app.reads.answers.collaborations import ServedAlliance, ServedJointUnit
from app.reads.answers.decisions import ServedBusinessCase, ServedDecision
from app.reads.answers.evidence import ServedClaim, ServedFunction, ServedSource
from app.reads.answers.organisations import ServedForce, ServedGovernanceBody, ServedPartnerOrganisation
from app.reads.answers.people import ServedAppointment, ServedPerson

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

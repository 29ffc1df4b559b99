"""What answers hold of agreements, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from typing import TypedDict

from app.reads.answers.approvals import ServedAgreementDecision, ServedApproval
from app.reads.answers.records import ServedDate, ServedPresent, ServedRecord
from app.registry.documents.references import ReferenceObject


class ServedLegalBasis(TypedDict):
    """The law that applied when the agreement was made, derived from `made` and from who the parties are."""

    regimes: list[str]
    certain: bool


class ServedParty(ServedPresent):
    """A party to an agreement, from `joined` until, not including, `left`."""

    organisation: ReferenceObject
    capacity: str | None
    joined: ServedDate | None
    left: ServedDate | None
    observed: list[ServedDate]


ServedCostShare = TypedDict(
    "ServedCostShare",
    {"party": ReferenceObject, "percent": str | None, "method": str | None, "from": ServedDate | None},
)
"""The share of the cost that a party bears (Police Act 1996 s.23B)."""


class ServedTermination(TypedDict):
    """What the agreement says of its end."""

    notice_months: int | None
    cost_rule: str | None


class ServedPublication(TypedDict):
    """How one party published the agreement (Police Act 1996 s.23E)."""

    url: str | None
    publisher: ReferenceObject
    form: str
    on: ServedDate | None
    reason: str | None


class ServedMissingParty(TypedDict):
    """A signature that the law asks for and that is not recorded."""

    force: ReferenceObject
    capacity: str
    organisation: ReferenceObject | None


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
    through: list[ReferenceObject]
    missing_parties: list[ServedMissingParty]
    decisions: list[ServedAgreementDecision]
    approval: ServedApproval | None

"""What parts of answers hold, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from typing import Any, NotRequired, TypedDict

from app.registry.documents.references import ReferenceObject


class ServedDate(TypedDict):
    """A day as well as the sources know it."""

    edtf: str
    earliest: str | None
    latest: str | None
    text: str


ServedOtherName = TypedDict("ServedOtherName", {"name": str, "from": ServedDate | None, "to": ServedDate | None})
"""A name that is or was also used."""


class ServedCheck(TypedDict):
    """What came of asking for an address of the source: an observation of the address, not of what the source says."""

    address: str
    checked: ServedDate
    outcome: str
    status: int | None
    location: str | None


class ServedIdentifier(TypedDict):
    """The record's id in another scheme."""

    scheme: str
    value: str


class ServedCitation(TypedDict):
    """The evidence for a record or for some of its fields."""

    source: ReferenceObject
    locator: str | None
    about: list[str]
    basis: str
    among: int | None
    value: Any
    note: str | None


class ServedGovernedBy(TypedDict):
    """A body that governed or oversaw the force, and when."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    body: ReferenceObject


class ServedPost(TypedDict):
    """Someone in a post, from an appointment."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    appointment: ReferenceObject
    person: ReferenceObject
    post: str
    status: str | None


class ServedOversight(TypedDict):
    """What a body governs or oversees, and when."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    subject: ReferenceObject


class ServedMembership(TypedDict):
    """An organisation's place in a governance body."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    organisation: ReferenceObject
    role: str | None


class ServedHeldPost(TypedDict):
    """A post that a person held, from an appointment."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    appointment: ReferenceObject
    body: ReferenceObject
    post: str
    status: str | None


class ServedAllianceParticipation(TypedDict):
    """An organisation's part in an alliance."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
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


class ServedUnitParticipation(TypedDict):
    """An organisation's part in a joint unit."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    organisation: ReferenceObject
    role: str | None


class ServedPredecessor(TypedDict):
    """An earlier unit that this one follows."""

    unit: ReferenceObject
    relation: str
    basis: str


class ServedSuccessor(TypedDict):
    """A later unit that follows this one, with the later unit's dates."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    unit: ReferenceObject
    relation: str
    basis: str


class ServedCoveringAgreement(TypedDict):
    """An agreement that covers the unit; it holds from `commences` (else `made`) until `expires`."""

    presence: NotRequired[str]
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    agreement: ReferenceObject
    kind: str | None


class ServedProposingCase(TypedDict):
    """A business case that proposes the unit."""

    presence: NotRequired[str]
    business_case: ReferenceObject


class ServedLegalBasis(TypedDict):
    """The law that applied when the agreement was made, derived from `made` and from who the parties are."""

    regimes: list[str]
    certain: bool


class ServedParty(TypedDict):
    """A party to an agreement, from `joined` until, not including, `left`."""

    presence: NotRequired[str]
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


class ServedAgreementDecision(TypedDict):
    """What a body decided on the agreement."""

    presence: NotRequired[str]
    decision: ReferenceObject
    body: ReferenceObject | None
    stage: str | None
    outcome: str | None
    decided: ServedDate | None


class ServedStageStanding(TypedDict):
    """Where the approval stood at one stage."""

    given: list[ReferenceObject]
    refused: list[ReferenceObject]
    deferred: list[ReferenceObject]
    outstanding: list[ReferenceObject]
    status: str
    stage: str


class ServedApproval(TypedDict):
    """Whose approval is needed, and where it stands: of a business case at its latest stage."""

    given: list[ReferenceObject]
    refused: list[ReferenceObject]
    deferred: list[ReferenceObject]
    outstanding: list[ReferenceObject]
    status: str
    required: list[ReferenceObject]
    stages: list[ServedStageStanding]


class ServedStage(TypedDict):
    """A stage that the case reached."""

    presence: NotRequired[str]
    stage: str
    reached: ServedDate | None


class ServedAmount(TypedDict):
    """An amount; for a count, without a currency."""

    value: str
    currency: str | None

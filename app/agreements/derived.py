"""What is worked out of agreements: the law they were made under, who must sign, whose approval is needed."""

from datetime import date

from app.agreements.schemas import AgreementKind, Capacity, Regime
from app.approvals.derived import approval_of
from app.organisations.derived import POLICING_BODIES
from app.registry.collection import Phase, Pointing
from app.registry.dates import parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Presence

REGIMES = (
    (Regime.S23_1996, 0),
    (Regime.S23_2009, date(2010, 3, 12).toordinal()),
    (Regime.S22A, date(2012, 1, 16).toordinal()),
)
"""Each regime with its first day: Policing and Crime Act 2009 s.5 (SI 2010/507 art 4) replaced the first section 23,
Police Reform and Social Responsibility Act 2011 s.89 (SI 2011/3019 art 3) put section 22A in its place."""

NOT_STATUTORY = (AgreementKind.MEMORANDUM, AgreementKind.STRATEGY, AgreementKind.CONTRACT)
"""The kinds that no section of the Police Act 1996 asks anything of."""


def legal_basis(agreement: Document, phase: Phase) -> Document | None:
    """The regimes that the date an agreement was made leaves open; None where it is not recorded or not statutory.

    `{"regimes": ["s23_2009", "s22a"], "certain": False}` for January 2012.
    """
    if not agreement["made"] or agreement["kind"] in NOT_STATUTORY:
        return None
    made = parse_edtf(agreement["made"]["edtf"])
    ends = [first for _, first in REGIMES[1:]] + [made.latest + 1]
    regimes = [
        regime
        for (regime, first), end in zip(REGIMES, ends, strict=True)
        if made.latest >= first and made.earliest < end
    ]
    return {"regimes": regimes, "certain": len(regimes) == 1}


def missing_parties(agreement: Document, pointing: Pointing) -> list[Document]:
    """Signatures that Police Act 1996 s.22A(3) asks for: each force's chief officer and its policing body."""
    if agreement["kind"] in NOT_STATUTORY:
        return []
    missing = []
    signed = {Ref.of(party["organisation"]) for party in agreement["parties"]}
    for party in agreement["parties"]:
        force = party["organisation"]
        if force["type"] == "force":
            bodies = _maintaining(force["id"], agreement, pointing)
            if not any(Ref.of(body) in signed for body in bodies):
                known = bodies[0] if len(bodies) == 1 else None
                missing.append({"force": force, "capacity": Capacity.POLICING_BODY, "organisation": known})
    return missing


def _maintaining(force: str, agreement: Document, pointing: Pointing) -> list[ReferenceObject]:
    """The policing bodies that maintained the force when the agreement was made, or ever, where that is unknown."""
    when = parse_edtf(agreement["made"]["edtf"]) if agreement["made"] else None
    return [
        body["ref"]
        for body, period in pointing(f"force:{force}", "governance-body.oversees")
        if body.get("kind") in POLICING_BODIES and (when is None or period.presence(when) is not Presence.ABSENT)
    ]


def approval(agreement: Document, phase: Phase) -> Document:
    """Every party must approve; that the agreement was made shows that they did."""
    required = list({Ref.of(party["organisation"]): party["organisation"] for party in agreement["parties"]}.values())
    standing = approval_of(required, agreement["decisions"], None)
    shown = agreement["made"] or agreement["commences"] or agreement["observed"]
    if shown and phase.begun and standing["status"] == "outstanding":
        standing |= {"outstanding": [], "status": "made"}
    return {"required": required, **standing, "stages": []}

"""What is worked out of agreements: the law they were made under, who must sign, whose approval is needed."""

from collections.abc import Sequence
from datetime import date

from app.agreements.schemas import AgreementKind, Capacity, Regime
from app.approvals.derived import approval_of
from app.organisations.derived import POLICING_BODIES
from app.registry.collection import Look, Phase, Pointing
from app.registry.dates import Span, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Presence

ENGLAND, SCOTLAND = "England", "Scotland"
REGIMES = (
    (Regime.S23_1996, 0),
    (Regime.S23_2009, date(2010, 3, 12).toordinal()),
    (Regime.S22A, date(2012, 1, 16).toordinal()),
)
"""Each regime with its first day: Policing and Crime Act 2009 s.5 (SI 2010/507 art 4) replaced the first section 23,
Police Reform and Social Responsibility Act 2011 s.89 (SI 2011/3019 art 3) put section 22A in its place."""

SCOTTISH = (
    (Regime.S12_1967, 0),
    (Regime.ART8_2013, date(2013, 4, 1).toordinal()),
)
"""The same for forces of Scotland: Police (Scotland) Act 1967 s.12, and since there is one force SI 2013/602 art 8."""

EMERGENCY_SERVICES = date(2017, 1, 31).toordinal()
"""Royal Assent of the Policing and Crime Act 2017, before which its sections 1 to 5 cannot have been used. From when on
they could was not found, and police with others may have used the Police Act instead: they are never certain."""
BLUE_LIGHT = ("fire_and_rescue", "ambulance")

NOT_STATUTORY = (AgreementKind.MEMORANDUM, AgreementKind.STRATEGY, AgreementKind.CONTRACT)
"""The kinds that no section of the Police Act 1996 asks anything of."""


def legal_basis(agreement: Document, look: Look) -> Document | None:
    """The regimes that the date and the parties leave open; None where no date is recorded or it is not statutory.

    `{"regimes": ["s23_2009", "s22a"], "certain": False}` for January 2012.
    """
    if not agreement["made"] or agreement["kind"] in NOT_STATUTORY:
        return None
    made = parse_edtf(agreement["made"]["edtf"])
    parties = [
        (Ref.of(party["organisation"]), look(str(Ref.of(party["organisation"]))) or {})
        for party in agreement["parties"]
    ]
    forces = {said.get("country") for ref, said in parties if ref.type == "force"}
    regimes = [] if forces == {SCOTLAND} else _of_the_day(REGIMES, made)
    if SCOTLAND in forces:
        regimes += _of_the_day(SCOTTISH, made)
    if ENGLAND in forces and any(_blue_light(said) for _, said in parties) and made.latest >= EMERGENCY_SERVICES:
        regimes.append(Regime.PCA_2017)
    return {"regimes": regimes, "certain": len(regimes) == 1}


def _of_the_day(regimes: Sequence[tuple[Regime, int]], made: Span) -> list[Regime]:
    ends = [first for _, first in regimes[1:]] + [made.latest + 1]
    days = zip(regimes, ends, strict=True)
    return [regime for (regime, first), end in days if made.latest >= first and made.earliest < end]


def _blue_light(party: Document) -> bool:
    """A fire and rescue service or an ambulance trust that is said to be of England, where alone the Act holds."""
    return party.get("kind") in BLUE_LIGHT and party.get("country") == ENGLAND


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


def through(agreement: Document, pointing: Pointing) -> list[ReferenceObject]:
    """The units and alliances by which an agreement without recorded parties reaches those who take part in them."""
    if agreement["parties"]:
        return []
    return [covered for covered in agreement["covers"] if covered["type"] in ("joint-unit", "alliance")]


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

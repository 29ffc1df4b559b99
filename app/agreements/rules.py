"""Rules of agreements: the legal regimes, who must sign, whose approval is needed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from app.agreements.schemas import AgreementKind, Capacity, Regime
from app.organisations.rules import POLICING_BODIES
from app.registry.collection import Finding, Look, Phase, Pointing
from app.registry.dates import parse_edtf
from app.registry.documents.canonical import Document

REGIMES = (
    (Regime.S23_1996, 0),
    (Regime.S23_2009, date(2010, 3, 12).toordinal()),
    (Regime.S22A, date(2012, 1, 16).toordinal()),
)
"""Each regime with its first day: Policing and Crime Act 2009 s.5 (SI 2010/507 art 4) replaced the first section 23,
Police Reform and Social Responsibility Act 2011 s.89 (SI 2011/3019 art 3) put section 22A in its place."""

NOT_STATUTORY = (AgreementKind.MEMORANDUM, AgreementKind.STRATEGY, AgreementKind.CONTRACT)


def legal_basis(agreement: Document, phase: Phase) -> Document | None:
    """The regimes that the date an agreement was made leaves open; None where it is not recorded or not statutory."""
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
    signed = {(party["organisation"]["type"], party["organisation"]["id"]) for party in agreement["parties"]}
    for party in agreement["parties"]:
        force = party["organisation"]
        if force["type"] == "force":
            bodies = _maintaining(force["id"], agreement, pointing)
            if not any(("governance-body", body["id"]) in signed for body in bodies):
                known = bodies[0] if len(bodies) == 1 else None
                missing.append({"force": force, "capacity": Capacity.POLICING_BODY, "organisation": known})
    return missing


def _maintaining(force: str, agreement: Document, pointing: Pointing) -> list[Document]:
    """The policing bodies that maintained the force when the agreement was made, or ever, where that is unknown."""
    when = parse_edtf(agreement["made"]["edtf"]) if agreement["made"] else None
    return [
        body["ref"]
        for body, period in pointing(f"force:{force}", "governance-body.oversees")
        if body.get("kind") in POLICING_BODIES and (when is None or period.presence(when) != "absent")
    ]


def approval_of(required: list[Document], decisions: Iterable[Document], stage: str | None) -> Document:
    """Where the approval stands, by the latest decision of each body at this stage."""
    latest: dict[tuple[str, str], Document] = {}
    for decision in decisions:
        if decision.get("presence") == "possible" and decision["outcome"] in ("approved", "refused"):
            continue  # it may not have been taken yet on the day asked for
        if decision["body"] and (stage is None or decision["stage"] in (None, stage)):
            latest[decision["body"]["type"], decision["body"]["id"]] = decision
    by_outcome = defaultdict(list)
    for decision in latest.values():
        by_outcome[decision["outcome"]].append(decision["body"])
    given, refused = by_outcome["approved"], by_outcome["refused"]
    settled = [(body["type"], body["id"]) for body in given + refused]
    outstanding = [body for body in required if (body["type"], body["id"]) not in settled]
    answer = {"given": given, "refused": refused}
    answer |= {"deferred": by_outcome["deferred"] + by_outcome["delegated"], "outstanding": outstanding}
    return answer | {"status": _status(required, refused, outstanding)}


def _status(required: list[Document], refused: list[Document], outstanding: list[Document]) -> str:
    if refused:
        return "refused"
    if not required:
        return "not_recorded"
    return "outstanding" if outstanding else "approved"


def approval(agreement: Document, phase: Phase) -> Document:
    """Every party must approve; that the agreement was made shows that they did."""
    parties = {(party["organisation"]["type"], party["organisation"]["id"]): party for party in agreement["parties"]}
    required = [party["organisation"] for party in parties.values()]
    standing = approval_of(required, agreement["decisions"], None)
    shown = agreement["made"] or agreement["commences"] or agreement["observed"]
    if shown and phase.begun and standing["status"] == "outstanding":
        standing |= {"outstanding": [], "status": "made"}
    return {"required": required, **standing, "stages": []}


def shares_make_100(document: Document, look: Look) -> Iterator[Finding]:
    """Cost shares that hold from the same day make 100 percent."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for share in document.get("cost_shares", []):
        if "percent" in share:
            totals[str(share.get("from", ""))] += Decimal(share["percent"])
    for since, total in totals.items():
        if total != 100:
            yield Finding("/cost_shares", f"make {total} percent{' from ' + since if since else ''}, not 100")

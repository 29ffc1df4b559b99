"""Rules on what does not agree: with the law of the time, with other records, with itself."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.agreements.rules import shares_make_100
from app.agreements.schemas import Regime
from app.analysis.quality.rule import Found, Known, QualityRule
from app.analysis.quality.schemas import Severity
from app.organisations.rules import COMMISSIONERS_FROM
from app.organisations.schemas import BodyKind, ForceKind
from app.reads.claimed_units import counts_units, meant
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import AFTER_ALL, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref

MOST_PARTIES_UNCONSULTED = 6
"""Policing and Crime Act 2009 s.5 (s.23C(1)): with six or more other parties, the Secretary of State is consulted."""

_SECTION = re.compile(r"\b(?:section|sections|s\.?|ss\.?)\s*(22A|23A|23)\b", re.IGNORECASE)
_REGIMES = {
    "22A": {Regime.S22A},
    "23A": {Regime.S23_2009},
    "23": {Regime.S23_1996, Regime.S23_2009},
}
_MINISTER = re.compile(r"secretary of state|home secretary|home office|minister", re.IGNORECASE)


def fewer_than_two_forces(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """A joint unit of which fewer than two forces are known to take part."""
    parts = entry.parts("participants")
    forces = {Ref.of(part["organisation"]) for part, period in parts if known.there(period)}
    many = sum(ref.type == "force" for ref in forces)
    if many < 2:
        yield Found("/participants", f"{('no force', 'one force alone')[many]} is named as taking part")


def regime_stated_against_derived(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """The section that a source names is not the one that applied when the agreement was made."""
    basis, stated = entry.answer["legal_basis"], entry.answer["legal_basis_as_stated"]
    sections = [found.upper() for found in _SECTION.findall(stated or "")]
    meant = {regime for section in sections for regime in _REGIMES[section]}
    if basis and meant and not meant & set(basis["regimes"]):
        yield Found("/legal_basis_as_stated", f"says '{stated}', but {_applied(basis)} applied when it was made")


def _applied(basis: Document) -> str:
    names = {Regime.S23_1996: "the first section 23", Regime.S23_2009: "section 23 or 23A of 2010"}
    return " or ".join(names.get(Regime(regime), "section 22A") for regime in basis["regimes"])


def shares_not_100(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """Cost shares that hold from the same day do not make 100 percent."""
    shares = [{name: _stated(value) for name, value in share.items() if value} for share in entry.answer["cost_shares"]]
    for finding in shares_make_100({"cost_shares": shares}, known.look):
        yield Found(finding.pointer, finding.message)


def _stated(value: Any) -> Any:
    """A served value as it was stated, where that is shorter."""
    return value.get("edtf", value) if isinstance(value, dict) else value


def commissioner_before_2012(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """A police and crime commissioner before 22 November 2012, when the first took office."""
    if entry.collection.type == "agreement":
        for index, party in _parties(entry, known, (BodyKind.PCC, BodyKind.PFCC)):
            joined = entry.answer["parties"][index]["joined"] or _signed(entry)
            if joined and parse_edtf(joined["edtf"]).latest < COMMISSIONERS_FROM:
                yield Found(f"/parties/{index}", f"{party.answer['name']} did not exist when it was made")
        return
    commissioner = entry.answer["kind"] in (BodyKind.PCC, BodyKind.PFCC)
    if commissioner and entry.answer["started"] and entry.period.begins_latest < COMMISSIONERS_FROM:
        yield Found("/started", "is before 22 November 2012, when the first commissioners took office")


def authority_after_2012(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """A police authority after 22 November 2012, when the Act of 2011 abolished them."""
    if entry.collection.type == "agreement":
        signed = _signed(entry)
        for index, party in _parties(entry, known, (BodyKind.POLICE_AUTHORITY,)):
            if signed and parse_edtf(signed["edtf"]).earliest >= COMMISSIONERS_FROM and _abolished(party, known):
                yield Found(f"/parties/{index}", f"{party.answer['name']} no longer existed when it was made")
        return
    authority = entry.answer["kind"] == BodyKind.POLICE_AUTHORITY and _abolished(entry, known)
    if authority and entry.period.possible_until > COMMISSIONERS_FROM:
        yield Found("/ended", "is not recorded to have ended by 22 November 2012, when authorities were abolished")


def _parties(entry: RecordSnapshot, known: Known, kinds: tuple[BodyKind, ...]) -> Iterator[tuple[int, RecordSnapshot]]:
    """The parties of an agreement that are bodies of these kinds, each with its place."""
    for index, part in enumerate(entry.answer["parties"]):
        body = known.get(part["organisation"])
        if body and body.collection.type == "governance-body" and body.answer["kind"] in kinds:
            yield index, body


def _signed(entry: RecordSnapshot) -> Document | None:
    """The day of signing, or else of commencement."""
    day: Document | None = entry.answer["made"] or entry.answer["commences"]
    return day


def _abolished(body: RecordSnapshot, known: Known) -> bool:
    """Whether the Act of 2011 abolished it: it did not touch those of special forces, or outside England and Wales."""
    for part in body.answer["oversees"]:
        force = known.get(part["subject"])
        if force and force.collection.type == "force":
            foreign = force.answer["country"] not in (None, "England", "Wales")
            if foreign or force.answer["kind"] == ForceKind.SPECIAL:
                return False
    return True


def secretary_of_state_not_consulted(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """An agreement of 2010 to 2012 with seven or more parties, and no consultation of the Secretary of State."""
    basis = entry.answer["legal_basis"]
    parties = {Ref.of(part["organisation"]) for part in entry.answer["parties"]}
    if basis and Regime.S23_2009 in basis["regimes"] and len(parties) > MOST_PARTIES_UNCONSULTED:
        bodies = [decision["body"]["name"] for decision in entry.answer["decisions"] if decision["body"]]
        if not any(_MINISTER.search(text) for text in (*bodies, entry.answer["note"] or "")):
            reason = f"has {len(parties)} parties, and no consultation of the Secretary of State is recorded"
            yield Found("/parties", reason if basis["certain"] else f"{reason}; it may be of 2010 to 2012")


def approval_outstanding_after_start(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """A proposed unit is at work although an approval that it needs is refused or not recorded."""
    approval = entry.answer["approval"]
    for reference in entry.answer["proposes"] if approval["status"] in ("refused", "outstanding") else ():
        unit = known.get(reference)
        if unit and unit.period.begins_latest <= known.days.latest and unit.period.begins_latest < AFTER_ALL:
            lacking = ", ".join(body["name"] for body in approval["refused"] or approval["outstanding"])
            what = "was refused by" if approval["refused"] else "is not recorded of"
            yield Found("/approvers", f"approval {what} {lacking}, although {unit.answer['name']} has a start")


def claimed_count_against_named(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """A source counts more, or fewer, joint units than the registry can name for the same forces at that time."""
    if counts_units(claim := entry.answer):
        named = len(meant(known.of("joint-unit"), claim)[0])
        if Decimal(claim["amount"]["value"]) != named:
            text = f"the source counts {claim['amount']['value']}, and {named} that had begun by then are named here"
            yield Found("/amount", text)


RULES = (
    QualityRule(
        *(
            "fewer-than-two-forces",
            Severity.WARNING,
            ("joint-unit",),
            "Name the other forces, or check that it is joint.",
        ),
        check=fewer_than_two_forces,
    ),
    QualityRule(
        *("regime-stated-against-derived", Severity.NOTE, ("agreement",)),
        "Check the day of signing; if it is right, keep the wording: old names lived on.",
        check=regime_stated_against_derived,
    ),
    QualityRule(
        *("shares-not-100", Severity.WARNING, ("agreement",), "Complete the shares, or correct them."),
        check=shares_not_100,
    ),
    QualityRule(
        *("commissioner-before-2012", Severity.ERROR, ("governance-body", "agreement")),
        "Name the police authority of that time, or correct the date.",
        check=commissioner_before_2012,
        needs=("governance-body",),
    ),
    QualityRule(
        *("authority-after-2012", Severity.WARNING, ("governance-body", "agreement")),
        "Name the commissioner of that time, or record when the authority ended.",
        check=authority_after_2012,
        needs=("governance-body", "force"),
    ),
    QualityRule(
        *("secretary-of-state-not-consulted", Severity.NOTE, ("agreement",)),
        "Look for the consultation, and record it as a decision on the agreement.",
        check=secretary_of_state_not_consulted,
    ),
    QualityRule(
        *("approval-outstanding-after-start", Severity.WARNING, ("business-case",)),
        "Look for the decisions that are lacking.",
        check=approval_outstanding_after_start,
        needs=("joint-unit",),
    ),
    QualityRule(
        *("claimed-count-against-named", Severity.NOTE, ("claim",), "Look for the units that nobody names."),
        check=claimed_count_against_named,
        needs=("joint-unit",),
    ),
)

"""Rules on what does not agree: with the law of the time, with other records, with itself."""

import re
from collections.abc import Iterator
from decimal import Decimal

from app.agreements.schemas import Regime
from app.analysis.quality.rule import Known, QualityRule
from app.reads.claimed_units import counts_units, meant
from app.reads.snapshots import RecordSnapshot
from app.registry.collection import Finding, Severity
from app.registry.dates import AFTER_ALL
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
_NAMES = {
    Regime.S23_1996: "the first section 23",
    Regime.S23_2009: "section 23 or 23A of 2010",
    Regime.S22A: "section 22A",
    Regime.S12_1967: "section 12 of the Police (Scotland) Act 1967",
    Regime.ART8_2013: "article 8 of SI 2013/602",
    Regime.PCA_2017: "the Policing and Crime Act 2017",
}
_MINISTER = re.compile(r"secretary of state|home secretary|home office|minister", re.IGNORECASE)


def regime_stated_against_derived(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """The section that a source names is not the one that applied when the agreement was made."""
    basis, stated = entry.answer["legal_basis"], entry.answer["legal_basis_as_stated"]
    sections = [found.upper() for found in _SECTION.findall(stated or "")]
    meant = {regime for section in sections for regime in _REGIMES[section]}
    if basis and meant and not meant & set(basis["regimes"]):
        yield Finding("/legal_basis_as_stated", f"says '{stated}', but {_applied(basis)} applied when it was made")


def _applied(basis: Document) -> str:
    return " or ".join(_NAMES[Regime(regime)] for regime in basis["regimes"])


def secretary_of_state_not_consulted(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """An agreement of 2010 to 2012 with seven or more parties, and no consultation of the Secretary of State."""
    basis = entry.answer["legal_basis"]
    parties = {Ref.of(part["organisation"]) for part in entry.answer["parties"]}
    if basis and Regime.S23_2009 in basis["regimes"] and len(parties) > MOST_PARTIES_UNCONSULTED:
        bodies = [decision["body"]["name"] for decision in entry.answer["decisions"] if decision["body"]]
        if not any(_MINISTER.search(text) for text in (*bodies, entry.answer["note"] or "")):
            reason = f"has {len(parties)} parties, and no consultation of the Secretary of State is recorded"
            yield Finding("/parties", reason if basis["certain"] else f"{reason}; it may be of 2010 to 2012")


def approval_outstanding_after_start(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """A proposed unit is at work although an approval that it needs is refused or not recorded."""
    approval = entry.answer["approval"]
    for reference in entry.answer["proposes"] if approval["status"] in ("refused", "outstanding") else ():
        unit = known.get(reference)
        if unit and unit.period.begins_latest <= known.days.latest and unit.period.begins_latest < AFTER_ALL:
            lacking = ", ".join(body["name"] for body in approval["refused"] or approval["outstanding"])
            what = "was refused by" if approval["refused"] else "is not recorded of"
            yield Finding("/approvers", f"approval {what} {lacking}, although {unit.answer['name']} has a start")


def claimed_count_against_named(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """A source counts more, or fewer, joint units than the registry can name for the same forces at that time."""
    if counts_units(claim := entry.answer):
        named = len(meant(known.pointing(*_counted_by(claim)), claim)[0])
        if Decimal(claim["amount"]["value"]) != named:
            text = f"the source counts {claim['amount']['value']}, and {named} that had begun by then are named here"
            yield Finding("/amount", text)


def _counted_by(claim: Document) -> tuple[Ref, tuple[str, ...]]:
    """What the units that a claim counts all point to, and where."""
    if claim["scope"]:
        return Ref.of(claim["scope"][0]), ("joint-unit.participants",)
    return Ref.of(claim["subject"]), ("joint-unit.alliance",)


RULES = (
    QualityRule(
        id="regime-stated-against-derived",
        severity=Severity.NOTE,
        types=("agreement",),
        remedy="Check the day of signing; if it is right, keep the wording: old names lived on.",
        check=regime_stated_against_derived,
    ),
    QualityRule(
        id="secretary-of-state-not-consulted",
        severity=Severity.NOTE,
        types=("agreement",),
        remedy="Look for the consultation, and record it as a decision on the agreement.",
        check=secretary_of_state_not_consulted,
    ),
    QualityRule(
        id="approval-outstanding-after-start",
        severity=Severity.WARNING,
        types=("business-case",),
        remedy="Look for the decisions that are lacking.",
        check=approval_outstanding_after_start,
    ),
    QualityRule(
        id="claimed-count-against-named",
        severity=Severity.NOTE,
        types=("claim",),
        remedy="Look for the units that nobody names.",
        check=claimed_count_against_named,
    ),
)

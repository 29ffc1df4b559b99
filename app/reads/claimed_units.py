"""The joint units that a claim counts: "13 joint units since 2007"."""

from collections.abc import Iterable

from app.reads.answers.collaborations import ServedJointUnit
from app.reads.answers.evidence import ServedClaim
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import AFTER_ALL, parse_edtf
from app.registry.documents.references import Ref

UnitSnapshot = RecordSnapshot[ServedJointUnit]


def counts_units(claim: ServedClaim) -> bool:
    """Whether a claim counts the joint units of an alliance."""
    subject = claim["subject"]
    if claim["kind"] != "count" or not claim["amount"] or not subject or subject["type"] != "alliance":
        return False
    return "unit" in f"{claim['name']} {claim['text']}".casefold()


def meant(units: Iterable[UnitSnapshot], claim: ServedClaim) -> tuple[list[UnitSnapshot], list[UnitSnapshot]]:
    """The units that a claim means: those that had begun when it was made, and those that can have."""
    by = parse_edtf(claim["claimed"]["edtf"]).latest if claim["claimed"] else AFTER_ALL
    same = [unit for unit in units if _same(unit, claim) and unit.period.begins_earliest <= by]
    begun = [unit for unit in same if unit.period.begins_latest <= by]
    return begun, [unit for unit in same if unit.period.begins_latest > by]


def _same(unit: UnitSnapshot, claim: ServedClaim) -> bool:
    """Whether a unit is one of those forces, or without a scope of that alliance."""
    if claim["scope"]:
        parts = unit.answer["participants"]
        return {Ref.of(part["organisation"]) for part in parts} == set(map(Ref.of, claim["scope"]))
    alliance = unit.answer["alliance"]
    subject = claim["subject"]
    return alliance is not None and subject is not None and Ref.of(alliance) == Ref.of(subject)

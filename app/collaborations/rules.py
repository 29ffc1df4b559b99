"""Rules of alliances and joint units."""

from collections.abc import Iterator
from itertools import combinations

from app.collaborations.schemas import UnitParticipation
from app.registry.collection import Finding, Look
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of
from app.registry.presence import Period


def one_part_at_a_time(document: Document, look: Look) -> Iterator[Finding]:
    """An organisation takes part only once at a time: no day may be certain for two of its parts."""
    plan = plan_of(UnitParticipation)
    parts = [(part["organisation"], plan.period(part)) for part in document.get("participants", [])]
    for (_, (first, period)), (index, (second, other)) in combinations(enumerate(parts), 2):
        if first == second and _share_a_day(period, other):
            yield Finding(f"/participants/{index}", f"{second} takes part already; end the earlier part first")


def _share_a_day(period: Period, other: Period) -> bool:
    return max(period.begins_latest, other.begins_latest) < min(period.presumed_until, other.presumed_until)


def two_forces(document: Document, look: Look) -> Iterator[Finding]:
    """A joint unit is run by two or more organisations."""
    if len({part["organisation"] for part in document.get("participants", [])}) < 2:
        yield Finding("/participants", "names fewer than two organisations, so it is not complete")


def no_own_predecessor(document: Document, look: Look) -> Iterator[Finding]:
    """Nothing precedes itself."""
    for index, predecessor in enumerate(document.get("predecessors", [])):
        for key in ("unit", "alliance"):
            if predecessor.get(key, "").partition(":")[2] == document["id"]:
                yield Finding(f"/predecessors/{index}", "names the record itself")


def not_part_of_itself(document: Document, look: Look) -> Iterator[Finding]:
    """Nothing is part of itself."""
    if document.get("part_of", "").partition(":")[2] == document["id"]:
        yield Finding("/part_of", "names the record itself")

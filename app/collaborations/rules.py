"""Rules of alliances and joint units."""

from collections.abc import Iterator
from itertools import combinations

from app.collaborations.schemas import UnitParticipation
from app.registry.collection import Finding, Look, Rule
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of
from app.registry.presence import Period
from app.registry.rules import OWN_PART, OWN_PREDECESSOR


def one_part_at_a_time(document: Document, look: Look) -> Iterator[Finding]:
    """An organisation takes part only once at a time: no day may be certain for two of its parts."""
    plan = plan_of(UnitParticipation)
    parts = [(part["organisation"], plan.period(part)) for part in document.get("participants", [])]
    for (_, (first, period)), (index, (second, other)) in combinations(enumerate(parts), 2):
        if first == second and _share_a_day(period, other):
            yield Finding(f"/participants/{index}", f"{second} takes part already; end the earlier part first")


def _share_a_day(period: Period, other: Period) -> bool:
    return max(period.begins_latest, other.begins_latest) < min(period.presumed_until, other.presumed_until)


def two_organisations(document: Document, look: Look) -> Iterator[Finding]:
    """A joint unit is run by two or more organisations, at least one of them a force."""
    taking_part = {part["organisation"] for part in document.get("participants", [])}
    if len(taking_part) < 2:
        yield Finding("/participants", "names fewer than two organisations, so it is not complete")
    elif not any(organisation.startswith("force:") for organisation in taking_part):
        yield Finding("/participants", "names no force, and a joint unit has one at least")


ALLIANCE_RULES = (OWN_PREDECESSOR, OWN_PART)
UNIT_RULES = (
    OWN_PREDECESSOR,
    OWN_PART,
    Rule(id="takes-part-twice", check=one_part_at_a_time),
    Rule(
        id="fewer-than-two-forces",
        check=two_organisations,
        remedy="Name the other organisations, or check that it is joint.",
    ),
)

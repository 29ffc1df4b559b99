"""What was promised beside what is known to have come of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.analysis.claims.summation import ComparedClaim
from app.evidence.schemas import Standing
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject

PROMISED = frozenset({Standing.TARGET, Standing.FORECAST, Standing.APPROVED, Standing.REQUIRED})
"""What is still to come of it, of all that a claim can be."""
RECORDED, NOT_RECORDED = "recorded", "not recorded"

Thing = tuple[Ref | None, str, str | None]
Deliveries = Mapping[Thing, list[ReferenceObject]]
"""The claims of what happened, by what they are said of, their kind and their currency."""


def _thing(said: ComparedClaim) -> Thing:
    return said.subject, said.answer["kind"], said.currency


def deliveries(claims: Iterable[ComparedClaim]) -> Deliveries:
    """References to the claims that say what happened and that none has superseded."""
    found: dict[Thing, list[ReferenceObject]] = defaultdict(list)
    for said in claims:
        if said.answer["standing"] == Standing.ACTUAL and said.made and not said.superseded_by:
            found[_thing(said)].append(said.entry.reference)
    return found


def outcome(said: ComparedClaim, known: Deliveries) -> Document:
    """What came of a claim: {"delivered": […], "outcome": "recorded"}; of what is no promise, nothing can."""
    if said.answer["standing"] not in PROMISED or said.subject is None:
        return {"delivered": [], "outcome": None}
    delivered = known.get(_thing(said), [])
    return {"delivered": delivered, "outcome": RECORDED if delivered else NOT_RECORDED}

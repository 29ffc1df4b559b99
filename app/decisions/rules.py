"""Rules of business cases and decisions."""

from collections.abc import Iterator
from itertools import pairwise

from app.decisions.derived import ORDER
from app.decisions.schemas import Outcome, StageName
from app.registry.collection import Finding, Look, Rule
from app.registry.dates import BEFORE_ALL, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.fields import edtf_of


def stages_in_order(document: Document, look: Look) -> Iterator[Finding]:
    """A case reaches its stages once each and in their order: option, outline, full, consultation, final."""
    steps = sorted(enumerate(document.get("stages", [])), key=lambda step: ORDER.index(StageName(step[1]["stage"])))
    for (_, before), (index, after) in pairwise(steps):
        if before["stage"] == after["stage"]:
            yield Finding(f"/stages/{index}", f"names the stage {after['stage']} twice")
    earliest = BEFORE_ALL
    for index, step in steps:
        if "reached" in step:
            span = parse_edtf(edtf_of(step["reached"]))
            if span.latest < earliest:
                yield Finding(f"/stages/{index}/reached", "is before an earlier stage was reached")
            earliest = max(earliest, span.earliest)


def decided_by_an_approver(document: Document, look: Look) -> Iterator[Finding]:
    """An approval or refusal comes from a body that the business case names as an approver."""
    subject = document.get("subject", "")
    case = look(subject) if subject.startswith("business-case:") else None
    if not case or not case.get("approvers") or "body" not in document:
        return
    settling = document.get("outcome") in (Outcome.APPROVED, Outcome.REFUSED)
    if settling and document["body"] not in case["approvers"]:
        yield Finding("/body", f"{document['body']} is none of the case's approvers")


CASE_RULES = (Rule(id="stages-out-of-order", check=stages_in_order),)
DECISION_RULES = (Rule(id="not-an-approver", check=decided_by_an_approver),)

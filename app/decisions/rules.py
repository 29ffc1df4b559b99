"""Rules of business cases and decisions."""

from collections.abc import Iterator
from itertools import pairwise

from app.agreements.rules import approval_of
from app.decisions.schemas import StageName
from app.registry.collection import Finding, Look, Phase
from app.registry.dates import BEFORE_ALL, parse_edtf
from app.registry.documents.canonical import Document

ORDER = list(StageName)


def stage(case: Document, phase: Phase) -> StageName | None:
    """The latest stage that a case reached."""
    reached = [ORDER.index(StageName(step["stage"])) for step in case.get("stages", [])]
    return ORDER[max(reached)] if reached else None


def approval(case: Document, phase: Phase) -> Document:
    """Whose approval is needed, and where it stands at the case's latest stage and at each before."""
    required, decisions = case["approvers"], case["decisions"]
    known = {step["stage"] for step in case["stages"]} | {decision["stage"] for decision in decisions}
    stages = [
        {"stage": name, **approval_of(required, [one for one in decisions if one["stage"] == name], name)}
        for name in ORDER
        if name in known
    ]
    return {"required": required, **approval_of(required, decisions, case["stage"]), "stages": stages}


def stages_in_order(document: Document, look: Look) -> Iterator[Finding]:
    """A case reaches its stages once each and in their order: option, outline, full, consultation, final."""
    steps = sorted(enumerate(document.get("stages", [])), key=lambda step: ORDER.index(StageName(step[1]["stage"])))
    earliest = BEFORE_ALL
    for (_, before), (index, after) in pairwise(steps):
        if before["stage"] == after["stage"]:
            yield Finding(f"/stages/{index}", f"names the stage {after['stage']} twice")
    for index, step in steps:
        if "reached" in step:
            reached = step["reached"]
            span = parse_edtf(reached if isinstance(reached, str) else reached["edtf"])
            if span.latest < earliest:
                yield Finding(f"/stages/{index}/reached", "is before an earlier stage was reached")
            earliest = max(earliest, span.earliest)


def decided_by_an_approver(document: Document, look: Look) -> Iterator[Finding]:
    """An approval comes from a body that the business case names as an approver."""
    subject = document.get("subject", "")
    case = look(subject) if subject.startswith("business-case:") else None
    if not case or not case.get("approvers") or "body" not in document:
        return
    if document.get("outcome") in ("approved", "refused") and document["body"] not in case["approvers"]:
        yield Finding("/body", f"{document['body']} is none of the case's approvers")

"""What is worked out of business cases: the stage they reached, and where their approval stands."""

from app.approvals.derived import approval_of
from app.decisions.schemas import StageName
from app.registry.collection import Phase
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

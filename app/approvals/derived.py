"""Where an approval stands: worked out of the decisions of those whose approval is needed."""

from collections import defaultdict
from collections.abc import Iterable

from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Presence

AGREEING = 2
"""How many make the agreeing parties of Police Act 1996 s.22B(5)."""


def approval_of(required: list[ReferenceObject], decisions: Iterable[Document], stage: str | None) -> Document:
    """Where the approval stands, by the latest decision of each body at this stage; None: at whatever stage.

    `required` are references; `decisions` the entries of a derived list, earliest first. Gives
    `{"given": […], "refused": […], "deferred": […], "outstanding": […], "status": "outstanding"}`. A decision that
    names no stage counts for each.
    """
    latest: dict[Ref, Document] = {}
    for decision in decisions:
        if decision.get("presence") == Presence.POSSIBLE and decision["outcome"] in ("approved", "refused"):
            continue  # it may not have been taken yet on the day asked for
        if decision["body"] and (stage is None or decision["stage"] in (None, stage)):
            latest[Ref.of(decision["body"])] = decision
    by_outcome = defaultdict(list)
    for decision in latest.values():
        by_outcome[decision["outcome"]].append(decision["body"])
    given, refused = by_outcome["approved"], by_outcome["refused"]
    settled = {Ref.of(body) for body in given + refused}
    outstanding = [body for body in required if Ref.of(body) not in settled]
    return {
        "given": given,
        "refused": refused,
        "deferred": by_outcome["deferred"] + by_outcome["delegated"],
        "outstanding": outstanding,
        "status": _status(required, given, refused, outstanding),
    }


def _status(
    required: list[ReferenceObject],
    given: list[ReferenceObject],
    refused: list[ReferenceObject],
    outstanding: list[ReferenceObject],
) -> str:
    """In one word. Two or more who agree go on as far as it relates to them (Police Act 1996 s.22B(5) and (6))."""
    if refused:
        return "agreeing_subset" if len(given) >= AGREEING and not outstanding else "refused"
    if not required:
        return "not_recorded"
    return "outstanding" if outstanding else "approved"

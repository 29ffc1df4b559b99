"""What agreements and business cases show of the decisions on them."""

from app.registry.documents.shapes import Present, Shape
from app.registry.documents.values import Reference, UncertainDate


class AgreementDecision(Present):
    """What a body decided on the agreement."""

    decision: Reference
    """The decision."""
    body: Reference | None
    """The body that decided."""
    stage: str | None
    """The stage decided on."""
    outcome: str | None
    """What was decided."""
    decided: UncertainDate | None
    """When."""


class ApprovalStanding(Shape):
    """Where an approval stands, by the latest decision of each body."""

    given: list[Reference]
    """Bodies that approved."""
    refused: list[Reference]
    """Bodies that refused."""
    deferred: list[Reference]
    """Bodies that deferred or delegated the decision."""
    outstanding: list[Reference]
    """Bodies whose approval is needed and not recorded."""
    status: str
    """approved · refused · agreeing_subset (some refused; two or more approved and go on without them, Police Act 1996
    s.22B(5) and (6)) · outstanding · made (an agreement that was made, whatever is recorded of the decisions) ·
    not_recorded (no body is recorded as required)."""


class StageStanding(ApprovalStanding):
    """Where the approval stood at one stage."""

    stage: str
    """The stage of the business case."""


class Approval(ApprovalStanding):
    """Whose approval is needed, and where it stands: of a business case at its latest stage."""

    required: list[Reference]
    """Bodies whose approval is needed."""
    stages: list[StageStanding]
    """The same for each stage that was reached or decided on, in their order; empty for an agreement."""

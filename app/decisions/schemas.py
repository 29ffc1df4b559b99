"""Documents of business cases and decisions."""

from enum import StrEnum
from typing import Annotated, ClassVar

from app.approvals.schemas import AgreementDecision, Approval
from app.organisations.schemas import Organisation
from app.registry.documents.shapes import Derived, DerivedList, Held, Present, RecordShape
from app.registry.documents.values import Day, Name, OneOrMany, Target, Text


class StageName(StrEnum):
    """The stages of a business case, in their order."""

    OPTION = "option"
    OUTLINE = "outline"
    FULL = "full"
    CONSULTATION = "consultation"
    FINAL = "final"


class Outcome(StrEnum):
    """What was decided."""

    APPROVED = "approved"
    REFUSED = "refused"
    DEFERRED = "deferred"
    DELEGATED = "delegated"
    NOTED = "noted"


class Stage(Present):
    """A stage that the case reached."""

    held: ClassVar[Held] = Held(("reached",), None, None)
    stage: StageName
    """The stage."""
    reached: Day | None = None
    """When it was reached; null: reached, the date is not recorded."""


class BusinessCase(RecordShape):
    """A proposal on its way. It holds from the day its first stage was reached."""

    held: ClassVar[Held] = Held(("stages/reached",), None, None)

    alliance: Annotated[str, Target("alliance")] | None = None
    """The alliance in which it is made."""
    functions: list[Annotated[str, Target("function")]] = []
    """What it is about."""
    proposes: list[Annotated[str, Target("joint-unit")]] = []
    """The units it proposes."""
    stages: list[Stage] = []
    """The stages it reached, in their order."""
    approvers: list[Organisation] = []
    """The bodies whose approval is needed."""
    decisions: Annotated[list[AgreementDecision], DerivedList]
    """What was decided on it, from the decisions."""
    stage: Annotated[StageName | None, Derived]
    """The latest stage reached."""
    approval: Annotated[Approval | None, Derived]
    """Whose approval is needed, and where it stands."""


class Decision(RecordShape):
    """What a body decided. It holds from the day it was `decided`."""

    held: ClassVar[Held] = Held(("decided",), None, None)
    name: Name | None = None  # type: ignore[assignment]
    """A short title; null where it has none."""
    body: Organisation | None = None
    """The body that decided."""
    subject: (
        Annotated[str, Target("business-case", "agreement", "joint-unit", "alliance", "governance-body")] | None
    ) = None
    """What was decided on."""
    stage: StageName | None = None
    """The stage of the business case that was decided on."""
    outcome: Outcome | None = None
    """What was decided."""
    decided: Day | None = None
    """When."""
    decided_by: Text | None = None
    """Who decided for the body, as the source has it."""
    reference: Name | None = None
    """The decision's reference number."""
    conditions: Annotated[list[Text], OneOrMany] = []
    """Conditions attached."""

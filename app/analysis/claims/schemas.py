"""The shapes in which claims are compared."""

from enum import StrEnum

from pydantic import JsonValue

from app.evidence.schemas import Amount, Bound, ClaimBasis, ClaimKind, Standing
from app.reads.schemas import Count
from app.registry.documents.shapes import Present, Shape
from app.registry.documents.values import Reference, UncertainDate


class Likeness(StrEnum):
    """What claims can be grouped by."""

    KIND = "kind"
    STANDING = "standing"
    BOUND = "bound"
    BASIS = "basis"
    CURRENCY = "currency"
    SUBJECT = "subject"
    SCOPE = "scope"
    PERIOD = "period"


class Total(Shape):
    """A sum of claims."""

    value: str
    """The sum, an exact decimal number."""
    currency: str | None
    """The currency; null for what is not money."""
    bound: Bound | None
    """How it is to be read: the bound that the claims have in common; `about` where some are exact."""


class Dispute(Shape):
    """What a source says otherwise than the claim."""

    about: list[str]
    """JSON Pointers (RFC 6901) to what it disagrees with."""
    value: JsonValue
    """What it says."""
    source: Reference
    """The source."""


class ClaimEntry(Present):
    """One claim of a group."""

    claim: Reference
    """The claim."""
    kind: ClaimKind
    """What it is of."""
    subject: Reference | None
    """What it is said of."""
    standing: Standing | None
    """Target, forecast, approved, required or actual; null: only stated, announced or tendered."""
    amount: Amount | None
    """The amount."""
    bound: Bound | None
    """How the amount is to be read."""
    basis: ClaimBasis | None
    """Per year, cumulative or one-off."""
    period: UncertainDate | None
    """The time that the amount is for."""
    scope: list[Reference]
    """The forces it is about."""
    claimed: UncertainDate | None
    """When it was claimed."""
    superseded_by: list[Reference]
    """Later claims that took its place by then; it is in no total."""
    conflicts_with: list[Reference]
    """Claims of another amount for the same thing, standing, time and forces."""
    disputed: list[Dispute]
    """What sources say otherwise."""
    delivered: list[Reference]
    """For what was promised (any standing but actual): claims of the same kind and subject that say what happened."""
    outcome: str | None
    """For what was promised: `recorded`, or `not recorded` where no claim says what came of it; else null."""


class ClaimGroup(Shape):
    """Claims that have something in common."""

    group: dict[Likeness, Reference | list[Reference] | UncertainDate | str | None]
    """What they have in common, an entry for each of `group_by`; null: nothing is recorded."""
    count: Count
    """How many there are."""
    total: Total | None
    """Their sum; null where there is none to make, or where it would mean nothing."""
    added: list[Reference]
    """The claims in the total: those with an amount that none has superseded, and that had been made by then."""
    not_added: list[str]
    """Why there is no total."""
    claims: list[ClaimEntry]
    """All of them, in the order of their ids."""

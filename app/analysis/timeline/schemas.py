"""What the timeline answers with."""

from enum import StrEnum

from app.reads.schemas import Evidence
from app.registry.documents.shapes import Present
from app.registry.documents.values import Reference, UncertainDate


class EventKind(StrEnum):
    """What happened."""

    ESTABLISHED = "established"
    ENDED = "ended"
    JOINED = "joined"
    LEFT = "left"
    SUPERSEDED = "superseded"
    MADE = "made"
    COMMENCES = "commences"
    EXPIRES = "expires"
    REVIEW_DUE = "review_due"
    PUBLISHED = "published"
    STAGE_REACHED = "stage_reached"
    DECIDED = "decided"
    TOOK_POST = "took_post"
    LEFT_POST = "left_post"
    CLAIMED = "claimed"


class TimelineEvent(Present):
    """Something that happened, as the records tell."""

    date: UncertainDate | None
    """When; null: no date is recorded."""
    event: EventKind
    """What happened."""
    subject: Reference
    """To what."""
    text: str
    """The same in one sentence."""
    organisations: list[Reference]
    """The forces and bodies concerned."""
    sources: list[Evidence]
    """The evidence for it; empty: no source is cited for this field."""

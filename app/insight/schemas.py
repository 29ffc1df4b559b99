"""What the views on parties, events, disagreements and shortcomings answer with."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue

from app.collaborations.schemas import Lifecycle
from app.insight.parties import Relationship
from app.registry.shapes import Basis, Present, Shape
from app.registry.values import Reference, UncertainDate


class PostHolder(Present):
    """Someone in a post of the organisation."""

    appointment: Reference
    """The appointment."""
    person: Reference
    """Who."""
    post: str
    """The post."""
    status: str | None
    """Substantive, acting or temporary; null: not recorded."""
    started: UncertainDate | None
    """First day in the post."""
    ended: UncertainDate | None
    """First day no longer in it."""


class AskedOrganisation(Present):
    """An organisation that the answer is for."""

    organisation: Reference
    """The force or policing body."""
    relation: Relationship
    """`asked`: the one asked; `maintains` the force asked; `maintained` by the body asked."""
    started: UncertainDate | None
    """First day of that relation; for the one asked, its own start."""
    ended: UncertainDate | None
    """First day on which it no longer held."""
    post_holders: list[PostHolder]
    """Who held which post in it."""


class Involvement(Present):
    """How an organisation is in it."""

    organisation: Reference
    """The organisation that answers for it."""
    role: str | None
    """The capacity in which it signed, or the role in which it takes part; null: not recorded."""
    inherited_from: Reference | None
    """Whom the record names, where the organisation has taken that one's place; null: the organisation itself."""
    started: UncertainDate | None
    """First day of the part that the record states."""
    ended: UncertainDate | None
    """First day on which that part no longer held."""


class Governing(Present):
    """A body that governs or oversees it."""

    body: Reference
    """The body."""
    oversees: Reference
    """What it oversees: this record, the unit's alliance, or what the agreement covers."""
    started: UncertainDate | None
    """First day of that oversight."""
    ended: UncertainDate | None
    """First day on which it no longer held."""


class Collaboration(Present):
    """Something that the organisation is in; its presence is how sure it is that the organisation was in it."""

    id: str
    """Its id."""
    type: str
    """Its type."""
    name: str
    """What it is called."""
    url: str
    """Where to read it."""
    kind: str | None
    """What sort it is."""
    text: str
    """Who is in it for the organisation asked, in one line."""
    as_: Annotated[list[Involvement], Field(alias="as")]
    """How the organisation asked is in it, by itself or by those that answer with it; empty: see `through`."""
    others: list[Involvement]
    """Everyone else in it, and whoever took their place."""
    governing_bodies: list[Governing]
    """The bodies that govern or oversee it."""


class HeldAgreement(Collaboration):
    """An agreement that the organisation is party to, or one without recorded parties that covers what it is in."""

    through: list[Reference]
    """What it covers of the alliances and units in this answer, where its parties are not recorded; else empty."""

    made: UncertainDate | None
    """When it was signed."""
    commences: UncertainDate | None
    """First day on which it holds."""
    expires: UncertainDate | None
    """First day on which it no longer holds."""
    review_due: UncertainDate | None
    """When it is next to be reviewed."""


class HeldAlliance(Collaboration):
    """An alliance that the organisation takes part in."""

    started: UncertainDate | None
    """First day."""
    ended: UncertainDate | None
    """First day on which it no longer held."""


class HeldUnit(HeldAlliance):
    """A joint unit that the organisation takes part in."""

    lifecycle: Lifecycle | None
    """Where the unit stands by what is recorded; see the unit."""


class Collaborations(Shape):
    """What a force, or the body that maintains it, is party to: the question of Police Act 1996 s.23HA."""

    organisations: list[AskedOrganisation]
    """For whom the answer is: the one asked, and those that answer with it."""
    agreements: list[HeldAgreement]
    """Agreements, the earliest first."""
    alliances: list[HeldAlliance]
    """Alliances and programmes, the earliest first."""
    joint_units: list[HeldUnit]
    """Joint units, the earliest first."""


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


class Evidence(Shape):
    """Where a source says something."""

    source: Reference
    """The document."""
    locator: str | None
    """Where in the document."""
    basis: Basis
    """`stated` in the source, or `inferred` from it by the registry."""


class TimelineEvent(Shape):
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


class Competing(Evidence):
    """What another source says."""

    value: JsonValue
    """What it says, in the form of the field."""
    note: str | None
    """How the source was read, in the registry's own words."""


class Conflict(Present):
    """A field of which sources say different things."""

    subject: Reference
    """The record."""
    field: str
    """The field, as a JSON Pointer (RFC 6901) into the record; empty: the whole record."""
    recorded: JsonValue
    """What the record holds there, as it is served; null: nothing."""
    recorded_sources: list[Evidence]
    """The evidence for what is recorded."""
    competing: list[Competing]
    """What the other sources say."""


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class QualityFinding(Present):
    """Something in a record that looks wrong, or is missing."""

    rule: str
    """The rule; docs/quality.md says more of each."""
    severity: Severity
    """`error`: it cannot be; `warning`: it is hardly right; `note`: it is weak or not complete."""
    subject: Reference
    """The record."""
    pointer: str
    """Where in the record, as a JSON Pointer (RFC 6901)."""
    reason: str
    """What is the matter."""
    remedy: str
    """What to do about it."""

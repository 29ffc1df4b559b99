"""What the views on parties, events, disagreements and shortcomings answer with."""

from typing import Annotated

from pydantic import Field

from app.analysis.commitments.succession import Relationship
from app.collaborations.schemas import Lifecycle
from app.registry.documents.shapes import Citation, LastEvidence, Present, Shape
from app.registry.documents.values import Reference, UncertainDate
from app.registry.presence import Presence


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


class Signatory(Shape):
    """Someone who held the post that signs for a party, on the day on which the agreement was made."""

    person: Reference
    """Who."""
    post: str
    """The post."""
    appointment: Reference
    """The appointment that says so."""
    certainty: Presence
    """How sure it is that this person held the post that day."""


class Partner(Present):
    """Someone with whom the organisation is in it."""

    organisation: Reference
    """The force, body or other organisation."""
    role: str | None
    """The capacity in which it signed, or the role in which it takes part; null: not recorded."""


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
    signed_by: list[Signatory] | None
    """Of an agreement: who held the signing post on the day it was made (or the party joined); null: not recorded."""


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
    """The item as a paragraph: what, with whom, since when, last shown when, and on whose word."""
    functions: list[Reference]
    """What it is about; of an agreement, what it covers is about. Empty: not recorded."""
    started: UncertainDate | None
    """First day; of an agreement, on which it commences, or else was made."""
    ended: UncertainDate | None
    """First day on which it no longer held."""
    last_evidence: LastEvidence | None
    """The newest day on which a source shows it in being; null: no source gives one."""
    citations: list[Citation]
    """The evidence for it."""
    as_: Annotated[list[Involvement], Field(alias="as")]
    """How the organisation asked is in it, by itself or by those that answer with it; empty: see `through`."""
    others: list[Involvement]
    """Everyone else in it, and whoever took their place: a line for each part."""
    with_: Annotated[list[Partner], Field(alias="with")]
    """Everyone with whom it is, each once; of an agreement without recorded parties, those in what it covers."""
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


class CollaborationPart(Shape):
    """One of the three lists."""

    total: int
    """How many there are in all."""
    next: str | None
    """The next page of this list; null: this is the last, or another list was asked for."""


class CollaborationParts(Shape):
    """The three lists."""

    agreements: CollaborationPart
    alliances: CollaborationPart
    joint_units: CollaborationPart


class CollaborationsMeta(Shape):
    """The clocks that applied, and how much there is."""

    parts: CollaborationParts
    """Of each list, how many there are and where it goes on."""

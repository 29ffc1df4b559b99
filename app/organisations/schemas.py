"""Documents of forces, governance bodies, and other organisations that take part in collaborations."""

from enum import StrEnum
from typing import Annotated

from app.registry.documents.shapes import Dated, DerivedList, RecordShape
from app.registry.documents.values import Name, Reference, Target, Text, WebAddress

Organisation = Annotated[str, Target("force", "governance-body", "organisation")]
"""Whoever can take part, sign, decide or publish."""


class ForceKind(StrEnum):
    """What sort of force it is."""

    TERRITORIAL = "territorial"
    SPECIAL = "special"
    NATIONAL_UNIT = "national_unit"
    FORMER = "former"


class BodyKind(StrEnum):
    """What sort of governance body it is."""

    POLICE_AUTHORITY = "police_authority"
    PCC = "police_and_crime_commissioner"
    PFCC = "police_fire_and_crime_commissioner"
    MAYOR = "mayor"
    COMMON_COUNCIL = "common_council"
    JOINT_COMMITTEE = "joint_committee"
    BOARD = "board"
    SUMMIT = "summit"
    PROGRAMME_TEAM = "programme_team"
    INSPECTORATE = "inspectorate"
    OTHER = "other"


class PartnerKind(StrEnum):
    """What sort of organisation it is."""

    FIRE_AND_RESCUE = "fire_and_rescue"
    AMBULANCE = "ambulance"
    COUNCIL = "council"
    GOVERNMENT = "government"
    AGENCY = "agency"
    COMPANY = "company"
    UNIVERSITY = "university"
    POLICE_FORCE = "police_force"
    OTHER = "other"


class GovernedBy(Dated):
    """A body that governed or oversaw the force, and when."""

    body: Reference
    """The governance body."""


class Post(Dated):
    """Someone in a post, from an appointment."""

    appointment: Reference
    """The appointment."""
    person: Reference
    """Who held the post."""
    post: Name
    """The post."""
    status: str | None
    """Substantive, acting or temporary; null: not recorded."""


class Force(RecordShape, Dated):
    """A police force."""

    kind: ForceKind | None = None
    """Territorial, special, a national unit, or former."""
    country: Name | None = None
    """The country it polices: "England", "Wales"."""
    region: Name | None = None
    """The region."""
    short_name: Name | None = None
    """What it is called for short: "Met", "GMP"."""
    website: WebAddress | None = None
    """The force's own site."""
    successors: list[Annotated[str, Target("force")]] = []
    """Forces that took its place."""
    governed_by: Annotated[list[GovernedBy], DerivedList]
    """The bodies that governed or oversaw it, from their `oversees`."""
    posts: Annotated[list[Post], DerivedList]
    """Who held which post in it, from the appointments."""


class Oversight(Dated):
    """What a body governs or oversees, and when."""

    subject: Annotated[str, Target("force", "governance-body", "alliance", "joint-unit", "organisation")]
    """The force, body, alliance or unit."""


class Membership(Dated):
    """An organisation's place in a governance body."""

    organisation: Organisation
    """The force or body that is a member, or supplies members."""
    role: Name | None = None
    """Its role: "chair", "member"."""


class GovernanceBody(RecordShape, Dated):
    """A body that governs or oversees: an authority, a commissioner, a board, a programme team, an inspectorate."""

    kind: BodyKind | None = None
    """What sort of body it is."""
    oversees: list[Oversight] = []
    """What it governs or oversees."""
    members: list[Membership] = []
    """The organisations that form it."""
    location: Text | None = None
    """Where it sits."""
    successors: list[Annotated[str, Target("governance-body")]] = []
    """Bodies that took its place."""
    officers: Annotated[list[Post], DerivedList]
    """Who held which post in it, from the appointments."""


class PartnerOrganisation(RecordShape, Dated):
    """Any other organisation that takes part: a fire or ambulance service, a council, a company, a force elsewhere."""

    kind: PartnerKind | None = None
    """What sort of organisation it is; `police_force`: one outside the register of forces."""
    country: Name | None = None
    """The country it works in: "England", "Ireland"."""
    website: WebAddress | None = None
    """Its own site."""
    successors: list[Annotated[str, Target("organisation")]] = []
    """Organisations that took its place."""

"""What answers hold of organisations, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from app.reads.answers.records import ServedDate, ServedDated, ServedRecord
from app.registry.documents.references import ReferenceObject


class ServedGovernedBy(ServedDated):
    """A body that governed or oversaw the force, and when."""

    body: ReferenceObject


class ServedPost(ServedDated):
    """Someone in a post, from an appointment."""

    appointment: ReferenceObject
    person: ReferenceObject
    post: str
    status: str | None


class ServedOversight(ServedDated):
    """What a body governs or oversees, and when."""

    subject: ReferenceObject


class ServedMembership(ServedDated):
    """An organisation's place in a governance body."""

    organisation: ReferenceObject
    role: str | None


class ServedForce(ServedRecord):
    """A police force."""

    url: str
    name: str
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    kind: str | None
    country: str | None
    region: str | None
    short_name: str | None
    website: str | None
    successors: list[ReferenceObject]
    governed_by: list[ServedGovernedBy]
    posts: list[ServedPost]


class ServedGovernanceBody(ServedRecord):
    """A body that governs or oversees: an authority, a commissioner, a board, a programme team, an inspectorate."""

    url: str
    name: str
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    kind: str | None
    oversees: list[ServedOversight]
    members: list[ServedMembership]
    location: str | None
    successors: list[ReferenceObject]
    officers: list[ServedPost]


class ServedPartnerOrganisation(ServedRecord):
    """Any other organisation that takes part: a fire or ambulance service, a council, a company, a force elsewhere."""

    url: str
    name: str
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    kind: str | None
    country: str | None
    website: str | None
    successors: list[ReferenceObject]

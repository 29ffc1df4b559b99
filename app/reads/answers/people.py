"""What answers hold of people, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from app.reads.answers.records import ServedDate, ServedDated, ServedRecord
from app.registry.documents.references import ReferenceObject


class ServedHeldPost(ServedDated):
    """A post that a person held, from an appointment."""

    appointment: ReferenceObject
    body: ReferenceObject
    post: str
    status: str | None


class ServedPerson(ServedRecord):
    """A person in public office. Only what the office makes public is recorded."""

    url: str
    name: str
    appointments: list[ServedHeldPost]


class ServedAppointment(ServedRecord):
    """A person in a post."""

    url: str
    name: str | None
    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]
    person: ReferenceObject
    body: ReferenceObject
    post: str
    status: str | None

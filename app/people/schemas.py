"""Documents of people and appointments."""

from enum import StrEnum
from typing import Annotated

from app.registry.documents.shapes import Dated, DerivedList, RecordShape
from app.registry.documents.values import Name, Reference, Target


class AppointmentStatus(StrEnum):
    """On what footing the post is held."""

    SUBSTANTIVE = "substantive"
    ACTING = "acting"
    TEMPORARY = "temporary"


class HeldPost(Dated):
    """A post that a person held, from an appointment."""

    appointment: Reference
    """The appointment."""
    body: Reference
    """The force, governance body or unit."""
    post: Name
    """The post."""
    status: str | None
    """Substantive, acting or temporary; null: not recorded."""


class Person(RecordShape):
    """A person in public office. Only what the office makes public is recorded."""

    appointments: Annotated[list[HeldPost], DerivedList]
    """The posts held, from the appointments."""


class Appointment(RecordShape, Dated):
    """A person in a post."""

    name: Name | None = None  # type: ignore[assignment]
    """A short title; null where it has none."""
    person: Annotated[str, Target("person")]
    """Who."""
    body: Annotated[str, Target("force", "governance-body", "joint-unit", "alliance", "organisation")]
    """In which force, governance body, unit, alliance or other organisation."""
    post: Name
    """The post: "Chief Constable", "Chair"."""
    status: AppointmentStatus | None = None
    """On what footing."""

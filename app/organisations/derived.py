"""What is worked out of organisations: which bodies maintain a force, and which of them the law of 2011 replaced."""

from datetime import date

from app.organisations.schemas import BodyKind, ForceKind
from app.registry.collection import Look
from app.registry.documents.canonical import Document

POLICING_BODIES = frozenset(
    {BodyKind.POLICE_AUTHORITY, BodyKind.PCC, BodyKind.PFCC, BodyKind.MAYOR, BodyKind.COMMON_COUNCIL}
)
"""The kinds that maintain a force (Police Act 1996 s.101)."""

COMMISSIONERS = (BodyKind.PCC, BodyKind.PFCC)

COMMISSIONERS_FROM = date(2012, 11, 22).toordinal()
"""The day on which commissioners took the place of police authorities: Police Reform and Social Responsibility Act 2011
s.1, commenced by SI 2012/2892; in London 16 January 2012 (s.3, SI 2011/3019), where the Mayor's Office did."""


def abolished_in_2012(authority: Document, look: Look) -> bool:
    """Whether the Act of 2011 (s.1(9)) abolished a police authority.

    It did not touch those of special forces, or outside England and Wales.
    """
    subjects = [part["subject"] for part in authority.get("oversees", [])]
    forces = [look(subject) for subject in subjects if subject.startswith("force:")]
    return not any(_untouched(force) for force in forces if force)


def _untouched(force: Document) -> bool:
    return force.get("country") not in (None, "England", "Wales") or force.get("kind") == ForceKind.SPECIAL

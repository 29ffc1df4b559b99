"""Rules of organisations: which bodies maintain a force, and since when there are commissioners."""

from collections.abc import Iterator
from datetime import date

from app.organisations.schemas import BodyKind, GovernanceBody
from app.registry.collection import Finding, Look
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of

POLICING_BODIES = frozenset(
    {BodyKind.POLICE_AUTHORITY, BodyKind.PCC, BodyKind.PFCC, BodyKind.MAYOR, BodyKind.COMMON_COUNCIL}
)
"""The kinds that maintain a force (Police Act 1996 s.101)."""

COMMISSIONERS_FROM = date(2012, 11, 22).toordinal()
"""Police Reform and Social Responsibility Act 2011 s.1, commenced by SI 2012/2892; in London 16 January 2012."""


def commissioners_not_before_2012(document: Document, look: Look) -> Iterator[Finding]:
    """There were no police and crime commissioners before 22 November 2012."""
    commissioner = document.get("kind") in (BodyKind.PCC, BodyKind.PFCC) and "started" in document
    if commissioner and plan_of(GovernanceBody).period(document).begins_latest < COMMISSIONERS_FROM:
        yield Finding("/started", "is before 22 November 2012, when the first commissioners took office")

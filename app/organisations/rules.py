"""Rules of organisations: when there were police authorities, and since when there are commissioners."""

from collections.abc import Iterator

from app.organisations.derived import COMMISSIONERS, COMMISSIONERS_FROM, abolished_in_2012
from app.organisations.schemas import BodyKind, GovernanceBody
from app.registry.collection import Finding, Look, Rule, Severity
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of


def no_commissioner_before_2012(document: Document, look: Look) -> Iterator[Finding]:
    """There were no police and crime commissioners before 22 November 2012."""
    commissioner = document.get("kind") in COMMISSIONERS and "started" in document
    if commissioner and plan_of(GovernanceBody).period(document).begins_latest < COMMISSIONERS_FROM:
        yield Finding("/started", "is before 22 November 2012, when the first commissioners took office")


def no_authority_after_2012(document: Document, look: Look) -> Iterator[Finding]:
    """There were no police authorities from 22 November 2012 on, but for those that the Act of 2011 left in being."""
    authority = document.get("kind") == BodyKind.POLICE_AUTHORITY and abolished_in_2012(document, look)
    if authority and plan_of(GovernanceBody).period(document).possible_until > COMMISSIONERS_FROM:
        yield Finding("/ended", "is not recorded to have ended by 22 November 2012, when authorities were abolished")


COMMISSIONER_BEFORE_2012 = Rule(
    id="commissioner-before-2012",
    check=no_commissioner_before_2012,
    remedy="Name the police authority of that time, or correct the date.",
    severity=Severity.ERROR,
)
AUTHORITY_AFTER_2012 = Rule(
    id="authority-after-2012",
    check=no_authority_after_2012,
    remedy="Name the commissioner of that time, or record when the authority ended.",
)
BODY_RULES = (COMMISSIONER_BEFORE_2012, AUTHORITY_AFTER_2012)

"""Who wrote a proposal, and who may therefore not accept it: nobody decides on their own words, whoever they are.

It goes by account, not by key: a second key of the same person is the same person.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.api.callers import Caller, Scope
from app.curation.keys import moment
from app.curation.models import AccessKey
from app.curation.proposals.models import ProposalEvent, ProposalEventKind
from app.registry.problems import Fault, Refused

WRITING = (ProposalEventKind.OPENED, ProposalEventKind.AMENDED)
"""What makes an author. A rebase adds no words: it carries a change over, and is refused where that takes a choice."""


def _by(events: Iterable[ProposalEvent], kinds: tuple[str, ...]) -> list[ProposalEvent]:
    """The first event of these kinds of each key."""
    first: dict[str, ProposalEvent] = {}
    for event in events:
        if event.kind in kinds:
            first.setdefault(event.actor, event)
    return list(first.values())


def authors(events: Iterable[ProposalEvent]) -> list[ProposalEvent]:
    """How each key came to write a part of it."""
    return _by(events, WRITING)


def refuse_own_words(events: Iterable[ProposalEvent], caller: Caller) -> None:
    """Raise Refused where the caller wrote any part of it, with whatever key; scopes change nothing."""
    if any(author.account == caller.account for author in authors(events)):
        detail = "whoever wrote a part of a proposal does not accept it, administrators included"
        raise Refused("not-allowed", detail, (Fault("header/Authorization", detail),))


def acceptances(session: Session, events: Iterable[ProposalEvent], version: int) -> list[ProposalEvent]:
    """The acceptances that count: of this very version, one an account, by keys that may still accept."""
    of_version = (event for event in events if event.version == version)
    found: dict[str, ProposalEvent] = {}
    for event in _by(of_version, (ProposalEventKind.ACCEPTED,)):
        if may_still(session, event, Scope.APPROVE):
            found.setdefault(event.account, event)
    return list(found.values())


def caller_of_event(session: Session, event: ProposalEvent) -> Caller:
    """Who did it, as their key is now: its forces bind also once it was revoked. Without a key, as it was then."""
    key = session.get(AccessKey, event.actor)
    limits = key.forces if key else event.forces
    scopes = frozenset(map(Scope, key.scopes.split())) if key else frozenset()
    return Caller(event.actor, event.account, scopes, frozenset(limits.split()) if limits else None)


def has_ended(session: Session, event: ProposalEvent) -> bool:
    """Whether the key with which it was done was revoked or has expired."""
    key = session.get(AccessKey, event.actor)
    return key is not None and bool(key.revoked or (key.expires and key.expires <= moment()))


def may_still(session: Session, event: ProposalEvent, scope: Scope) -> bool:
    """Whether the key with which it was done is valid and has the scope; one that is kept elsewhere is taken to."""
    if session.get(AccessKey, event.actor) is None:
        return True
    return not has_ended(session, event) and caller_of_event(session, event).may(scope)

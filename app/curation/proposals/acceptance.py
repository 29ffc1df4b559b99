"""Acceptance: the one way from a proposal to a revision."""

from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.curation.actors import accepted
from app.curation.desk import Desk
from app.curation.proposals import trials
from app.curation.proposals.authorship import acceptances, authors, caller_of_event, has_ended, refuse_own_words
from app.curation.proposals.carryovers import carried, refuse_moved
from app.curation.proposals.dossiers import Dossier
from app.curation.proposals.models import ProposalEventKind, ProposalState
from app.curation.writes import Written
from app.registry.problems import Fault, Refused
from app.registry.serving.statements import clock


def accept(
    session: Session, desk: Desk, dossier: Dossier, caller: Caller, *, needed: int, text: str | None
) -> Written | None:
    """Accept this version of a proposal; the last acceptance that is needed writes the revision.

    Raises Refused for an author, for a second acceptance, where a record has moved on, and where what is written is
    beyond the forces of anyone who wrote or accepted it.
    """
    proposal = dossier.proposal
    refuse_own_words(dossier.events, caller)
    if any(each.account == caller.account for each in acceptances(session, dossier.events, proposal.version)):
        raise Refused("conflict", f"version {proposal.version} is accepted by this account already")
    changes = trials.read(proposal.changes)
    newest = clock(session.connection()).revision
    refuse_moved(carried(session, changes, proposal.base_revision, newest), proposal.number)
    session.add(dossier.log(caller, ProposalEventKind.ACCEPTED, text))
    session.flush()
    counted = acceptances(session, dossier.events, proposal.version)
    writers = authors(dossier.events)
    callers = (caller, *(caller_of_event(session, event) for event in [*writers, *counted]))
    if len(counted) < needed:
        trials.tried(session, desk, trials.edit_of(changes), callers)
        return None
    actor = accepted([event.actor for event in writers], [event.actor for event in counted])
    written = desk.write(session, trials.edit_of(changes), actor=actor, reason=proposal.reason, callers=callers)
    proposal.state, proposal.revision = ProposalState.ACCEPTED, written.revision
    session.flush()
    return written


def ended_keys(session: Session, dossier: Dossier) -> list[Fault]:
    """A warning for each author whose key has ended: it may have been in other hands."""
    return [
        Fault(f"authors/{event.actor}", "the key was revoked or has expired since", "author-key-ended")
        for event in authors(dossier.events)
        if has_ended(session, event)
    ]

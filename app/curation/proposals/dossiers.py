"""A proposal and all that happened to it; who may see it, and what may still become of it."""

from dataclasses import dataclass, field

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.api.problems import fault_object
from app.curation.keys import moment
from app.curation.preconditions import precondition
from app.curation.proposals import trials
from app.curation.proposals.authorship import authors
from app.curation.proposals.models import (
    UNDECIDED,
    Proposal,
    ProposalEvent,
    ProposalEventKind,
    ProposalState,
    ProposalSubject,
)
from app.curation.proposals.trials import Trial
from app.registry.documents.canonical import Document
from app.registry.problems import Fault, NotFound, Refused
from app.registry.serving.statements import today


@dataclass
class Dossier:
    """A proposal, its events in their order, the records that it changes, and the forces for which these speak."""

    proposal: Proposal
    events: list[ProposalEvent]
    records: list[str] = field(default_factory=list)
    forces: list[str] = field(default_factory=list)

    @property
    def state(self) -> ProposalState:
        """Where it stands today: what nobody decided in its time has expired, by no act of anyone."""
        state = ProposalState(self.proposal.state)
        return ProposalState.EXPIRED if state in UNDECIDED and self.proposal.expires <= today() else state

    @property
    def tag(self) -> str:
        """What `If-Match` must say."""
        return f'"{self.proposal.version}"'

    def is_of(self, caller: Caller) -> bool:
        """Whether the caller wrote any part of it, with whatever key."""
        return any(author.account == caller.account for author in authors(self.events))

    def concerns(self, caller: Caller) -> bool:
        """Whether it changes a record that speaks for a force to which the caller is limited; if to none: always."""
        return caller.forces is None or not caller.forces.isdisjoint(self.forces)

    def log(self, caller: Caller, kind: ProposalEventKind, text: str | None = None) -> ProposalEvent:
        """Note what happens to it now."""
        limits = " ".join(sorted(caller.forces)) if caller.forces is not None else None
        event = ProposalEvent(proposal=self.proposal.number, position=len(self.events) + 1, at=moment(), kind=kind)
        event.actor, event.account, event.forces = caller.actor, caller.account, limits
        event.version, event.text = self.proposal.version, text
        self.events.append(event)
        return event


def next_number(session: Session) -> int:
    """The number of the next proposal; the session holds the write lock."""
    return (session.scalar(select(func.max(Proposal.number))) or 0) + 1


def dossiers(session: Session, numbers: list[int]) -> list[Dossier]:
    """The proposals of these numbers that there are, newest first."""
    asked = select(Proposal).where(Proposal.number.in_(numbers)).order_by(Proposal.number.desc())
    found = {proposal.number: Dossier(proposal, []) for proposal in session.scalars(asked)}
    events = select(ProposalEvent).where(ProposalEvent.proposal.in_(found)).order_by(ProposalEvent.position)
    for event in session.scalars(events):
        found[event.proposal].events.append(event)
    subjects = select(ProposalSubject).where(ProposalSubject.proposal.in_(found)).order_by(ProposalSubject.name)
    for subject in session.scalars(subjects):
        dossier = found[subject.proposal]
        (dossier.records if subject.kind == "record" else dossier.forces).append(subject.name)
    return list(found.values())


def readable(session: Session, number: int, caller: Caller) -> Dossier:
    """The proposal, which the caller may read. Raises NotFound and Refused."""
    found = dossiers(session, [number])
    if not found:
        raise NotFound(f"there is no proposal {number}")
    if not (found[0].concerns(caller) or found[0].is_of(caller)):
        detail = f"the key is limited to {', '.join(sorted(caller.forces or ()))}; proposal {number} is of others"
        raise Refused("not-allowed", detail, (Fault("path/id", detail),))
    return found[0]


def reviewable(session: Session, number: int, caller: Caller) -> Dossier:
    """The proposal, which concerns the caller. Raises NotFound and Refused."""
    found = readable(session, number, caller)
    if not found.concerns(caller):
        detail = "a key that is limited to forces judges what concerns one of these"
        raise Refused("not-allowed", detail, (Fault("path/id", detail),))
    return found


def refuse_unless(dossier: Dossier, *states: ProposalState) -> None:
    """Raise Refused where the proposal is in none of these states."""
    if dossier.state not in states:
        detail = f"proposal {dossier.proposal.number} is {dossier.state}; it must be {' or '.join(states)} for that"
        raise Refused("conflict", detail, (Fault("path/id", detail),), more={"state": dossier.state})


def refuse_other_version(dossier: Dossier, if_match: str | None) -> None:
    """Raise Refused unless the version that was seen is the one there is. `*` says nothing of what was seen."""
    seen, proposal = precondition(if_match).revisions, dossier.proposal
    stands = f"proposal {proposal.number} is at version {proposal.version}"
    if seen is None:
        message = f"is missing: {stands}; send If-Match: {dossier.tag} if you have seen that"
        raise Refused("precondition-required", f"If-Match {message}", (Fault("header/If-Match", message),))
    if proposal.version not in seen:
        message = f"is another: {stands}; nothing was done"
        more: dict[str, object] = {"version": proposal.version}
        raise Refused("precondition-failed", f"If-Match {message}", (Fault("header/If-Match", message),), more=more)


def put(session: Session, dossier: Dossier, trial: Trial, base: int, operations: list[Document]) -> None:
    """Make what a trial came to the contents of the proposal, and write down all of it."""
    proposal = dossier.proposal
    proposal.changes, proposal.base_revision = trials.kept(trial.changes), base
    proposal.operations = orjson.dumps(operations).decode()
    proposal.warnings = orjson.dumps([fault_object(each) for each in trial.warnings]).decode()
    dossier.records, dossier.forces = [each.target for each in trial.changes], sorted(trial.forces)
    session.add(proposal)
    session.flush()
    session.add_all(dossier.events)
    session.execute(delete(ProposalSubject).where(ProposalSubject.proposal == proposal.number))
    named = [("record", name) for name in dossier.records] + [("force", name) for name in dossier.forces]
    session.add_all(ProposalSubject(proposal=proposal.number, kind=kind, name=name) for kind, name in named)
    session.flush()

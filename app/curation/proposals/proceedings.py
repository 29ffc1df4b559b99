"""What is done to proposals, in the transaction of one request and for the one who asks."""

from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.curation.desk import Desk
from app.curation.editing import Editor
from app.curation.keys import moment
from app.curation.proposals import trials
from app.curation.proposals.acceptance import accept
from app.curation.proposals.authorship import authors, caller_of_event
from app.curation.proposals.bodies import ProposalBody
from app.curation.proposals.carryovers import carried, rebased
from app.curation.proposals.dossiers import (
    Dossier,
    next_number,
    put,
    readable,
    refuse_other_version,
    refuse_unless,
    reviewable,
)
from app.curation.proposals.models import UNDECIDED, Proposal, ProposalEventKind, ProposalState
from app.curation.proposals.tokens import operations_of, pinned
from app.curation.writes import Written
from app.registry.problems import Fault, Refused


class Proceedings:
    """Does to proposals what a caller asks for. The session holds the write lock."""

    def __init__(self, session: Session, desk: Desk, caller: Caller) -> None:
        self.session, self.desk, self.caller = session, desk, caller

    def open(self, proposed: ProposalBody, last_days: tuple[str | None, str]) -> Dossier:
        """Propose a change. Raises what the write of a batch raises, and Refused where it would change nothing."""
        proposal = Proposal(number=next_number(self.session), state=ProposalState.OPEN, version=1, created=moment())
        dossier = Dossier(proposal, [])
        dossier.log(self.caller, ProposalEventKind.OPENED)
        self._fill(dossier, proposed, last_days)
        return dossier

    def amend(self, number: int, proposed: ProposalBody, days: int, if_match: str | None) -> Dossier:
        """Put another change in its place: whoever does so has written a part, and no acceptance counts any more."""
        dossier = readable(self.session, number, self.caller)
        refuse_unless(dossier, *UNDECIDED)
        refuse_other_version(dossier, if_match)
        last_days = proposed.last_days(dossier.proposal.expires, days)
        dossier.proposal.version += 1
        dossier.proposal.state = ProposalState.OPEN
        dossier.log(self.caller, ProposalEventKind.AMENDED)
        self._fill(dossier, proposed, last_days)
        return dossier

    def rebase(self, number: int, if_match: str | None) -> Dossier:
        """Carry a change over to what is recorded now; where nothing moved on, it stays as it is. Raises Refused."""
        dossier = readable(self.session, number, self.caller)
        refuse_unless(dossier, *UNDECIDED)
        refuse_other_version(dossier, if_match)
        proposal, editor = dossier.proposal, Editor(self.session, self.desk.register.catalogue)
        changes = trials.read(proposal.changes)
        found = carried(self.session, changes, proposal.base_revision, editor.when.revision)
        if not any(each.moved for each in found):
            return dossier
        after = rebased(found, number)
        trial = trials.tried(self.session, self.desk, trials.edit_of(after), self._authors(dossier))
        operations = operations_of(self.session, trial.changes)
        proposal.version += 1
        dossier.log(self.caller, ProposalEventKind.REBASED)
        put(self.session, dossier, trial, editor.when.revision, operations)
        return dossier

    def comment(self, number: int, text: str) -> Dossier:
        """Say something of it, also when it is decided."""
        dossier = readable(self.session, number, self.caller)
        return self._note(dossier, ProposalEventKind.COMMENTED, text)

    def request_changes(self, number: int, text: str, if_match: str | None) -> Dossier:
        """Ask for another version: until there is one, this one is not accepted."""
        dossier = self._judged(number, if_match, ProposalState.OPEN)
        dossier.proposal.state = ProposalState.CHANGES_REQUESTED
        return self._note(dossier, ProposalEventKind.CHANGES_REQUESTED, text)

    def accept(
        self, number: int, text: str | None, if_match: str | None, needed: int
    ) -> tuple[Dossier, Written | None]:
        """Accept this version; what the last acceptance that is needed wrote."""
        dossier = self._judged(number, if_match, ProposalState.OPEN)
        written = accept(self.session, self.desk, dossier, self.caller, needed=needed, text=text)
        return dossier, written

    def reject(self, number: int, text: str, if_match: str | None) -> Dossier:
        """Refuse it for good; the text says why."""
        dossier = self._judged(number, if_match, *UNDECIDED)
        dossier.proposal.state = ProposalState.REJECTED
        return self._note(dossier, ProposalEventKind.REJECTED, text)

    def withdraw(self, number: int, text: str | None) -> Dossier:
        """Take it back. Raises Refused for all but its authors."""
        dossier = readable(self.session, number, self.caller)
        if not dossier.is_of(self.caller):
            detail = "a proposal is withdrawn by those who wrote it; whoever reviews it rejects it"
            raise Refused("not-allowed", detail, (Fault("header/Authorization", detail),))
        refuse_unless(dossier, *UNDECIDED)
        dossier.proposal.state = ProposalState.WITHDRAWN
        return self._note(dossier, ProposalEventKind.WITHDRAWN, text)

    def _judged(self, number: int, if_match: str | None, *states: ProposalState) -> Dossier:
        """The proposal that the caller judges, in one of the states, and in the version that was seen."""
        dossier = reviewable(self.session, number, self.caller)
        refuse_unless(dossier, *states)
        refuse_other_version(dossier, if_match)
        return dossier

    def _note(self, dossier: Dossier, kind: ProposalEventKind, text: str | None) -> Dossier:
        self.session.add(dossier.log(self.caller, kind, text))
        self.session.flush()
        return dossier

    def _authors(self, dossier: Dossier) -> tuple[Caller, ...]:
        """Everyone who wrote a part: what they may not write themselves, they may not have written for them."""
        return tuple(caller_of_event(self.session, event) for event in authors(dossier.events))

    def _fill(self, dossier: Dossier, proposed: ProposalBody, last_days: tuple[str | None, str]) -> None:
        """Try what is proposed, and make it the contents."""
        editor = Editor(self.session, self.desk.register.catalogue)
        operations = [pinned(self.session, operation) for operation in proposed.operations]
        trial = trials.tried(self.session, self.desk, editor.batch(operations), self._authors(dossier))
        proposal = dossier.proposal
        proposal.title, proposal.reason = proposed.title, proposed.reason
        proposal.due, proposal.expires = last_days
        # what was not sent is not kept, but a null in a patch says something
        sent = [each.model_dump(mode="json", exclude_unset=True) for each in operations]
        put(self.session, dossier, trial, editor.when.revision, sent)

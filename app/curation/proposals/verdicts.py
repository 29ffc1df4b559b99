"""The endpoints with which something is said of a proposal, or it is decided."""

from fastapi import Request, Response

from app.api.callers import Approver, Proposer
from app.curation.desk import AskedOfBatch, IdempotencyKey, IfMatch, RawBody
from app.curation.participants import Participant
from app.curation.proposals.addresses import ProposalNumber
from app.curation.proposals.desk import ProposalDesk, aside, remark
from app.curation.proposals.dossiers import Dossier
from app.curation.proposals.proceedings import Proceedings
from app.curation.writes import Written


class Verdicts:
    """What readers, reviewers and authors say of a proposal."""

    def __init__(self, work: ProposalDesk) -> None:
        self.work = work

    def comment(
        self,
        request: Request,
        number: ProposalNumber,
        asked: AskedOfBatch,
        caller: Participant,
        body: RawBody,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Say something of a proposal."""
        text = remark(request, body)

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.comment(number, text), None

        return self.work.carry_out(request, carry_out, caller, body=body, key=idempotency_key, dry_run=asked.dry_run)

    def request_changes(
        self,
        request: Request,
        number: ProposalNumber,
        asked: AskedOfBatch,
        caller: Approver,
        body: RawBody,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Ask for another version."""
        text = remark(request, body)

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.request_changes(number, text, if_match), None

        return self.work.carry_out(request, carry_out, caller, body=body, key=idempotency_key, dry_run=asked.dry_run)

    def accept(
        self,
        request: Request,
        number: ProposalNumber,
        asked: AskedOfBatch,
        caller: Approver,
        body: RawBody,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Accept this version; the last acceptance that is needed writes the revision."""
        text = aside(request, body)

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, Written | None]:
            return proceedings.accept(number, text, if_match, self.work.needed)

        return self.work.carry_out(request, carry_out, caller, body=body, key=idempotency_key, dry_run=asked.dry_run)

    def reject(
        self,
        request: Request,
        number: ProposalNumber,
        asked: AskedOfBatch,
        caller: Approver,
        body: RawBody,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Refuse a proposal for good."""
        text = remark(request, body)

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.reject(number, text, if_match), None

        return self.work.carry_out(request, carry_out, caller, body=body, key=idempotency_key, dry_run=asked.dry_run)

    def withdraw(
        self,
        request: Request,
        number: ProposalNumber,
        asked: AskedOfBatch,
        caller: Proposer,
        body: RawBody,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Take a proposal back."""
        text = aside(request, body)

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.withdraw(number, text), None

        return self.work.carry_out(request, carry_out, caller, body=body, key=idempotency_key, dry_run=asked.dry_run)

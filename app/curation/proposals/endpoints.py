"""The endpoints of proposals: list, read, open, amend, and what is said and done to one."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from app.api.callers import Proposer
from app.api.dependencies import ReadAccess
from app.api.json_bodies import JSON_TYPES, media_type
from app.api.parameters import query_of
from app.curation.desk import AskedOfBatch, IdempotencyKey, IfMatch, RawBody, answered, sent
from app.curation.json_models import read_model
from app.curation.participants import Participant
from app.curation.proposals import openapi
from app.curation.proposals.addresses import PATH, ProposalNumber, url
from app.curation.proposals.bodies import ProposalBody
from app.curation.proposals.desk import ProposalDesk
from app.curation.proposals.dossiers import Dossier
from app.curation.proposals.lists import ProposalQuery
from app.curation.proposals.proceedings import Proceedings
from app.curation.proposals.verdicts import Verdicts


class ProposalEndpoints:
    """The endpoints of proposals."""

    def __init__(self, work: ProposalDesk) -> None:
        self.work = work

    def many(self, request: Request, caller: Participant, reader: ReadAccess) -> Response:
        """List proposals, newest first."""
        query = ProposalQuery.read(request)
        data, meta, following = self.work.many(query, caller, reader.walks.key)
        return sent(request, answered(200, data, meta, {"self": PATH + query_of(query.given), "next": following}, {}))

    def one(self, request: Request, number: ProposalNumber, caller: Participant) -> Response:
        """Read a proposal, against what is recorded now."""
        found = self.work.one(number, caller)
        return sent(request, answered(200, found.data, found.meta, {"self": url(number)}, {"ETag": found.tag}))

    def open(
        self,
        request: Request,
        asked: AskedOfBatch,
        caller: Proposer,
        body: RawBody,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Propose a change."""
        media_type(request, JSON_TYPES)
        proposed = read_model(ProposalBody, body)
        last_days = proposed.last_days(None, self.work.days)

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.open(proposed, last_days), None

        return self.work.carry_out(
            request, carry_out, caller, body=body, key=idempotency_key, dry_run=asked.dry_run, new=True
        )

    def amend(
        self,
        request: Request,
        number: ProposalNumber,
        asked: AskedOfBatch,
        caller: Proposer,
        body: RawBody,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Put another change in the place of the one that is proposed."""
        media_type(request, JSON_TYPES)
        proposed = read_model(ProposalBody, body)

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.amend(number, proposed, self.work.days, if_match), None

        return self.work.carry_out(request, carry_out, caller, body=body, key=idempotency_key, dry_run=asked.dry_run)

    def rebase(
        self,
        request: Request,
        number: ProposalNumber,
        asked: AskedOfBatch,
        caller: Participant,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Carry a change over to what is recorded now."""

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.rebase(number, if_match), None

        return self.work.carry_out(request, carry_out, caller, body=b"", key=idempotency_key, dry_run=asked.dry_run)


def build(work: ProposalDesk) -> APIRouter:
    """The router of these endpoints."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    proposals, verdicts = ProposalEndpoints(work), Verdicts(work)
    endpoints: list[tuple[str, str, Callable[..., Response]]] = [
        ("GET", "", proposals.many),
        ("POST", "", proposals.open),
        ("GET", "/{id}", proposals.one),
        ("PUT", "/{id}", proposals.amend),
        ("POST", "/{id}/rebase", proposals.rebase),
        ("POST", "/{id}/comments", verdicts.comment),
        ("POST", "/{id}/request-changes", verdicts.request_changes),
        ("POST", "/{id}/accept", verdicts.accept),
        ("POST", "/{id}/reject", verdicts.reject),
        ("POST", "/{id}/withdraw", verdicts.withdraw),
    ]
    for method, suffix, endpoint in endpoints:
        operation = openapi.OPERATIONS[endpoint.__name__]
        router.add_api_route(f"/proposals{suffix}", endpoint, methods=[method], **operation)
    return router

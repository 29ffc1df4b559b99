"""The endpoints of proposals: list, read, open, amend, and what is said and done to one."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.api.callers import Proposer
from app.api.dependencies import ReadAccess
from app.api.json_bodies import JSON_TYPES, media_type
from app.api.parameters import query_of
from app.curation.desk import AskedOfBatch, Desk, IdempotencyKey, IfMatch, RawBody, answered, sent
from app.curation.json_models import read_model
from app.curation.participants import Participant
from app.curation.proposals import descriptions, openapi
from app.curation.proposals.addresses import PATH, ProposalNumber, url
from app.curation.proposals.bodies import ProposalBody
from app.curation.proposals.desk import ProposalDesk
from app.curation.proposals.dossiers import Dossier, dossiers, readable
from app.curation.proposals.lists import ProposalQuery, asked_for
from app.curation.proposals.models import Proposal
from app.curation.proposals.proceedings import Proceedings
from app.curation.proposals.verdicts import Verdicts
from app.curation.work_lists import WorkList
from app.database import snapshot
from app.registry.serving.statements import clock


class ProposalEndpoints:
    """The endpoints of proposals."""

    def __init__(self, work: ProposalDesk) -> None:
        self.work = work

    def many(self, request: Request, caller: Participant, reader: ReadAccess) -> Response:
        """List proposals, newest first."""
        query = ProposalQuery.read(request)
        listed = WorkList(PATH, Proposal.number, reader.walks.key)
        asked, behind = listed.question(query)
        with snapshot(self.work.desk.engine) as connection, Session(connection) as session:
            page = listed.page(session, asked_for(asked, caller), asked, behind)
            data = [descriptions.summary(session, each, self.work.needed) for each in dossiers(session, page.numbers)]
            meta = {**clock(session.connection()).meta, "total": page.total}
        links = {"self": PATH + query_of(query.given), "next": page.following}
        return sent(request, answered(200, data, meta, links, {}))

    def one(self, request: Request, number: ProposalNumber, caller: Participant) -> Response:
        """Read a proposal, against what is recorded now."""
        with snapshot(self.work.desk.engine) as connection, Session(connection) as session:
            dossier = readable(session, number, caller)
            data = descriptions.detail(session, self.work.desk.register.catalogue, dossier, self.work.needed)
            meta = clock(session.connection()).meta
        return sent(request, answered(200, data, meta, {"self": url(number)}, {"ETag": dossier.tag}))

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


def build(desk: Desk, *, needed: int, days: int) -> APIRouter:
    """The router of these endpoints. `needed`: acceptances that it takes; `days` a proposal lasts, unless it says."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    work = ProposalDesk(desk, needed=needed, days=days)
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

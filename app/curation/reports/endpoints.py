"""The endpoints of reports: send, and for those who look at them list, read, and say what becomes of one."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.api.dependencies import ReadAccess
from app.api.idempotency import Answered
from app.api.json_bodies import JSON_TYPES, media_type
from app.api.parameters import query_of
from app.curation.desk import AskedOfBatch, Desk, IdempotencyKey, RawBody, answered, sent
from app.curation.json_models import read_model
from app.curation.participants import Triager
from app.curation.reports import openapi
from app.curation.reports.admission import ANYONE, Reporter
from app.curation.reports.bodies import ReportBody, ReportStateBody
from app.curation.reports.cases import Case, case, cases, move, take
from app.curation.reports.lists import ReportQuery, asked_for
from app.curation.reports.models import ReaderReport, ReportEvent
from app.curation.work_lists import WorkAnswer, WorkList
from app.database import snapshot
from app.registry.documents.canonical import Document
from app.registry.serving.statements import clock

PATH = "/v1/reports"
ReportNumber = Annotated[int, Path(alias="id", description="The number of the report.", ge=1, le=999_999_999)]


class ReportDesk:
    """The endpoints of reports."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.catalogue = desk, desk.register.catalogue

    def send(
        self,
        request: Request,
        asked: AskedOfBatch,
        caller: Reporter,
        body: RawBody,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Report what looks wrong; the answer says the number, and nothing else."""
        media_type(request, JSON_TYPES)
        return sent(request, self.taken(request, caller, body, idempotency_key, dry_run=asked.dry_run))

    def taken(self, request: Request, caller: Caller, body: bytes, key: str | None, *, dry_run: bool) -> Answered:
        """Keep the report of a body."""
        told = read_model(ReportBody, body)

        def work(session: Session) -> Answered:
            report = take(session, self.catalogue, told, caller, known=caller is not ANYONE)
            data = {"number": None if dry_run else report.number}
            return answered(200 if dry_run else 202, data, {"dry_run": dry_run}, {}, {})

        return self.desk.done(work, self.desk.attempt(request, caller, key, body), dry_run=dry_run)

    def many(self, request: Request, caller: Triager, reader: ReadAccess) -> Response:
        """List reports, newest first."""
        query = ReportQuery.read(request)
        data, meta, following = self.listed(query, caller, reader.walks.key)
        return sent(request, answered(200, data, meta, {"self": PATH + query_of(query.given), "next": following}, {}))

    def listed(self, query: ReportQuery, caller: Caller, key: Callable[[], bytes]) -> WorkAnswer:
        """A page of the list; `key` gives the secret with which cursors are signed."""
        listed = WorkList(PATH, ReaderReport.number, key)
        asked, behind = listed.question(query)
        with snapshot(self.desk.engine) as connection, Session(connection) as session:
            page = listed.page(session, asked_for(asked, caller), asked, behind)
            data = [self._described(each) for each in cases(session, page.numbers)]
            return WorkAnswer(data, {**clock(session.connection()).meta, "total": page.total}, page.following)

    def one(self, request: Request, number: ReportNumber, caller: Triager) -> Response:
        """Read a report."""
        data = self.report(number, caller)
        return sent(request, answered(200, data, {"dry_run": False}, {"self": data["url"]}, {}))

    def report(self, number: int, caller: Caller) -> Document:
        """A report and what became of it so far."""
        with snapshot(self.desk.engine) as connection, Session(connection) as session:
            return self._described(case(session, number, caller))

    def move(
        self,
        request: Request,
        number: ReportNumber,
        asked: AskedOfBatch,
        caller: Triager,
        body: RawBody,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Say what becomes of a report."""
        media_type(request, JSON_TYPES)
        return sent(request, self.moved(request, number, caller, body, idempotency_key, dry_run=asked.dry_run))

    def moved(
        self, request: Request, number: int, caller: Caller, body: bytes, key: str | None, *, dry_run: bool
    ) -> Answered:
        """Let a report stand where a body says."""
        told = read_model(ReportStateBody, body)

        def work(session: Session) -> Answered:
            found = case(session, number, caller)
            move(session, found, told, caller)
            data = self._described(found)
            return answered(200, data, {"dry_run": dry_run}, {"self": data["url"]}, {})

        return self.desk.done(work, self.desk.attempt(request, caller, key, body), dry_run=dry_run)

    def _described(self, found: Case) -> Document:
        report = found.report
        named = ("number", "received", "state", "record", "text", "source", "contact")
        return {
            **{name: getattr(report, name) for name in named},
            "url": f"{PATH}/{report.number}",
            "record_url": self.catalogue.url(report.record),
            "pointer": report.pointer or None,
            "by": report.actor,
            "events": [_event(event) for event in found.events],
        }


def _event(event: ReportEvent) -> Document:
    proposal = f"/v1/proposals/{event.proposal}" if event.proposal else None
    return {"at": event.at, "by": event.actor, "state": event.state, "note": event.note, "proposal": proposal}


def build(reports: ReportDesk) -> APIRouter:
    """The router of these endpoints."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    endpoints: list[tuple[str, str, Callable[..., Response]]] = [
        ("POST", "", reports.send),
        ("GET", "", reports.many),
        ("GET", "/{id}", reports.one),
        ("POST", "/{id}/state", reports.move),
    ]
    for method, suffix, endpoint in endpoints:
        router.add_api_route(f"/reports{suffix}", endpoint, methods=[method], **openapi.OPERATIONS[endpoint.__name__])
    return router

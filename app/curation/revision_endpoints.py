"""Writes of several records as one revision, and the revert of one."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.orm import Session

from app.api.callers import Caller, Curator
from app.api.idempotency import Answered
from app.api.json_bodies import JSON_TYPES, media_type
from app.curation import openapi
from app.curation.desk import Asked, AskedOfBatch, Desk, IdempotencyKey, RawBody, answered, sent
from app.curation.editing import Edit, Editor
from app.curation.json_models import read_model
from app.curation.operations import Batch
from app.curation.reverts import reverting
from app.curation.writes import RecordWrite, Written
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.serving.statements import clock

RevisionInPath = Annotated[int, Path(alias="id", description="The number of the revision.", ge=1, le=999_999_999)]


class RevisionWriting:
    """The endpoints that write whole revisions."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.catalogue = desk, desk.register.catalogue

    def batch(
        self,
        request: Request,
        asked: AskedOfBatch,
        caller: Curator,
        body: RawBody,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Carry out several operations as one revision: all, or none."""
        media_type(request, JSON_TYPES)
        return sent(request, self.carried_out(request, caller, body, idempotency_key, dry_run=asked.dry_run))

    def carried_out(self, request: Request, caller: Caller, body: bytes, key: str | None, *, dry_run: bool) -> Answered:
        """Carry out the operations of a body."""
        batch = read_model(Batch, body)

        def work(session: Session) -> Answered:
            edit = Editor(session, self.catalogue).batch(batch.operations)
            return self._written(session, edit, caller, batch.reason, dry_run=dry_run)

        return self.desk.done(work, self.desk.attempt(request, caller, key, body), dry_run=dry_run)

    def revert(
        self,
        request: Request,
        number: RevisionInPath,
        asked: Asked,
        caller: Curator,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Undo a revision, where nothing touched the same since."""

        def work(session: Session) -> Answered:
            edit = reverting(session, number, clock(session.connection()).revision)
            return self._written(session, edit, caller, asked.reason, dry_run=asked.dry_run)

        wanted = self.desk.attempt(request, caller, idempotency_key, b"")
        return self.desk.carry_out(request, work, wanted, dry_run=asked.dry_run)

    def _written(self, session: Session, edit: Edit, caller: Caller, reason: str, *, dry_run: bool) -> Answered:
        written = self.desk.write(session, edit, actor=caller.actor, reason=reason, callers=(caller,))
        return answer(self.desk, written, dry_run=dry_run)


def answer(desk: Desk, written: Written, *, dry_run: bool) -> Answered:
    """What is said of a write of several records."""
    data = [_record(desk, record) for record in written.records]
    if dry_run or written.revision is None:
        return answered(200, data, written.meta(dry_run), {}, {})
    url = f"/v1/revisions/{written.revision}"
    return answered(201, data, written.meta(dry_run), {"revision": url}, {"Location": url}, written.revision)


def _record(desk: Desk, record: RecordWrite) -> Document:
    """A record of a write: what it says now, null once it is withdrawn, and what was changed in it."""
    name = parse_json(record.after or record.before or "{}").get("name")
    return {
        "record": desk.register.catalogue.reference(Ref.parse(record.target), name),
        "data": parse_json(record.after) if record.after else None,
        "difference": record.difference,
    }


def build(writing: RevisionWriting) -> APIRouter:
    """The router of these endpoints."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    router.add_api_route("/revisions", writing.batch, methods=["POST"], **openapi.BATCH)
    router.add_api_route("/revisions/{id}/revert", writing.revert, methods=["POST"], **openapi.REVERT)
    return router

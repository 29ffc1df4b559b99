"""`POST /v1/{collection}/{id}/redact`: the one request that takes away what was recorded."""

import logging
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.api.callers import Admin, not_allowed
from app.api.dependencies import RecordId
from app.api.envelopes import Described
from app.api.idempotency import Answered
from app.api.json_bodies import JSON_TYPES, media_type
from app.curation import openapi
from app.curation.desk import Asked, Desk, IdempotencyKey, IfMatch, RawBody, answered
from app.curation.json_models import read_model
from app.curation.openapi import WriteLinks, WriteMeta
from app.curation.preconditions import precondition
from app.curation.redaction import RedactionOrder, RedactionOutcome, redact, standing_of
from app.curation.traces import ErasedTraces
from app.curation.writes import Written
from app.registry.collection import Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.freed_space import scrub
from app.registry.problems import Fault, Gone, Merged, Unsupported
from app.registry.serving.statements import clock, find

_LOG = logging.getLogger(__name__)


class RedactionMeta(WriteMeta):
    """What is said of a redaction."""

    redacted: list[int]
    """The revisions that wrote what is gone."""
    erased: dict[str, int]
    """How many answers to writes, proposals, reports and imports lost what they said of it."""


class RedactionAnswer(Described):
    """What became of a redaction."""

    data: dict[str, Any]
    """The record as it is served now; of one that was withdrawn, its type and id."""
    meta: RedactionMeta
    links: WriteLinks


MODELS: tuple[type[BaseModel], ...] = (RedactionOrder, RedactionAnswer)


class RecordRedaction:
    """The redactions of one collection."""

    def __init__(self, collection: Collection, desk: Desk) -> None:
        self.collection, self.desk = collection, desk

    def redact(
        self,
        request: Request,
        slug: RecordId,
        asked: Asked,
        caller: Admin,
        body: RawBody,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Take away for good what versions of a record said."""
        media_type(request, JSON_TYPES)
        order, condition = self._order(body, slug), precondition(if_match)
        target = f"{self.collection.type}:{slug}"
        if caller.forces is not None:
            raise not_allowed("the key is limited to forces: redacting needs one that is not")

        def work(session: Session) -> Answered:
            outcome = redact(
                session,
                self.desk.register,
                target,
                order,
                stands=standing_of(session, target, condition),
                actor=caller.actor,
                reason=asked.reason,
                trial=asked.dry_run,
            )
            return self._answer(session, slug, outcome, dry_run=asked.dry_run)

        wanted = self.desk.attempt(request, caller, idempotency_key, body)
        answer = self.desk.carry_out(request, work, wanted, dry_run=asked.dry_run)
        if not asked.dry_run:
            self._scrub()
        return answer

    def _order(self, body: bytes, slug: str) -> RedactionOrder:
        """What is ordered. Raises Unsupported where what remains is of another record."""
        order = read_model(RedactionOrder, body)
        for name, value in {"type": self.collection.type, "id": slug}.items():
            if order.document is not None and order.document.setdefault(name, value) != value:
                message = f"is not '{value}', as the address has it"
                location = f"body/document/{name}"
                raise Unsupported("invalid-parameter", f"{location}: {message}", (Fault(location, message),))
        return order

    def _answer(self, session: Session, slug: str, outcome: RedactionOutcome, *, dry_run: bool) -> Answered:
        url = f"/v1/{self.collection.path}/{slug}"
        written = Written(outcome.revision, outcome.recorded, [], outcome.warnings)
        counts = dict(zip(ErasedTraces._fields, outcome.traces, strict=True))
        meta = {**written.meta(dry_run), "redacted": list(outcome.versions), "erased": counts}
        links: Document = {"self": url, "history": f"{url}/history"}
        data = self._served(session, slug)
        if dry_run:
            return answered(200, data, meta, links, {})
        links["revision"] = f"/v1/revisions/{outcome.revision}"
        headers = {"ETag": f'"{data["revision"]}"'} if "revision" in data else {}
        return answered(200, data, meta, links, headers, outcome.revision)

    def _served(self, session: Session, slug: str) -> Document:
        connection = session.connection()
        try:
            return parse_json(find(connection, self.collection, slug, clock(connection)).body)
        except (Gone, Merged):
            return {"type": self.collection.type, "id": slug}

    def _scrub(self) -> None:
        """On SQLite, take what was redacted out of the file at once; on PostgreSQL that would lock every table."""
        if self.desk.engine.dialect.name != "sqlite":
            return
        try:
            done = scrub(self.desk.engine)
        except DBAPIError:
            done = False
        if not done:
            _LOG.warning("what was redacted may still stand in the database's file: run `registry scrub`")


def build(desk: Desk) -> APIRouter:
    """The router with the redaction of every collection."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    for collection in desk.register.catalogue:
        verbs = RecordRedaction(collection, desk)
        router.add_api_route(
            f"/{collection.path}/{{id}}/redact", verbs.redact, methods=["POST"], **_operation(collection)
        )
    return router


def _operation(collection: Collection) -> dict[str, Any]:
    return openapi.operation(
        f"redact_{collection.type.replace('-', '_')}",
        f"Redact one of {collection.path}",
        "What superseded versions say is taken away for good: of the record, of all that is derived of it and of what "
        "answers and proposals say. The log keeps their lines, and says by whom, when and why; the reason is public.",
        collection.path,
        answer=RedactionAnswer.__name__,
        problems=(*openapi.OF_WRITES, *openapi.OF_BODIES, *openapi.OF_CHANGES),
        extra=openapi.of_model(RedactionOrder.__name__),
    )

"""The endpoints of imports."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.api.callers import Curator
from app.api.idempotency import Answered, Attempt
from app.curation.desk import Desk, IdempotencyKey, WriteQuery, answered, sent
from app.curation.imports import openapi
from app.curation.imports.bodies import SpooledBody
from app.curation.imports.jobs import Jobs, enter
from app.curation.imports.order import ImportOrder
from app.curation.imports.spool import Spool, SpoolFolder
from app.curation.imports.works import ImportWorks
from app.registry.writing.inspection import InspectedDataset

ImportInPath = Annotated[str, Path(alias="id", description="The id of the import.", max_length=20)]
Prefer = Annotated[
    str | None, Header(description="`respond-async`: answer at once, and go on (RFC 7240).", examples=["respond-async"])
]


class ImportQuery(WriteQuery):
    """What an import takes in its query string."""

    restore: bool = False
    """Whether a document is written anew even if its record was amended since it said so."""


class ImportsQuery(BaseModel):
    """What the list of imports takes."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    limit: int = Field(50, ge=1, le=200)
    """How many."""
    before: str | None = Field(None, max_length=20)
    """The id of an import: those that came before it."""


class Imports:
    """The endpoints; what takes longer than a request should is done at the desk of the `works`."""

    def __init__(self, desk: Desk, works: ImportWorks, folder: SpoolFolder) -> None:
        self.desk, self.works, self.jobs = desk, works, Jobs(folder)

    def take(
        self,
        request: Request,
        caller: Curator,
        spool: SpooledBody,
        asked: Annotated[ImportQuery, Query()],
        prefer: Prefer = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Write a whole dataset, or refuse all of it."""
        order = ImportOrder(caller, asked.reason, asked.dry_run, asked.restore)
        wanted = self.desk.attempt(request, caller, idempotency_key, spool.digest)
        if _wants_answer_at_once(prefer):
            return self._begin(request, spool, order, wanted)
        with order.checked(spool, self.desk.register) as dataset:
            return self._write(request, spool, order, wanted, dataset)

    def _write(
        self, request: Request, spool: Spool, order: ImportOrder, wanted: Attempt | None, dataset: InspectedDataset
    ) -> Response:
        def work(session: Session) -> Answered:
            outcome = order.write(session, self.desk.register, spool, dataset)
            if outcome.revision is None:
                return answered(200, outcome.counts, outcome.meta, {}, {})
            url = f"/v1/revisions/{outcome.revision}"
            return answered(201, outcome.counts, outcome.meta, {"revision": url}, {"Location": url}, outcome.revision)

        return self.works.desk.carry_out(request, work, wanted, dry_run=order.dry_run)

    def _begin(self, request: Request, spool: Spool, order: ImportOrder, wanted: Attempt | None) -> Response:
        entered: list[str] = []

        def work(session: Session) -> Answered:
            job = enter(session, spool.name, order)
            entered.append(spool.name)
            headers = {"Location": job["url"], "Preference-Applied": "respond-async"}
            return answered(202, job, {}, {"self": job["url"]}, headers)

        response = self.desk.carry_out(request, work, wanted)
        if entered:
            # not before it is committed; an answer that is sent again begins nothing
            spool.kept = True
            self.works.begin(spool, order)
        return response

    def one(self, request: Request, name: ImportInPath, caller: Curator) -> Response:
        """How far an import is, and what became of it."""
        with self.desk.reading() as connection:
            job = self.jobs.one(connection, name, caller)
        links = {"self": job["url"]} | ({"revision": f"/v1/revisions/{job['revision']}"} if job["revision"] else {})
        return sent(request, answered(200, job, {}, links, {}))

    def several(self, request: Request, caller: Curator, asked: Annotated[ImportsQuery, Query()]) -> Response:
        """The caller's imports, newest first; an administrator sees all."""
        with self.desk.reading() as connection:
            found = self.jobs.several(connection, caller, asked.limit, asked.before)
            total = self.jobs.total(connection, caller)
        more = len(found) == asked.limit
        links = {"next": f"/v1/imports?limit={asked.limit}&before={found[-1]['id']}" if more else None}
        return sent(request, answered(200, found, {"total": total}, links, {}))


def _wants_answer_at_once(prefer: str | None) -> bool:
    preferences = (prefer or "").lower().split(",")
    return "respond-async" in (each.partition(";")[0].strip() for each in preferences)


def build(desk: Desk, works: ImportWorks, folder: SpoolFolder) -> APIRouter:
    """The router of these endpoints."""
    router, imports = APIRouter(prefix="/v1", default_response_class=Response), Imports(desk, works, folder)
    router.add_api_route("/imports", imports.take, methods=["POST"], **openapi.TAKE)
    router.add_api_route("/imports", imports.several, methods=["GET"], **openapi.LIST)
    router.add_api_route("/imports/{id}", imports.one, methods=["GET"], **openapi.ONE)
    return router

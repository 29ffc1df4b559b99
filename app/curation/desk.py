"""Where every write is carried out: one transaction, one at a time, and answered once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Annotated, Any, Protocol

import orjson
from fastapi import Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.api.idempotency import Answered, Attempt, Running, attempt, earlier_answer, keep
from app.api.json_bodies import raw_body
from app.api.prefix import address, prefix_of, prefixed
from app.api.responses import JSON
from app.curation.editing import Edit
from app.curation.operations import Reason
from app.curation.writes import Review, Written, write
from app.database import connect, reading, writing
from app.registry.documents.canonical import Document
from app.registry.problems import Refused
from app.registry.projections import Register

Work = Callable[[Session], Answered]
LONG_WAIT = 600.0
"""Seconds that a write without time limits waits for its turn."""
CLERKS = 2
"""Connections for those: one writes, one may say that another was refused."""


class WriteQuery(BaseModel):
    """What every write of one record takes in its query string."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    reason: Reason
    """Why, in a sentence: public, and kept for ever."""
    dry_run: bool = False
    """Whether to answer what would be written, with its difference, warnings and errors, and to write nothing."""


class DryRunQuery(BaseModel):
    """What a write takes in its query string whose body says why."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    dry_run: bool = False
    """Whether to answer what would be written, with its difference, warnings and errors, and to write nothing."""


Asked = Annotated[WriteQuery, Query()]
AskedOfBatch = Annotated[DryRunQuery, Query()]
RawBody = Annotated[bytes, Depends(raw_body)]
IfMatch = Annotated[
    str | None,
    Header(description='The revision at which the record stands: `"17"`, or the `ETag` of a read of it as it came.'),
]
IfNoneMatch = Annotated[str | None, Header(description="`*`: create it, unless it is there.")]
IdempotencyKey = Annotated[
    str | None, Header(description="Makes it safe to send the request again: it is carried out once. Kept for 30 days.")
]


class Watch(Protocol):
    """What is done before and after each write."""

    def guard(self, connection: Connection) -> None:
        """Raise Refused where nothing may be written."""

    def publish(self) -> None:
        """Make known what was committed."""


class Desk:
    """Carries out writes on one database."""

    def __init__(self, engine: Engine, register: Register, review: Review, patience: float, watch: Watch) -> None:
        self.engine, self.register, self.review, self.patience = engine, register, review, patience
        self.watch = watch
        self.running, self._turn = Running(), Lock()

    def unhurried(self, url: str) -> "Desk":
        """The same desk without time limits, for what takes longer than any request should."""
        other = Desk(connect(url, CLERKS, LONG_WAIT), self.register, self.review, LONG_WAIT, self.watch)
        other.running, other._turn = self.running, self._turn
        return other

    @contextmanager
    def writing(self, patience: float | None = None) -> Iterator[Session]:
        """A session that holds the write lock. Writers of this process queue here, not at the database's door."""
        if not self._turn.acquire(timeout=self.patience if patience is None else patience):
            raise Refused("unavailable", "others are writing; try again", headers={"Retry-After": "2"})
        try:
            with writing(self.engine) as session:
                self.watch.guard(session.connection())
                yield session
            self.watch.publish()
        finally:
            self._turn.release()

    def reading(self) -> Any:
        """A connection for reads."""
        return reading(self.engine)

    def write(self, session: Session, edit: Edit, *, actor: str, reason: str, callers: tuple[Caller, ...]) -> Written:
        """Write what is asked for as one revision: `app.curation.writes.write`, in this register."""
        return write(session, self.register, edit, actor=actor, reason=reason, callers=callers, review=self.review)

    def attempt(self, request: Request, caller: Caller, key: str | None, body: bytes) -> Attempt | None:
        """The attempt that a request is, if it can be told from another by its key."""
        query = request.scope["query_string"].decode("latin-1")
        return attempt(caller.actor, key, request.method, f"{request.scope['path']}?{query}", body)

    def carry_out(self, request: Request, work: Work, wanted: Attempt | None, *, dry_run: bool = False) -> Response:
        """Carry out a write, and answer it."""
        return sent(request, self.done(work, wanted, dry_run=dry_run))

    def done(self, work: Work, wanted: Attempt | None, *, dry_run: bool = False) -> Answered:
        """Carry out a write, or answer as before where it was carried out already; a dry run leaves nothing."""
        with self.running.only_one(wanted), self.writing() as session:
            answer = earlier_answer(session, wanted) if wanted and not dry_run else None
            if answer is None:
                answer = work(session)
                if dry_run:
                    session.rollback()
                elif wanted:
                    keep(session, wanted, answer)
        return answer


def sent(request: Request, answer: Answered) -> Response:
    """The answer to a write, under the prefix at which the client sees the registry."""
    headers = {"Cache-Control": "no-store", **answer.headers}
    if "Location" in headers:
        headers["Location"] = address(request, headers["Location"])
    return Response(prefixed(answer.body, JSON, prefix_of(request)), answer.status, headers, JSON)


def answered(
    status: int, data: Any, meta: Document, links: Document, headers: dict[str, str], revision: int | None = None
) -> Answered:
    """The answer with these parts."""
    body = orjson.dumps({"data": data, "meta": meta, "links": links})
    named = {} if revision is None else {"Registry-Revision": str(revision)}
    return Answered(status, {**headers, **named}, body, revision)

"""Imports that go on by themselves: their rows, and what is told of them."""

import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Row, and_, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from app.api.callers import Caller, Scope
from app.curation.imports.models import ImportJob
from app.curation.imports.order import ImportOrder
from app.curation.imports.spool import SpoolFolder, as_object
from app.curation.keys import moment
from app.database import WRITE_LOCK
from app.registry.documents.canonical import Document
from app.registry.problems import NotFound

RECEIVED, DONE, REFUSED, FAILED = "received", "done", "refused", "failed"
KEPT = timedelta(days=30)
LONGEST = timedelta(days=1)
"""After that an import on another machine is taken to have been cut off."""
HOST = socket.gethostname()[:255]
CUT_OFF: Document = {"detail": "the service was stopped while it worked on this; nothing was written, send it again"}
NO_REPORT: Document = {
    "detail": None,
    "counts": None,
    "errors": [],
    "errors_total": 0,
    "warnings": [],
    "warnings_total": 0,
}
LISTED = ("id", "state", "reason", "actor", "dry_run", "received", "finished", "revision", "url")
"""What a list says of each: the rest may be long."""


class Superseded(Exception):  # noqa: N818 - it is no error of this code
    """Somebody else has said already how the import ended."""


def enter(session: Session, name: str, order: ImportOrder) -> Document:
    """Enter an import, and forget what is older than 30 days. Gives what is told of it."""
    session.execute(delete(ImportJob).where(ImportJob.received < moment(datetime.now(UTC) - KEPT)))
    caller = order.caller
    job = ImportJob(id=name, actor=caller.actor, account=caller.account, host=HOST, reason=order.reason)
    job.dry_run, job.received, job.state = order.dry_run, moment(), RECEIVED
    session.add(job)
    session.flush()
    row = session.execute(select(*ImportJob.__table__.c).where(ImportJob.id == name)).one()
    return _described(row, RECEIVED, None)


def end(session: Session, name: str, state: str, report: Document, revision: int | None = None) -> None:
    """Write what became of an import. Raises Superseded where that is written already."""
    ending = update(ImportJob).where(ImportJob.id == name, ImportJob.state == RECEIVED)
    told = orjson.dumps(report).decode()
    ended = session.execute(ending.values(state=state, finished=moment(), revision=revision, report=told))
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise Superseded(name)


class Jobs:
    """Tells of imports."""

    def __init__(self, folder: SpoolFolder) -> None:
        self.folder = folder

    def one(self, connection: Connection, name: str, caller: Caller) -> Document:
        """An import of the caller's. Raises NotFound."""
        asked = select(*ImportJob.__table__.c).where(ImportJob.id == name, *_own(caller))
        if (row := connection.execute(asked).first()) is None:
            raise NotFound(f"there is no import '{name[:40]}' of yours; they are kept for {KEPT.days} days")
        return self._told(connection, row)

    def several(self, connection: Connection, caller: Caller, limit: int, before: str | None) -> list[Document]:
        """The caller's imports, newest first."""
        asked = select(*ImportJob.__table__.c).where(*_own(caller))
        if before:
            asked = asked.where(_older_than(connection, before))
        newest_first = asked.order_by(ImportJob.received.desc(), ImportJob.id.desc()).limit(limit)
        told = [self._told(connection, row) for row in connection.execute(newest_first).all()]
        return [{name: job[name] for name in LISTED} for job in told]

    @staticmethod
    def total(connection: Connection, caller: Caller) -> int:
        """How many imports the caller has."""
        return int(connection.execute(select(func.count(ImportJob.id)).where(*_own(caller))).scalar_one())

    def _told(self, connection: Connection, row: Row[Any]) -> Document:
        if row.state != RECEIVED:
            return _described(row, row.state, orjson.loads(row.report))
        if self.folder.works_on(row.id):
            progress = self.folder.progress(row.id)
            found = _described(row, progress.state if progress else RECEIVED, None)
            return {**found, "progress": as_object(progress)}
        ours = row.host == HOST or row.received < moment(datetime.now(UTC) - LONGEST)
        if not ours or _others_write(connection):
            # the connection of a process that was killed may still be carrying out what it was told last
            return _described(row, RECEIVED, None)
        # it may have ended since the row was read
        row = connection.execute(select(*ImportJob.__table__.c).where(ImportJob.id == row.id)).one()
        return _described(row, *((FAILED, CUT_OFF) if row.state == RECEIVED else (row.state, orjson.loads(row.report))))


def _others_write(connection: Connection) -> bool:
    """Whether somebody holds the write lock of PostgreSQL; SQLite is a part of its process, and gone with it."""
    if connection.dialect.name != "postgresql":
        return False
    free = connection.execute(text("SELECT pg_try_advisory_xact_lock_shared(:key)"), {"key": WRITE_LOCK}).scalar()
    return not free


def _own(caller: Caller) -> Sequence[Any]:
    return () if caller.may(Scope.ADMIN) else (ImportJob.account == caller.account,)


def _older_than(connection: Connection, name: str) -> Any:
    received = connection.execute(select(ImportJob.received).where(ImportJob.id == name)).scalar()
    if received is None:
        raise NotFound(f"there is no import '{name[:40]}'")
    return or_(ImportJob.received < received, and_(ImportJob.received == received, ImportJob.id < name))


def _described(row: Row[Any], state: str, report: Document | None) -> Document:
    named = {name: getattr(row, name) for name in ("id", "reason", "actor", "received", "finished", "revision")}
    url = f"/v1/imports/{row.id}"
    return {
        **named,
        "state": state,
        "dry_run": bool(row.dry_run),
        "progress": None,
        **NO_REPORT,
        **(report or {}),
        "url": url,
    }

"""Where imports are carried out: while the client waits, or in a thread of this process."""

import logging
import time
from threading import Lock, Thread
from weakref import WeakSet

from sqlalchemy.exc import SQLAlchemyError

from app.api.problems import fault_object
from app.curation.desk import Desk
from app.curation.imports import jobs
from app.curation.imports.order import ImportOrder
from app.curation.imports.spool import Spool
from app.database import close
from app.registry.documents.canonical import Document
from app.registry.problems import Problem, Refused, RuleBroken

_LOG = logging.getLogger(__name__)
PATIENCE = 2.0
"""Seconds in which an import may end once the service does."""
UNFORESEEN = "the registry failed; it is a defect, and nothing was written"


class ImportWorks:
    """Carries imports out one after the other, on a desk without time limits."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self._turn = desk, Lock()
        self._threads = WeakSet[Thread]()

    def begin(self, spool: Spool, order: ImportOrder) -> None:
        """Carry out an import that is entered, and its spool kept, in a thread that ends with the process."""
        thread = Thread(target=self._run, args=(spool, order), name=f"import {spool.name}", daemon=True)
        self._threads.add(thread)
        thread.start()

    def close(self) -> None:
        """Let those that are just ending end, and close the connections; what has longer to go is cut off."""
        until = time.monotonic() + PATIENCE
        for thread in list(self._threads):
            thread.join(max(0, until - time.monotonic()))
        close(self.desk.engine)

    def _run(self, spool: Spool, order: ImportOrder) -> None:
        """The spool is held until the end is written: who finds it free knows that this was cut off."""
        try:
            with self._turn:
                self._carry_out(spool, order)
        except jobs.Superseded:
            _LOG.error("import %s: was taken to have been cut off; nothing was written", spool.name)
        except Exception as error:
            _LOG.exception("import %s failed", spool.name)
            self._end(spool, jobs.FAILED, {"detail": _words(error)})
        finally:
            spool.close()

    def _carry_out(self, spool: Spool, order: ImportOrder) -> None:
        register = self.desk.register
        try:
            with order.checked(spool, register) as dataset, self.desk.writing() as session:
                outcome = order.write(session, register, spool, dataset)
                report: Document = {"counts": outcome.counts, **outcome.warnings}
                if order.dry_run:
                    session.rollback()
                else:
                    jobs.end(session, spool.name, jobs.DONE, report, outcome.revision)
        except (RuleBroken, Refused) as refusal:
            self._end(spool, jobs.REFUSED, refusal_report(refusal))
        else:
            if order.dry_run:
                self._end(spool, jobs.DONE, report)

    def _end(self, spool: Spool, state: str, report: Document) -> None:
        try:
            with self.desk.writing() as session:
                jobs.end(session, spool.name, state, report)
        except (SQLAlchemyError, Problem, jobs.Superseded):
            # it will be told as cut off, which is as true
            _LOG.exception("import %s: how it ended could not be written", spool.name)


def refusal_report(refusal: Problem) -> Document:
    """What is told of an import that was refused."""
    errors = [fault_object(fault) for fault in refusal.faults]
    return {"detail": refusal.detail, "errors": errors, "errors_total": getattr(refusal, "count", len(errors))}


def _words(error: Exception) -> str:
    if isinstance(error, Problem):
        return error.detail
    return "the database cannot be used" if isinstance(error, SQLAlchemyError) else UNFORESEEN

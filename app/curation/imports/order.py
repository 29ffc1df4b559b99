"""What is asked with a dataset, and the writing of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.api.problems import fault_object
from app.curation.imports.spool import Progress, Spool
from app.curation.writes import placed, refuse_or_warn
from app.registry.documents.canonical import Document
from app.registry.projections import Register
from app.registry.writing import store
from app.registry.writing.inspection import InspectedDataset, inspected
from app.registry.writing.outcome import Say

CHECKING, WRITING = "checking", "writing"


@dataclass(frozen=True)
class ImportOrder:
    """Who wants a dataset written, why, and how."""

    caller: Caller
    reason: str
    dry_run: bool
    restore: bool

    @contextmanager
    def checked(self, spool: Spool, register: Register) -> Iterator[InspectedDataset]:
        """The dataset, looked at without the write lock. Raises RuleBroken and Refused."""
        looked_at = inspected(spool, register.catalogue, _noting(spool, CHECKING), spool.folder)
        with ExitStack() as stack:
            with placed():
                dataset = stack.enter_context(looked_at)
            yield dataset

    def write(self, session: Session, register: Register, spool: Spool, dataset: InspectedDataset) -> "ImportOutcome":
        """Write the dataset as one revision. Raises RuleBroken and Refused; the session must be rolled back then."""
        with placed():
            saved = store.save(
                session,
                register,
                dataset,
                actor=self.caller.actor,
                reason=self.reason,
                say=_noting(spool, WRITING),
                restore=self.restore,
            )
        refuse_or_warn(session, saved, (self.caller,))
        return ImportOutcome(saved, saved.recorded, self.dry_run)


def _noting(spool: Spool, state: str) -> Say:
    def say(step: str, done: int, of: int | None) -> None:
        spool.note(Progress(state, step, done, of))

    return say


@dataclass(frozen=True)
class ImportOutcome:
    """What became of a dataset that was not refused."""

    saved: store.Saved
    recorded: str | None
    dry_run: bool

    @property
    def revision(self) -> int | None:
        """The revision that was made; nothing has the number that a dry run would have had."""
        return None if self.dry_run else self.saved.revision

    @property
    def counts(self) -> Document:
        """What became of the documents."""
        saved = self.saved
        return {"written": saved.changed, "unchanged": saved.unchanged, "left_out": saved.amended}

    @property
    def warnings(self) -> Document:
        """What looks wrong, and refused nothing."""
        saved = self.saved
        return {"warnings": [fault_object(each) for each in saved.warnings], "warnings_total": saved.warned}

    @property
    def meta(self) -> Document:
        """What an answer says of the write."""
        told = {"revision": self.revision, "recorded": None if self.dry_run else self.recorded}
        return {**told, "dry_run": self.dry_run, **self.warnings}

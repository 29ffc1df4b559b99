"""One write: what is asked for becomes one revision, or nothing does; and what is told of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import jsonpatch
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.api.problems import fault_object
from app.curation.changes import changes_in, uncited
from app.curation.editing import Edit
from app.curation.permissions import refuse_others
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.problems import Fault, Gone, Merged, NotFound, RuleBroken
from app.registry.projections import Register
from app.registry.serving.statements import Clock, clock, find
from app.registry.writing import store

CITATION_UNCHANGED = "citation-unchanged"


Review = Callable[[Connection, Clock, Sequence[Ref]], Iterable[Fault]]
"""Says what looks wrong in records that have just been written."""


@dataclass(frozen=True)
class RecordWrite:
    """What became of one record: how it is served now, and how it was, as JSON; None where it is not there."""

    target: str
    before: str | None
    after: str | None

    @property
    def difference(self) -> list[Document]:
        """A JSON Patch (RFC 6902) from how it was served to how it is; nothing of what is new, or withdrawn."""
        if self.before is None or self.after is None:
            return []
        patch: list[Document] = jsonpatch.make_patch(parse_json(self.before), parse_json(self.after)).patch
        return patch


@dataclass(frozen=True)
class Written:
    """What a write did. `revision` is None where everything was recorded already as it was given."""

    revision: int | None
    recorded: str | None
    records: list[RecordWrite]
    warnings: list[Fault] = field(default_factory=list)

    def meta(self, dry_run: bool) -> Document:
        """What an answer says of the write; nothing has the number that a dry run would have had."""
        return {
            "revision": None if dry_run else self.revision,
            "recorded": None if dry_run else self.recorded,
            "dry_run": dry_run,
            "warnings": [fault_object(warning) for warning in self.warnings],
        }


def write(
    session: Session,
    register: Register,
    edit: Edit,
    *,
    actor: str,
    reason: str,
    callers: tuple[Caller, ...],
    review: Review,
) -> Written:
    """Write what is asked for as one revision, which each of the callers must be allowed to make.

    `review` says what looks wrong in it beyond the rules that the documents keep.
    Raises RuleBroken and Refused; the session must be rolled back then.
    """
    before = clock(session.connection())
    with placed():
        saved = store.save(session, register, edit.entries, actor=actor, reason=reason, withdrawals=edit.withdrawals)
    refuse_or_warn(session, saved, callers)
    after = clock(session.connection())
    if saved.revision is not None:
        for warning in review(session.connection(), after, [Ref.parse(target) for target in edit.targets]):
            saved.warn(warning)
    records = [_record(session, register, target, before, after) for target in edit.targets]
    return Written(saved.revision, saved.recorded, records, saved.warnings)


@contextmanager
def placed() -> Iterator[None]:
    """Put the faults of what is refused inside where JSON Pointers go on."""
    try:
        yield
    except RuleBroken as broken:
        raise RuleBroken(broken.detail, tuple(map(_placed, broken.faults)), broken.count) from broken


def refuse_or_warn(session: Session, saved: store.Saved, callers: tuple[Caller, ...]) -> None:
    """What is looked at once a revision is made. Raises Refused where one of the callers may not make it."""
    saved.warnings = [_placed(warning) for warning in saved.warnings]
    if saved.revision is None:
        return
    for caller in callers:
        refuse_others(session, saved.revision, caller)
    for warning in _uncited(session, saved.revision):
        saved.warn(warning)


def _placed(fault: Fault) -> Fault:
    """A fault of `body /name` where JSON Pointers go on from: `body/name`."""
    return Fault(fault.location.replace(" /", "/", 1), fault.message, fault.rule)


def _uncited(session: Session, revision: int) -> Iterator[Fault]:
    for change in changes_in(session, revision):
        for finding in uncited(change):
            yield Fault(f"{change.target}{finding.pointer}", finding.message, CITATION_UNCHANGED)


def _record(session: Session, register: Register, target: str, before: Clock, after: Clock) -> RecordWrite:
    return RecordWrite(target, *(_served(session, register, target, when) for when in (before, after)))


def _served(session: Session, register: Register, target: str, when: Clock) -> str | None:
    collection = register.catalogue.by_type[Ref.parse(target).type]
    try:
        return find(session.connection(), collection, Ref.parse(target).id, when).body
    except (NotFound, Gone, Merged):
        return None

"""Redacting a record: what versions of it said is taken away for good, and the log says that it was.

The redaction is a revision like others, so it has a number, a time, an actor and a reason, all of them public.
"""

from typing import Annotated, Any, NamedTuple

from pydantic import Field
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.curation.operations import Operation, Token
from app.curation.preconditions import Precondition, missing
from app.curation.traces import ErasedTraces, erase_traces
from app.curation.writes import placed
from app.registry.documents.references import Ref
from app.registry.problems import Fault, MissingRecord, NotFound, Refused, Unsupported
from app.registry.projections import FORMATS, Register, rebuild
from app.registry.records import Record, Version
from app.registry.redactions import marks_of
from app.registry.writing import store
from app.registry.writing.erasure import superseded

MOST_VERSIONS = 10_000


class RedactionOrder(Operation):
    """What of a record is to be redacted."""

    revisions: Annotated[list[Token], Field(min_length=1, max_length=MOST_VERSIONS)] | None = None
    """The revisions that wrote what is to go; left out: all that is superseded, once this is carried out."""
    document: dict[str, Any] | None = None
    """What remains: the record without the detail that must go, written anew, so that what it says now can go too."""
    tombstone: bool = False
    """Whether all of it goes: the record is withdrawn, and every version is redacted."""


class RecordStanding(NamedTuple):
    """Where a record stands: the revision of its version, or that which withdrew it."""

    pk: int
    revision: int
    withdrawn: bool


class RedactionOutcome(NamedTuple):
    """What a redaction did: its revision, the revisions that wrote what is gone, and what went beside the register."""

    revision: int
    recorded: str | None
    versions: tuple[int, ...]
    traces: ErasedTraces
    warnings: list[Fault]


def standing_of(session: Session, target: str, condition: Precondition) -> RecordStanding:
    """Where a record stands; one that was withdrawn can be redacted too. Raises NotFound and Refused."""
    kind, slug = Ref.parse(target)
    asked = (
        select(Record.pk, Record.withdrawn, Version.recorded_from)
        .outerjoin(Version, and_(Version.record_pk == Record.pk, Version.recorded_to.is_(None)))
        .where(Record.collection == kind, Record.id == slug)
    )
    row = session.execute(asked).first()
    if row is None:
        raise NotFound(f"there is no {kind} '{slug[:120]}'", missing=MissingRecord(slug[:120], (kind,)))
    found = RecordStanding(row.pk, row.withdrawn or row.recorded_from, row.withdrawn is not None)
    if condition.revisions is None and not condition.any:
        raise missing(target, found.revision)
    if condition.revisions and found.revision not in condition.revisions:
        detail = f"{target} stands at revision {found.revision}; nothing was redacted"
        raise Refused("precondition-failed", detail, (Fault("header/If-Match", detail),))
    return found


def redact(
    session: Session,
    register: Register,
    target: str,
    order: RedactionOrder,
    *,
    stands: RecordStanding,
    actor: str,
    reason: str,
    trial: bool = False,
) -> RedactionOutcome:
    """Redact what is ordered, in one revision, and make anew all that was derived of it; a `trial` is rolled back.

    Raises Refused, Unsupported and RuleBroken; the session must be rolled back then.
    """
    _refuse_contradiction(order, stands, target)
    entries = [] if order.document is None else [store.Entry("body/document", order.document)]
    leaving: list[store.Withdrawal | store.Redaction] = [store.Withdrawal(target)] if order.tombstone else []
    revisions = None if order.revisions is None else tuple(sorted(set(order.revisions)))
    leaving.append(store.Redaction(target, revisions))
    with placed():
        saved = store.save(session, register, entries, actor=actor, reason=reason, withdrawals=leaving)
    versions = _redacted(session, saved.revision)
    _refuse_left(session, stands.pk, order, versions)
    traces = erase_traces(session, register.catalogue, target, versions)
    if not trial:
        rebuild(session, register, FORMATS)
    return RedactionOutcome(saved.revision or 0, saved.recorded, versions, traces, saved.warnings)


def _refuse_contradiction(order: RedactionOrder, stands: RecordStanding, target: str) -> None:
    if order.tombstone and (order.document is not None or order.revisions is not None):
        raise _invalid("body/tombstone", "takes all of the record away: leave out `document` and `revisions`")
    if stands.withdrawn and (order.tombstone or order.document is not None):
        raise Refused("conflict", f"{target} was withdrawn: nothing remains of it to be written, or to be withdrawn")


def _redacted(session: Session, revision: int | None) -> tuple[int, ...]:
    """The revisions that wrote what this one redacted. Raises Refused where that is nothing."""
    marks = marks_of(session.connection(), revision) if revision else []
    if not marks:
        detail = (
            "nothing of the record that is superseded is left to be redacted; to redact what it says now, send what "
            "remains as `document`, or `tombstone: true`"
        )
        raise Refused("conflict", detail, (Fault("body", detail),))
    return marks[0].versions


def _refuse_left(session: Session, record_pk: int, order: RedactionOrder, versions: tuple[int, ...]) -> None:
    """Raise Unsupported where a revision was named that wrote nothing of the record that could be redacted."""
    left = sorted(set(order.revisions or ()) - set(versions))
    if left:
        others = [row.recorded_from for row in superseded(session, record_pk, None)]
        known = ", ".join(map(str, sorted({*versions, *others})))
        message = f"{', '.join(map(str, left))}: wrote no version that is superseded; those that did are {known}"
        raise _invalid("body/revisions", message)


def _invalid(location: str, message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"{location}: {message}", (Fault(location, message),))

"""What stands beside the register of a record that is redacted: answers, proposals, reports of readers and of imports.

Who did something, and when, stays; what was said goes. A text that speaks of the record elsewhere is not known here.
"""

from typing import NamedTuple

import orjson
from sqlalchemy import Update, or_, select, update
from sqlalchemy.orm import Session

from app.curation.imports.models import ImportJob
from app.curation.proposals.models import UNDECIDED, Proposal, ProposalEvent, ProposalState, ProposalSubject
from app.curation.reports.models import ReaderReport, ReportEvent
from app.registry.collection import Catalogue
from app.registry.documents.references import Ref
from app.registry.writing.answered_requests import ERASED, AnsweredRequest

INSTEAD = "redacted"
"""What stands in the place of a text that must be one."""


class ErasedTraces(NamedTuple):
    """How many of each kind there were."""

    answers: int
    proposals: int
    reports: int
    imports: int


def erase_traces(session: Session, catalogue: Catalogue, target: str, revisions: tuple[int, ...]) -> ErasedTraces:
    """Take away what answers to writes, proposals and reports say of a record, or of what these revisions wrote."""
    return ErasedTraces(
        _answers(session, catalogue.url(Ref.parse(target)), revisions),
        _proposals(session, target, revisions),
        _reports(session, target),
        _imports(session, target, revisions),
    )


def _answers(session: Session, url: str, revisions: tuple[int, ...]) -> int:
    """The requests stay, so that none is carried out twice."""
    said = AnsweredRequest.body.contains(url, autoescape=True)
    erasing = update(AnsweredRequest).where(or_(AnsweredRequest.revision.in_(revisions), said))
    gone = erasing.where(AnsweredRequest.fingerprint != ERASED)
    return _rows(session, gone.values(fingerprint=ERASED, headers="{}", body=""))


def _proposals(session: Session, target: str, revisions: tuple[int, ...]) -> int:
    about = select(ProposalSubject.proposal).where(ProposalSubject.kind == "record", ProposalSubject.name == target)
    named = or_(*(text.contains(target, autoescape=True) for text in (Proposal.operations, Proposal.changes)))
    chosen = or_(Proposal.number.in_(about), Proposal.revision.in_(revisions), named)
    numbers = list(session.scalars(select(Proposal.number).where(chosen, Proposal.title != INSTEAD)))
    session.execute(update(ProposalEvent).where(ProposalEvent.proposal.in_(numbers)).values(text=None))
    undecided = update(Proposal).where(Proposal.number.in_(numbers), Proposal.state.in_(UNDECIDED))
    session.execute(undecided.values(state=ProposalState.WITHDRAWN))
    blank = {"title": INSTEAD, "reason": INSTEAD, "operations": "[]", "changes": "[]", "warnings": "[]"}
    return _rows(session, update(Proposal).where(Proposal.number.in_(numbers)).values(**blank))


def _reports(session: Session, target: str) -> int:
    numbers = list(session.scalars(select(ReaderReport.number).where(ReaderReport.record == target)))
    session.execute(update(ReportEvent).where(ReportEvent.report.in_(numbers)).values(note=None))
    blank = {"pointer": "", "text": INSTEAD, "source": None, "contact": None}
    return _rows(session, update(ReaderReport).where(ReaderReport.number.in_(numbers)).values(**blank))


def _imports(session: Session, target: str, revisions: tuple[int, ...]) -> int:
    """What is told of an import may quote what was sent: of those that wrote the versions, and that name the record."""
    named = ImportJob.report.contains(target, autoescape=True)
    told = orjson.dumps({"detail": INSTEAD}).decode()
    chosen = update(ImportJob).where(or_(ImportJob.revision.in_(revisions), named), ImportJob.report.is_not(None))
    return _rows(session, chosen.values(report=told))


def _rows(session: Session, statement: Update) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]

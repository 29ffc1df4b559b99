"""Reports as they are kept: taken, found again by those who look at them, and closed."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.curation.changes import document_at
from app.curation.keys import moment
from app.curation.permissions import forces_of
from app.curation.proposals.models import Proposal
from app.curation.reports.bodies import ReportBody, ReportStateBody
from app.curation.reports.models import CLOSED, ReaderReport, ReportEvent, ReportState
from app.registry.collection import Catalogue
from app.registry.documents.canonical import Document, parse_json, pointer_exists
from app.registry.documents.references import Ref
from app.registry.problems import Fault, Gone, Merged, NotFound, Refused, Unsupported
from app.registry.serving.statements import clock, find
from app.registry.suggestions import did_you_mean


@dataclass(frozen=True)
class Case:
    """A report, and what became of it so far."""

    report: ReaderReport
    events: list[ReportEvent]


def take(session: Session, catalogue: Catalogue, body: ReportBody, caller: Caller, *, known: bool) -> ReaderReport:
    """Keep what somebody reports. Raises Unsupported for what is said of no record, and of no field of one."""
    served = _served(session, catalogue, body.record)
    if body.pointer and not pointer_exists(served, body.pointer):
        raise _wrong("pointer", f"leads to nothing in {body.record}; its fields are those that GET shows")
    newest = clock(session.connection()).revision

    def look(target: str) -> Document | None:
        return document_at(session, target, newest)

    number = (session.scalar(select(func.max(ReaderReport.number))) or 0) + 1
    report = ReaderReport(
        number=number, received=moment(), state=ReportState.NEW, actor=caller.actor if known else None
    )
    report.record, report.pointer, report.text = body.record, body.pointer or "", body.text
    report.source, report.contact = body.source, body.contact
    report.forces = f" {' '.join(sorted(forces_of(body.record, look(body.record), look)))} "
    session.add(report)
    session.flush()
    return report


def _served(session: Session, catalogue: Catalogue, target: str) -> Document:
    kind, slug = Ref.parse(target)
    if kind not in catalogue.by_type:
        raise _wrong("record", f"'{kind}' is not a type of the registry{did_you_mean(kind, catalogue.by_type)}")
    try:
        connection = session.connection()
        return parse_json(find(connection, catalogue.by_type[kind], slug, clock(connection)).body)
    except NotFound as error:
        message = error.detail
        fault = Fault("body/record", message)
        raise Unsupported("invalid-parameter", f"record: {message}", (fault,), missing=error.missing) from error
    except (Gone, Merged) as error:
        raise _wrong("record", error.detail) from error


def cases(session: Session, numbers: list[int]) -> list[Case]:
    """The reports of these numbers that there are, newest first."""
    asked = select(ReaderReport).where(ReaderReport.number.in_(numbers)).order_by(ReaderReport.number.desc())
    found = {report.number: Case(report, []) for report in session.scalars(asked)}
    events = select(ReportEvent).where(ReportEvent.report.in_(found)).order_by(ReportEvent.position)
    for event in session.scalars(events):
        found[event.report].events.append(event)
    return list(found.values())


def case(session: Session, number: int, caller: Caller) -> Case:
    """A report, which the caller may read. Raises NotFound and Refused."""
    found = cases(session, [number])
    if not found:
        raise NotFound(f"there is no report {number}")
    if caller.forces is not None and caller.forces.isdisjoint(found[0].report.forces.split()):
        detail = f"the key is limited to {', '.join(sorted(caller.forces))}; report {number} is of others"
        raise Refused("not-allowed", detail, (Fault("path/id", detail),))
    return found[0]


def move(session: Session, found: Case, body: ReportStateBody, caller: Caller) -> None:
    """Say where a report stands from now on. Raises Refused for one that is closed; closing forgets the contact."""
    report = found.report
    if report.state in CLOSED:
        raise Refused("conflict", f"report {report.number} is closed: {report.state}", more={"state": report.state})
    if body.proposal is not None and session.get(Proposal, body.proposal) is None:
        raise _wrong("proposal", f"there is no proposal {body.proposal}")
    event = ReportEvent(report=report.number, position=len(found.events) + 1, at=moment(), actor=caller.actor)
    event.state, event.note, event.proposal = body.state, body.note, body.proposal
    report.state = body.state
    if body.state in CLOSED:
        report.contact = None
    session.add(event)
    found.events.append(event)
    session.flush()


def _wrong(name: str, message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"{name}: {message}", (Fault(f"body/{name}", message),))

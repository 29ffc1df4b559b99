"""What FastAPI is told of reports, beside the signatures of their endpoints."""

from typing import Any

from pydantic import AwareDatetime, BaseModel

from app.api.documentation import OperationWords
from app.api.envelopes import Described, Links, ListMeta
from app.curation.openapi import OF_BODIES, OF_KEYED_READS, OF_WRITES, keyed_read, of_model, operation
from app.curation.reports.bodies import ReportBody, ReportStateBody
from app.curation.reports.lists import ReportQuery
from app.curation.reports.models import ReportState
from app.registry.documents.canonical import Document

TAG: Document = {
    "name": "reports",
    "description": "Readers say that something looks wrong; those who curate look at it. None of it is public.",
}


class ReportReceipt(Described):
    """What somebody who reports something is told."""

    number: int | None
    """Its number, to be named when somebody asks; null: a dry run."""


class ReportMeta(Described):
    """What is said of a write that makes no revision."""

    dry_run: bool
    """Whether nothing was written."""


class ReportTaken(Described):
    """The report was taken."""

    data: ReportReceipt
    meta: ReportMeta


class ReportEventEntry(Described):
    """What became of it."""

    at: AwareDatetime
    """When."""
    by: str
    """Whose key."""
    state: ReportState
    """Where it stood from then on."""
    note: str | None
    """Why."""
    proposal: str | None
    """The address of the proposal that came of it."""


class ReportDetails(Described):
    """Somebody says that something looks wrong."""

    number: int
    """Its number."""
    url: str
    """Where to read it."""
    received: AwareDatetime
    """When it came."""
    state: ReportState
    """Where it stands."""
    record: str
    """The record, as "type:id"."""
    record_url: str
    """Where to read the record."""
    pointer: str | None
    """A JSON Pointer to the field; null: the record whole."""
    text: str
    """What looks wrong, as the reader wrote it."""
    source: str | None
    """Where that can be read, as the reader wrote it."""
    contact: str | None
    """How the reader can be asked; null: not said, or erased."""
    by: str | None
    """The key with which it was sent; null: without one."""
    events: list[ReportEventEntry]
    """What became of it, in order."""


class ReportList(Described):
    """A page of reports."""

    data: list[ReportDetails]
    """Newest first."""
    meta: ListMeta
    links: Links


class ReportAnswer(Described):
    """One report."""

    data: ReportDetails
    meta: ReportMeta
    links: Links


MODELS: tuple[type[BaseModel], ...] = (ReportBody, ReportStateBody, ReportTaken, ReportList, ReportAnswer)
OPERATIONS: dict[str, dict[str, Any]] = {
    "send": operation(
        "send_report",
        "Report what looks wrong",
        "Open to anyone where the settings say so, else to keys that may propose. Nobody but those who curate sees it.",
        TAG["name"],
        answer=ReportTaken.__name__,
        problems=(*OF_WRITES, *OF_BODIES),
        extra=of_model(ReportBody.__name__),
    ),
    "many": keyed_read(
        OperationWords(
            "list_reports",
            "List reports",
            "Newest first. A key that is limited to forces sees those of records in which one of them takes part.",
        ),
        ReportList,
        TAG["name"],
        problems=OF_KEYED_READS,
        query=ReportQuery,
    ),
    "one": keyed_read(
        OperationWords("get_report", "Read a report", "What somebody says, and what became of it."),
        ReportAnswer,
        TAG["name"],
        problems=(*OF_KEYED_READS, "not-found"),
    ),
    "move": operation(
        "set_report_state",
        "Say what becomes of a report",
        "Once it is closed, it stays so, and how to reach the reader is erased.",
        TAG["name"],
        answer=ReportAnswer.__name__,
        problems=(*OF_WRITES, *OF_BODIES, "not-found"),
        extra=of_model(ReportStateBody.__name__),
    ),
}
_SENT: dict[int | str, Document] = OPERATIONS["send"]["responses"]
_SENT[202] = {**_SENT[200], "description": "It was taken; somebody will look at it."}

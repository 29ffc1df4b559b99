"""The tables of reports: beside the register, and no part of any revision."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text


class ReportState(StrEnum):
    """Where a report stands."""

    NEW = "new"
    TRIAGED = "triaged"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


CLOSED = (ReportState.ACCEPTED, ReportState.REJECTED, ReportState.DUPLICATE)
"""The states after which nothing more is done, and nobody need be reached."""


class ReaderReport(Base):
    """Somebody says that a record, or a field of one, looks wrong."""

    __tablename__ = "report"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    received: Mapped[str] = mapped_column(code_text(27))
    record: Mapped[str] = mapped_column(code_text(170))
    pointer: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
    """How the reader can be reached; erased when the report is closed."""
    actor: Mapped[str | None] = mapped_column(code_text(40))
    """The key with which it was sent, if any."""
    forces: Mapped[str] = mapped_column(Text)
    """The forces for which the record spoke, each between two spaces."""
    state: Mapped[str] = mapped_column(code_text(20))

    __table_args__ = (Index("ix_report_record", "record"),)


class ReportEvent(Base):
    """A report came to stand in another state: who says so, and why."""

    __tablename__ = "report_event"

    report: Mapped[int] = mapped_column(ForeignKey("report.number"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(code_text(27))
    actor: Mapped[str] = mapped_column(code_text(40))
    state: Mapped[str] = mapped_column(code_text(20))
    note: Mapped[str | None] = mapped_column(Text)
    proposal: Mapped[int | None] = mapped_column(ForeignKey("proposal.number"))

"""The table of imports that are carried out after they were answered."""

from sqlalchemy import Boolean, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text


class ImportJob(Base):
    """An import that goes on by itself. What became of it is written in the transaction of its revision."""

    __tablename__ = "import_job"

    id: Mapped[str] = mapped_column(code_text(20), primary_key=True)
    actor: Mapped[str] = mapped_column(code_text(40))
    account: Mapped[str] = mapped_column(code_text(40))
    host: Mapped[str] = mapped_column(code_text(255))
    """The machine that works on it: others cannot see whether it still does."""
    reason: Mapped[str] = mapped_column(Text)
    dry_run: Mapped[bool] = mapped_column(Boolean)
    received: Mapped[str] = mapped_column(code_text(27))
    state: Mapped[str] = mapped_column(code_text(10))
    """received, and in the end done, refused or failed; what is between, the spool knows."""
    finished: Mapped[str | None] = mapped_column(code_text(27))
    revision: Mapped[int | None] = mapped_column(Integer)
    report: Mapped[str | None] = mapped_column(Text)
    """What is told of its end, as JSON."""

    __table_args__ = (Index("ix_import_job_account_received", "account", "received"),)

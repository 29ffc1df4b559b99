"""What requests with an idempotency key were answered: beside the register, and kept for a time."""

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text

ERASED = ""
"""The fingerprint of a request of which the answer was erased, because what it wrote is redacted."""


class AnsweredRequest(Base):
    """What a request with an idempotency key was answered, kept in the transaction that carried it out."""

    __tablename__ = "answered_request"

    actor: Mapped[str] = mapped_column(code_text(40), primary_key=True)
    key: Mapped[str] = mapped_column(code_text(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(code_text(64))
    """SHA-256 of method, address and body."""
    answered: Mapped[str] = mapped_column(code_text(27))
    revision: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_answered_request_answered", "answered"), Index("ix_answered_request_key", "key"))

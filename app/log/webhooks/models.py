"""The tables beside the register: who is to be told of changes, and what came of telling.

They are no part of any revision: what stands in them can be changed and erased.
"""

from sqlalchemy import ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.records import BigKey

ACTIVE, OFF = "active", "off"


class Webhook(Base):
    """A subscription: where to post, what of, how to sign, and how far it is."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(code_text(20), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    filters: Mapped[str] = mapped_column(Text)
    """The parameters `type`, `force` and `record`, as JSON."""
    sealed: Mapped[str] = mapped_column(Text)
    """The secret and the private key, sealed (`app.log.webhooks.secret_box`)."""
    previous_sealed: Mapped[str | None] = mapped_column(Text)
    """Those before the last rotation, with which everything is signed besides for a day."""
    previous_until: Mapped[str | None] = mapped_column(code_text(27))
    public_key: Mapped[str] = mapped_column(code_text(100))
    state: Mapped[str] = mapped_column(code_text(10))
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it is off."""
    position: Mapped[int] = mapped_column(Integer)
    """The revision until which all is told, or was not asked for."""
    told: Mapped[int] = mapped_column(Integer)
    """The revision of the last notice that was taken."""
    created: Mapped[str] = mapped_column(code_text(27))
    failures: Mapped[int] = mapped_column(Integer)
    """Attempts that failed since one did not."""
    failing_since: Mapped[str | None] = mapped_column(code_text(27))
    next_attempt: Mapped[str] = mapped_column(code_text(27))
    leased_until: Mapped[str | None] = mapped_column(code_text(27))
    """Until then one deliverer has it for itself."""
    lease: Mapped[str | None] = mapped_column(code_text(32))
    """Which one: a random text."""

    __table_args__ = (Index("ix_webhook_state_next_attempt", "state", "next_attempt"),)


class WebhookAttempt(Base):
    """One attempt to deliver a notice; only the last ones of each subscription are kept."""

    __tablename__ = "webhook_attempt"

    pk: Mapped[int] = mapped_column(BigKey, primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhook.id"))
    revision: Mapped[int] = mapped_column(Integer)
    attempted: Mapped[str] = mapped_column(code_text(27))
    milliseconds: Mapped[int] = mapped_column(Integer)
    status: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(Text)
    """Why it failed; null: it did not."""

    __table_args__ = (Index("ix_webhook_attempt_webhook_id", "webhook_id", "pk"),)

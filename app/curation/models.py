"""The tables beside the register: who may write.

They are no part of any revision: what stands in them can be changed and erased.
"""

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text


class Account(Base):
    """A person or a team that keys belong to. The name can be erased: revisions say ids alone."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(code_text(20), primary_key=True)
    name: Mapped[str | None] = mapped_column(code_text(200))
    subject: Mapped[str | None] = mapped_column(code_text(64), unique=True)
    """SHA-256 of issuer and subject, of those who come with a token of an identity provider."""
    created: Mapped[str] = mapped_column(code_text(27))


class AccessKey(Base):
    """A key; the secret itself is kept nowhere."""

    __tablename__ = "access_key"

    id: Mapped[str] = mapped_column(code_text(20), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    secret_digest: Mapped[str] = mapped_column(code_text(64))
    scopes: Mapped[str] = mapped_column(code_text(100))
    """Separated by spaces."""
    forces: Mapped[str | None] = mapped_column(Text)
    """Ids of the forces to which it is limited, separated by spaces; null: to none."""
    created: Mapped[str] = mapped_column(code_text(27))
    expires: Mapped[str | None] = mapped_column(code_text(27))
    last_used: Mapped[str | None] = mapped_column(code_text(27))
    revoked: Mapped[str | None] = mapped_column(code_text(27))

    __table_args__ = (Index("ix_access_key_account_id", "account_id"),)

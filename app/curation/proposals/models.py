"""The tables of proposals: beside the register, and no part of any revision."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    CHANGES_REQUESTED = "changes-requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


UNDECIDED = (ProposalState.OPEN, ProposalState.CHANGES_REQUESTED)
"""The states in which something can still become of a proposal; they are kept until its last day has come."""


class ProposalEventKind(StrEnum):
    """What happens to a proposal."""

    OPENED = "opened"
    AMENDED = "amended"
    REBASED = "rebased"
    COMMENTED = "commented"
    CHANGES_REQUESTED = "changes-requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Proposal(Base):
    """A change of some records that is proposed. Its version counts amendments and rebases."""

    __tablename__ = "proposal"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(code_text(20))
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(code_text(200))
    reason: Mapped[str] = mapped_column(Text)
    operations: Mapped[str] = mapped_column(Text)
    """As they were sent, as JSON; after a rebase, what they came to."""
    changes: Mapped[str] = mapped_column(Text)
    """What they make of each record, in canonical documents: the very thing that is looked at and accepted."""
    warnings: Mapped[str] = mapped_column(Text)
    """What looked wrong when this version was tried."""
    base_revision: Mapped[int] = mapped_column(Integer)
    created: Mapped[str] = mapped_column(code_text(27))
    due: Mapped[str | None] = mapped_column(code_text(10))
    expires: Mapped[str] = mapped_column(code_text(10))
    """The first day on which it can no longer be accepted."""
    revision: Mapped[int | None] = mapped_column(Integer)
    """The revision that accepting it made."""


class ProposalEvent(Base):
    """Something that happened to a proposal: who did what to which version of it."""

    __tablename__ = "proposal_event"

    proposal: Mapped[int] = mapped_column(ForeignKey("proposal.number"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(code_text(27))
    actor: Mapped[str] = mapped_column(code_text(40))
    account: Mapped[str] = mapped_column(code_text(40))
    forces: Mapped[str | None] = mapped_column(Text)
    """The forces to which the actor was limited then; of a key that is kept, what stands with the key counts."""
    kind: Mapped[str] = mapped_column(code_text(20))
    version: Mapped[int] = mapped_column(Integer)
    text: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_proposal_event_account", "account"),)


class ProposalSubject(Base):
    """A record that a proposal changes, or a force for which such a record speaks."""

    __tablename__ = "proposal_subject"

    proposal: Mapped[int] = mapped_column(ForeignKey("proposal.number"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(code_text(10), primary_key=True)
    """`record` or `force`."""
    name: Mapped[str] = mapped_column(code_text(170), primary_key=True)
    """`joint-unit:bch-dog-unit`, or `bedfordshire`."""

    __table_args__ = (Index("ix_proposal_subject_kind_name", "kind", "name"),)

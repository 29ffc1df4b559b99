"""Columns of business cases and decisions."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.collection import Typed, day_column


class BusinessCaseColumns(Typed, Base):
    """What is asked of business cases: the latest stage reached."""

    __tablename__ = "business_case"

    stage: Mapped[str | None] = mapped_column(code_text(40))


class DecisionColumns(Typed, Base):
    """What is asked of decisions."""

    __tablename__ = "decision"

    stage: Mapped[str | None] = mapped_column(code_text(40))
    outcome: Mapped[str | None] = mapped_column(code_text(40))
    reference: Mapped[str | None] = mapped_column(code_text(500))
    decided_earliest: Mapped[int | None] = day_column()
    decided_latest: Mapped[int | None] = day_column()

    __table_args__ = (Index(None, "decided_earliest", "decided_latest"),)

"""Columns of business cases and decisions."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.typed_columns import Typed, day_column, opening


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
    decided_by_opening: Mapped[str | None] = opening()

"""Columns of alliances and joint units."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.collection import Spanned


class AllianceColumns(Spanned, Base):
    """What is asked of alliances."""

    __tablename__ = "alliance"

    kind: Mapped[str | None] = mapped_column(code_text(40))

    __table_args__ = (Index(None, "started_earliest", "started_latest"),)


class JointUnitColumns(Spanned, Base):
    """What is asked of joint units."""

    __tablename__ = "joint_unit"

    kind: Mapped[str | None] = mapped_column(code_text(40))

    __table_args__ = (Index(None, "started_earliest", "started_latest"),)

"""Columns of alliances and joint units."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.typed_columns import Spanned, opening


class AllianceColumns(Spanned, Base):
    """What is asked of alliances."""

    __tablename__ = "alliance"

    kind: Mapped[str | None] = mapped_column(code_text(40))


class JointUnitColumns(Spanned, Base):
    """What is asked of joint units."""

    __tablename__ = "joint_unit"

    kind: Mapped[str | None] = mapped_column(code_text(40))
    location_opening: Mapped[str | None] = opening()
    end_reason_opening: Mapped[str | None] = opening()

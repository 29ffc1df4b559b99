"""Columns of people and appointments."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.typed_columns import Spanned, Typed


class PersonColumns(Typed, Base):
    """People are asked for by name alone, which every version has."""

    __tablename__ = "person"


class AppointmentColumns(Spanned, Base):
    """What is asked of appointments."""

    __tablename__ = "appointment"

    post: Mapped[str] = mapped_column(code_text(500))
    status: Mapped[str | None] = mapped_column(code_text(40))

"""Columns of sources, functions and claims."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.typed_columns import Typed, day_column, opening


class SourceColumns(Typed, Base):
    """What is asked of sources."""

    __tablename__ = "source"

    kind: Mapped[str | None] = mapped_column(code_text(40))
    publisher: Mapped[str | None] = mapped_column(code_text(500))
    language: Mapped[str | None] = mapped_column(code_text(40))
    published_earliest: Mapped[int | None] = day_column()
    published_latest: Mapped[int | None] = day_column()
    retrieved_earliest: Mapped[int | None] = day_column()
    retrieved_latest: Mapped[int | None] = day_column()
    url_opening: Mapped[str | None] = opening()
    archived_url_opening: Mapped[str | None] = opening()
    sha256_opening: Mapped[str | None] = opening()
    copy_on_opening: Mapped[str | None] = opening()


class FunctionColumns(Typed, Base):
    """What is asked of functions."""

    __tablename__ = "function"

    scheme: Mapped[str] = mapped_column(code_text(500))
    code: Mapped[str | None] = mapped_column(code_text(500))


class ClaimColumns(Typed, Base):
    """What is asked of claims."""

    __tablename__ = "claim"

    kind: Mapped[str] = mapped_column(code_text(40))
    standing: Mapped[str | None] = mapped_column(code_text(40))
    bound: Mapped[str | None] = mapped_column(code_text(40))
    basis: Mapped[str | None] = mapped_column(code_text(40))
    claimed_earliest: Mapped[int | None] = day_column()
    claimed_latest: Mapped[int | None] = day_column()
    period_earliest: Mapped[int | None] = day_column()
    period_latest: Mapped[int | None] = day_column()
    text_opening: Mapped[str | None] = opening()

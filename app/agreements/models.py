"""Columns of agreements."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.typed_columns import Typed, day_column, opening


class AgreementColumns(Typed, Base):
    """What is asked of agreements."""

    __tablename__ = "agreement"

    kind: Mapped[str | None] = mapped_column(code_text(40))
    made_earliest: Mapped[int | None] = day_column()
    made_latest: Mapped[int | None] = day_column()
    commences_earliest: Mapped[int | None] = day_column()
    commences_latest: Mapped[int | None] = day_column()
    expires_earliest: Mapped[int | None] = day_column()
    expires_latest: Mapped[int | None] = day_column()
    review_due_earliest: Mapped[int | None] = day_column()
    review_due_latest: Mapped[int | None] = day_column()
    legal_basis_as_stated_opening: Mapped[str | None] = opening()

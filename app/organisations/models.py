"""Columns of forces, governance bodies and other organisations."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.typed_columns import Spanned, opening


class ForceColumns(Spanned, Base):
    """What is asked of forces."""

    __tablename__ = "force"

    kind: Mapped[str | None] = mapped_column(code_text(40))
    country: Mapped[str | None] = mapped_column(code_text(500))
    region: Mapped[str | None] = mapped_column(code_text(500))
    short_name_opening: Mapped[str | None] = opening()
    website_opening: Mapped[str | None] = opening()


class GovernanceBodyColumns(Spanned, Base):
    """What is asked of governance bodies."""

    __tablename__ = "governance_body"

    kind: Mapped[str | None] = mapped_column(code_text(60))
    location_opening: Mapped[str | None] = opening()


class PartnerOrganisationColumns(Spanned, Base):
    """What is asked of other organisations."""

    __tablename__ = "organisation"

    kind: Mapped[str | None] = mapped_column(code_text(40))
    country: Mapped[str | None] = mapped_column(code_text(500))
    website_opening: Mapped[str | None] = opening()

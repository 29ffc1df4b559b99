"""The baseline's tables, as ORM objects with relationships."""

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from benchmarks.orm.derived import CoverFacts, DatedFacts, UnitFacts

STORED = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    __allow_unmapped__ = True  # presence depends on the day asked for, and is not kept


class Named:
    pk: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    path = ""
    type = ""

    @property
    def url(self) -> str:
        return f"/v1/{self.path}/{self.id}"


class Dated(DatedFacts):
    started_edtf: Mapped[str | None]
    ended_edtf: Mapped[str | None]
    observed_edtf: Mapped[list[str]] = mapped_column(STORED)
    held_from: Mapped[int]
    held_until: Mapped[int]


class Force(Named, Base):
    __tablename__ = "force"
    path, type = "forces", "force"


class Function(Named, Base):
    __tablename__ = "function"
    path, type = "functions", "function"


class Alliance(Named, Base):
    __tablename__ = "alliance"
    path, type = "alliances", "alliance"


class Source(Named, Base):
    __tablename__ = "source"
    path, type = "sources", "source"


class Agreement(Named, Dated, Base):
    __tablename__ = "agreement"
    path, type = "agreements", "agreement"
    kind: Mapped[str | None]


class UnitFunction(Base):
    __tablename__ = "unit_function"
    unit_pk: Mapped[int] = mapped_column(ForeignKey("unit.pk"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    function_pk: Mapped[int] = mapped_column(ForeignKey("function.pk"))
    function: Mapped[Function] = relationship()


class Cover(CoverFacts, Base):
    __tablename__ = "cover"
    unit_pk: Mapped[int] = mapped_column(ForeignKey("unit.pk"), primary_key=True)
    agreement_pk: Mapped[int] = mapped_column(ForeignKey("agreement.pk"), primary_key=True)
    agreement: Mapped[Agreement] = relationship()


class Participation(Dated, Base):
    __tablename__ = "participation"
    pk: Mapped[int] = mapped_column(primary_key=True)
    unit_pk: Mapped[int] = mapped_column(ForeignKey("unit.pk"), index=True)
    position: Mapped[int]
    force_pk: Mapped[int] = mapped_column(ForeignKey("force.pk"))
    role: Mapped[str | None]
    organisation: Mapped[Force] = relationship()

    __table_args__ = (Index("ix_participation_force", "force_pk", "unit_pk", "held_from", "held_until"),)


class Citation(Base):
    __tablename__ = "citation"
    pk: Mapped[int] = mapped_column(primary_key=True)
    unit_pk: Mapped[int] = mapped_column(ForeignKey("unit.pk"), index=True)
    source_pk: Mapped[int] = mapped_column(ForeignKey("source.pk"))
    locator: Mapped[str | None]
    about: Mapped[list[str]] = mapped_column(STORED)
    basis: Mapped[str]
    among = None
    value = None
    note = None
    source: Mapped[Source] = relationship()


class Unit(Named, Dated, UnitFacts, Base):
    __tablename__ = "unit"
    path, type = "joint-units", "joint-unit"
    kind: Mapped[str | None]
    location: Mapped[str | None]
    revision: Mapped[int]
    alliance_pk: Mapped[int | None] = mapped_column(ForeignKey("alliance.pk"))
    alliance: Mapped[Alliance | None] = relationship()
    all_participants: Mapped[list[Participation]] = relationship(order_by=Participation.position)
    functions_in_order: Mapped[list[UnitFunction]] = relationship(order_by=UnitFunction.position)
    covers: Mapped[list[Cover]] = relationship()
    citations: Mapped[list[Citation]] = relationship(order_by=Citation.pk)

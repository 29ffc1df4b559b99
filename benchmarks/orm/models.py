"""The baseline's tables, as ORM objects with relationships."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.registry.documents.values import served_date
from benchmarks.orm.presence import ABSENT, Bounds


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


class Dated:
    """`held_from` and `held_until` are the first day on which it may have held, and the first on which it cannot."""

    started_edtf: Mapped[str | None]
    ended_edtf: Mapped[str | None]
    observed_edtf: Mapped[list[str]] = mapped_column(JSON)
    held_from: Mapped[int]
    held_until: Mapped[int]

    presence: str | None = None

    @property
    def started(self) -> Any:
        return self.started_edtf and served_date(self.started_edtf)

    @property
    def ended(self) -> Any:
        return self.ended_edtf and served_date(self.ended_edtf)

    @property
    def observed(self) -> list[Any]:
        return [served_date(day) for day in self.observed_edtf]

    def bounds(self) -> Bounds:
        return Bounds.read(self.started_edtf, self.ended_edtf, tuple(self.observed_edtf))


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


class Cover(Base):
    """An agreement that covers a unit, as the unit shows it."""

    __tablename__ = "cover"
    unit_pk: Mapped[int] = mapped_column(ForeignKey("unit.pk"), primary_key=True)
    agreement_pk: Mapped[int] = mapped_column(ForeignKey("agreement.pk"), primary_key=True)
    agreement: Mapped[Agreement] = relationship()

    presence: str | None = None

    @property
    def started(self) -> Any:
        return self.agreement.started

    @property
    def ended(self) -> Any:
        return self.agreement.ended

    @property
    def observed(self) -> Any:
        return self.agreement.observed

    @property
    def kind(self) -> str | None:
        return self.agreement.kind


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
    about: Mapped[list[str]] = mapped_column(JSON)
    basis: Mapped[str]
    value = None
    note = None
    source: Mapped[Source] = relationship()


# nothing in the data fills these: a table for each would only slow the baseline down
NEVER = (
    *("other_names", "governance", "end_reason", "predecessors", "successors", "proposed_by", "note", "identifiers"),
)


class Unit(Named, Dated, Base):
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

    day: int | None = None

    @property
    def functions(self) -> list[Function]:
        return [entry.function for entry in self.functions_in_order]

    @property
    def participants(self) -> list[Participation]:
        return [part for part in self.all_participants if part.presence != ABSENT]

    @property
    def agreements(self) -> list[Cover]:
        shown = [cover for cover in self.covers if cover.presence != ABSENT]
        return sorted(shown, key=lambda cover: (*cover.agreement.bounds().starts, cover.agreement.id))

    @property
    def lifecycle(self) -> str | None:
        if self.day is not None and self.day < self.held_from:
            return None
        if self.ended_edtf if self.day is None else self.day >= self.held_until:
            return "ended"
        return "active" if self.started_edtf or self.observed_edtf else None

    @property
    def not_recorded(self) -> list[str]:
        """What is empty on every day, not only on the one asked for."""
        names = ("started_edtf", "ended_edtf", "observed_edtf", "kind", "location", "alliance", "functions", "covers")
        renamed = {"covers": "agreements"}
        empty = [renamed.get(name, name.removesuffix("_edtf")) for name in names if not getattr(self, name)]
        stands = self.started_edtf or self.ended_edtf or self.observed_edtf
        return empty + ([] if stands else ["lifecycle"]) + list(NEVER)

    def on(self, day: int) -> None:
        """Work out the presence of the unit and of its parts on a day; no part is more certain than the unit."""
        self.day, whole = day, self.bounds().presence(day)
        self.presence = whole.name
        for part in self.all_participants:
            part.presence = min(part.bounds().presence(day), whole).name
        for cover in self.covers:
            cover.presence = cover.agreement.bounds().presence(day).name

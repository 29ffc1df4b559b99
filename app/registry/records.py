"""The tables in which facts are kept, and those in which stands what is derived from them.

A record is identity, a version is one immutable statement of it, and a pointer is a reference that a version makes.
Of what is committed, nothing is ever updated but `recorded_to` and, when a record is withdrawn, `withdrawn` and
`merged_into`: each once, from null.

Periods, answers and states are projections (`app.registry.projections`): made from versions, and replaceable.
"""

from typing import Any, cast

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.database import Base, code_text
from app.registry.presence import Period


def partial_index(condition: str) -> dict[str, Any]:
    """What makes an index a partial one, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


BigKey = BigInteger().with_variant(Integer, "sqlite")


class Revision(Base):
    """One committed write; numbers are consecutive from 1. `digest` chains it to the one before."""

    __tablename__ = "revision"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    recorded: Mapped[str] = mapped_column(code_text(27), unique=True)
    """RFC 3339, UTC, microseconds: always 27 characters, so that text order is time order."""
    actor: Mapped[str] = mapped_column(code_text(200))
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(code_text(64))
    previous: Mapped[str | None] = mapped_column(code_text(64), unique=True)
    salt: Mapped[str | None] = mapped_column(code_text(32))
    """What its reason is hashed with, in hexadecimal; None: its head is in form 1."""
    changes: Mapped[str | None] = mapped_column(code_text(64))
    """The root over what it wrote; None in form 1, where it is worked out from the versions."""

    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(number = 1) = (previous IS NULL)", name="first_has_no_previous"),
    )


class Record(Base):
    """A thing the registry knows: what every reference points to."""

    __tablename__ = "record"

    pk: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    collection: Mapped[str] = mapped_column(code_text(40))
    id: Mapped[str] = mapped_column(code_text(120))
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("record.pk"))
    withdrawn: Mapped[int | None] = mapped_column(ForeignKey("revision.number", deferrable=True, initially="DEFERRED"))
    """The revision that withdrew it, or merged it into another."""

    __table_args__ = (
        UniqueConstraint("collection", "id"),
        Index("ix_record_withdrawn", "withdrawn", **partial_index("withdrawn IS NOT NULL")),
        CheckConstraint("merged_into IS NULL OR withdrawn IS NOT NULL", name="merged_is_withdrawn"),
    )


class Recorded:
    """When the registry said it: from one revision until, not including, another; open while it still does."""

    @declared_attr
    def recorded_from(cls) -> Mapped[int]:  # noqa: N805
        """The revision that wrote it."""
        return mapped_column(ForeignKey("revision.number", deferrable=True, initially="DEFERRED"))

    @declared_attr
    def recorded_to(cls) -> Mapped[int | None]:  # noqa: N805
        """The revision that superseded it."""
        return mapped_column(ForeignKey("revision.number", deferrable=True, initially="DEFERRED"))


class Timed:
    """When it held in the world: the days of `app.registry.presence.Period`."""

    begins_earliest: Mapped[int] = mapped_column(Integer)
    begins_latest: Mapped[int] = mapped_column(Integer)
    certain_until: Mapped[int] = mapped_column(Integer)
    presumed_until: Mapped[int] = mapped_column(Integer)
    possible_until: Mapped[int] = mapped_column(Integer)


def rows_of(model: type[Base]) -> Table:
    """The table of a model, for inserts of many rows: through the class they would be grouped by what is null."""
    return cast(Table, model.__table__)


PERIOD_COLUMNS = Period._fields


class Version(Recorded, Base):
    """One immutable statement of a record: its canonical document, and what is asked of every collection."""

    __tablename__ = "version"

    pk: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"))
    collection: Mapped[str] = mapped_column(code_text(40))
    record_id: Mapped[str] = mapped_column(code_text(120))
    name: Mapped[str] = mapped_column(code_text(500))
    names_folded: Mapped[str] = mapped_column(code_text())
    """All names, case-folded, one a line."""
    document: Mapped[str] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(code_text(32))
    """What the document is hashed with, in hexadecimal; None where its revision is in form 1."""

    __table_args__ = (
        Index("uq_version_current", "record_pk", unique=True, **partial_index("recorded_to IS NULL")),
        Index("ix_version_collection_record_id", "collection", "record_id"),
        Index("ix_version_record_pk", "record_pk"),
        Index("ix_version_recorded_from", "recorded_from"),
        Index("ix_version_recorded_to", "recorded_to", **partial_index("recorded_to IS NOT NULL")),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
    )


class Pointer(Recorded, Base):
    """A reference from a version to another record: participations, parties, members and every other one.

    `field` is "joint-unit.participants"; `position` the place in that list.
    """

    __tablename__ = "pointer"

    version_pk: Mapped[int] = mapped_column(ForeignKey("version.pk"), primary_key=True)
    field: Mapped[str] = mapped_column(code_text(60), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    target_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"), primary_key=True)
    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"))
    role: Mapped[str | None] = mapped_column(code_text(500))

    __table_args__ = (
        Index("ix_pointer_target", "target_pk", "field"),
        Index("ix_pointer_record_pk", "record_pk"),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
    )


_TARGET_INDEX = (
    *("target_pk", "field", "record_id", "begins_earliest", "possible_until", "recorded_from", "recorded_to"),
    "record_pk",
)


class PeriodRow(Recorded, Timed, Base):
    """When a record held, or a relation of it to another, by all that the registry said at a revision.

    `field`, `position` and `target_pk` are those of the pointer; of the record itself they are "", 0 and the record.
    One index answers which units a force was in on a day.
    """

    __tablename__ = "period"

    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"), primary_key=True)
    field: Mapped[str] = mapped_column(code_text(60), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    target_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"), primary_key=True)
    recorded_from: Mapped[int] = mapped_column(
        ForeignKey("revision.number", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    record_id: Mapped[str] = mapped_column(code_text(120))

    __table_args__ = (
        Index("ix_period_target", *_TARGET_INDEX),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
    )


class Answer(Recorded, Base):
    """A record as it is served: references with names, derived fields. Made from versions alone, and so replaceable.

    It changes when the record does, or when something it shows of another record does; `periods` holds what `as_of`
    needs: the days of the record and of each of its dated parts, and the runs of days of its states. `evidence_day` is
    the first day of `last_evidence`.
    """

    __tablename__ = "answer"

    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"), primary_key=True)
    recorded_from: Mapped[int] = mapped_column(
        ForeignKey("revision.number", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    collection: Mapped[str] = mapped_column(code_text(40))
    record_id: Mapped[str] = mapped_column(code_text(120))
    body: Mapped[str] = mapped_column(Text)
    periods: Mapped[str] = mapped_column(Text)
    evidence_day: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        Index("uq_answer_current", "record_pk", unique=True, **partial_index("recorded_to IS NULL")),
        Index("ix_answer_evidence_day", "collection", "evidence_day", "record_id"),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
    )


class StateRun(Recorded, Base):
    """A run of days on which a derived value of a record was the same: a unit's `lifecycle` was "active".

    From `first_day` until, not including, `until_day`; both are 0 for the value by all that is recorded, without
    `as_of`. It belongs to an answer, and is recorded as long.
    """

    __tablename__ = "state"

    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"), primary_key=True)
    name: Mapped[str] = mapped_column(code_text(40), primary_key=True)
    first_day: Mapped[int] = mapped_column(Integer, primary_key=True)
    recorded_from: Mapped[int] = mapped_column(
        ForeignKey("revision.number", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    until_day: Mapped[int] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(code_text(40))
    record_id: Mapped[str] = mapped_column(code_text(120))

    __table_args__ = (
        Index("ix_state_value", "name", "value", "record_id", "first_day", "until_day", "record_pk"),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
    )


class ProjectionState(Base):
    """In which format a projection was made, and for every revision until which."""

    __tablename__ = "projection"

    name: Mapped[str] = mapped_column(code_text(40), primary_key=True)
    format: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(ForeignKey("revision.number", deferrable=True, initially="DEFERRED"))


class Installation(Base):
    """This database's own secret: signs cursors, so that no other database's are taken."""

    __tablename__ = "installation"

    pk: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    cursor_key: Mapped[str] = mapped_column(code_text(64))

    __table_args__ = (CheckConstraint("pk = 1", name="single"),)

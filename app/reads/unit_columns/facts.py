"""What is counted of a joint unit, in one short row: made of periods and states, and so replaceable."""

import struct
from collections.abc import Iterable

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.presence import Days
from app.registry.records import Recorded

_NUMBERS = struct.Struct("<6I")
NUMBER, WIDTH = 4, _NUMBERS.size
"""The bytes of a whole number, and of a record with the days of a period."""


class UnitFacts(Recorded, Base):
    """A unit as it is counted. All but `kind` are whole numbers of four bytes, the lowest byte first.

    `own` is its alliance, 0 for none, and its days; `functions` are records; `participants` are each the record and its
    days, in the order of records; `runs` are those of its lifecycle: first day, day after the last, place of the value.
    """

    __tablename__ = "unit_facts"

    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"), primary_key=True)
    recorded_from: Mapped[int] = mapped_column(
        ForeignKey("revision.number", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    kind: Mapped[str | None] = mapped_column(code_text(40))
    own: Mapped[bytes] = mapped_column(LargeBinary)
    functions: Mapped[bytes] = mapped_column(LargeBinary)
    participants: Mapped[bytes] = mapped_column(LargeBinary)
    runs: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("ix_unit_facts_recorded_from", "recorded_from"),
        Index(
            "ix_unit_facts_recorded_to",
            "recorded_to",
            sqlite_where=text("recorded_to IS NOT NULL"),
            postgresql_where=text("recorded_to IS NOT NULL"),
        ),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
    )


def packed(record_pk: int, days: Days) -> bytes:
    """A record and the days of a period."""
    return _NUMBERS.pack(record_pk, *days)


def numbers(found: Iterable[int]) -> bytes:
    """Whole numbers, one after the other."""
    listed = list(found)
    return struct.pack(f"<{len(listed)}I", *listed)

"""What is counted of a joint unit, in one short row: made of periods and states, and so replaceable."""

import struct
from collections.abc import Iterable

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.reads.fact_rows import RecordedFacts
from app.registry.presence import Days

_NUMBERS = struct.Struct("<6I")
NUMBER, WIDTH = 4, _NUMBERS.size
"""The bytes of a whole number, and of a record with the days of a period."""


class UnitFacts(RecordedFacts, Base):
    """A unit as it is counted. All but `kind` are whole numbers of four bytes, the lowest byte first.

    `own` is its alliance, 0 for none, and its days; `functions` are records; `participants` are each the record and its
    days, in the order of records; `runs` are those of its lifecycle: first day, day after the last, place of the value.
    """

    __tablename__ = "unit_facts"

    kind: Mapped[str | None] = mapped_column(code_text(40))
    own: Mapped[bytes] = mapped_column(LargeBinary)
    functions: Mapped[bytes] = mapped_column(LargeBinary)
    participants: Mapped[bytes] = mapped_column(LargeBinary)
    runs: Mapped[bytes] = mapped_column(LargeBinary)


def packed(record_pk: int, days: Days) -> bytes:
    """A record and the days of a period."""
    return _NUMBERS.pack(record_pk, *days)


def numbers(found: Iterable[int]) -> bytes:
    """Whole numbers, one after the other."""
    listed = list(found)
    return struct.pack(f"<{len(listed)}I", *listed)

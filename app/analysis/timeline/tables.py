"""The table in which stands when what happened, in the order of the timeline."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.records import BigKey


class EventRow(Base):
    """An event that a record tells of, as the registry had it at a revision: the `number`th of that record.

    The timeline is in the order of `undated`, `day`, `latest` and the subject; `earliest` and `latest` are the first
    and the last day on which it can have happened. It refers to nothing by foreign keys: it is made of answers.
    """

    __tablename__ = "event"

    record_pk: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    recorded_from: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    recorded_to: Mapped[int | None] = mapped_column(Integer)
    undated: Mapped[int] = mapped_column(Integer)
    day: Mapped[int] = mapped_column(Integer)
    earliest: Mapped[int] = mapped_column(Integer)
    latest: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(code_text(20))
    subject_type: Mapped[str] = mapped_column(code_text(40))
    subject_id: Mapped[str] = mapped_column(code_text(120))

    __table_args__: Any = (
        Index(
            "ix_event_day",
            "undated",
            "day",
            "latest",
            "subject_type",
            "subject_id",
            "record_pk",
            "number",
            "recorded_from",
            "recorded_to",
            "earliest",
            "kind",
        ),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
        {"sqlite_with_rowid": False},
    )

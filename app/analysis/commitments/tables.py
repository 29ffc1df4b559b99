"""The table in which stands, in the order of the answer to s.23HA, who is in what."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.registry.records import BigKey


class Commitment(Base):
    """A part that an organisation takes in an agreement, an alliance or a unit, as the registry had it at a revision.

    `through_pk` is the record that names the organisation: itself, or of an agreement without recorded parties one that
    it covers. The record is sorted by `undated`, `begins_earliest`, `begins_latest` and `record_id`. Until
    `possible_until` it can have held, the part from `part_from` until `part_until`, and what names it until
    `whole_until`.

    It refers to nothing by foreign keys: it is made of periods, which do. One index has all that is asked of it.
    """

    __tablename__ = "commitment"

    record_pk: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    through_pk: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    target_pk: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    recorded_from: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    recorded_to: Mapped[int | None] = mapped_column(Integer)
    collection: Mapped[str] = mapped_column(code_text(40))
    record_id: Mapped[str] = mapped_column(code_text(120))
    undated: Mapped[int] = mapped_column(Integer)
    begins_earliest: Mapped[int] = mapped_column(Integer)
    begins_latest: Mapped[int] = mapped_column(Integer)
    possible_until: Mapped[int] = mapped_column(Integer)
    part_from: Mapped[int] = mapped_column(Integer)
    part_until: Mapped[int] = mapped_column(Integer)
    whole_until: Mapped[int] = mapped_column(Integer)

    __table_args__: Any = (
        Index(
            "ix_commitment_target",
            "target_pk",
            "collection",
            "undated",
            "begins_earliest",
            "begins_latest",
            "record_id",
            "recorded_from",
            "recorded_to",
            "part_from",
            "part_until",
            "whole_until",
            "possible_until",
            "record_pk",
        ),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
        {"sqlite_with_rowid": False},
    )

"""Rows of facts, one for each record: what is counted of it, packed, made of other projections and so replaceable."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Update, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from app.prepared_statements import PreparedStatement, write_rows
from app.registry.clocks import recorded_at
from app.registry.projections import Projection, beginnings_and_ends
from app.registry.records import Recorded, partial_index
from app.registry.relations import KEYS, REVISION

Facts = tuple[Any, ...]
"""A row without the record and the revisions."""


class RecordedFacts(Recorded):
    """The columns that all tables of facts have, and the indexes by which changes between revisions are found."""

    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"), primary_key=True)
    recorded_from: Mapped[int] = mapped_column(
        ForeignKey("revision.number", deferrable=True, initially="DEFERRED"), primary_key=True
    )

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        table = vars(cls)["__tablename__"]
        return (
            Index(f"ix_{table}_recorded_from", "recorded_from"),
            Index(f"ix_{table}_recorded_to", "recorded_to", **partial_index("recorded_to IS NOT NULL")),
            CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
        )


class FactsProjection(Projection):
    """The projection of one table of facts."""

    facts: ClassVar[Any]
    """The table."""

    @abstractmethod
    def _made(self, record_pks: Sequence[int]) -> Mapping[int, Facts]:
        """The facts of those of these records that have any."""

    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Write the rows that came out other than before, and close those."""
        connection, made = self.session.connection(), self._made(record_pks)
        rows = _before(self.facts).rows(connection, keys=list(record_pks), revision=self.revision)
        before = {pk: tuple(said) for pk, *said in rows}
        if stale := [pk for pk, said in before.items() if made.get(pk) != said]:
            connection.execute(_close(self.facts).values(recorded_to=self.revision), {"stale": stale})
        new = {pk: said for pk, said in made.items() if before.get(pk) != said}
        columns = ("record_pk", "recorded_from", "recorded_to", *_said(self.facts))
        write_rows(connection, self.facts.__tablename__, columns, [(pk, self.revision, None, *new[pk]) for pk in new])
        return {*stale, *new}

    @classmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Where rows begin and end."""
        return beginnings_and_ends(session, cls.facts)


def _said(facts: Any) -> list[str]:
    """The columns that say what is counted."""
    keys = ("record_pk", "recorded_from", "recorded_to")
    return [column.name for column in facts.__table__.columns if column.name not in keys]


@cache
def _before(facts: Any) -> PreparedStatement:
    said = (getattr(facts, name) for name in _said(facts))
    return PreparedStatement(
        select(facts.record_pk, *said).where(facts.record_pk.in_(KEYS), recorded_at(facts, REVISION))
    )


@cache
def _close(facts: Any) -> Update:
    return update(facts).where(facts.record_pk.in_(bindparam("stale", expanding=True)), facts.recorded_to.is_(None))

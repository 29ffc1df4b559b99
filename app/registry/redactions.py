"""Versions that were redacted: the line of each stays in the log, and nothing of what it said.

A redaction is a revision like every other. It writes `TYPE/ID redacted 3 5` among its lines: what revisions 3 and 5
wrote of the record is gone. So a document that is missing is either marked in the log, or somebody took it away.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, CheckConstraint, Connection, ForeignKey, Index, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, code_text
from app.prepared_statements import PreparedStatement
from app.registry.clocks import recorded_at
from app.registry.records import Recorded, Revision

WORD = "redacted"
"""What a line says behind the record, with the revisions whose versions are gone."""


class RedactedVersion(Recorded, Base):
    """What is left of a version: who it was of, from when until when it held, and what it was hashed to."""

    __tablename__ = "redacted_version"

    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"), primary_key=True)
    recorded_from: Mapped[int] = mapped_column(
        ForeignKey("revision.number", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    recorded_to: Mapped[int] = mapped_column(ForeignKey("revision.number", deferrable=True, initially="DEFERRED"))
    """A version that still holds is superseded, or its record withdrawn, before it is redacted."""
    collection: Mapped[str] = mapped_column(code_text(40))
    record_id: Mapped[str] = mapped_column(code_text(120))
    hash: Mapped[str] = mapped_column(code_text(64))
    """SHA-256(salt ‖ document), as it stands in the line; of neither is anything left."""
    redacted: Mapped[int] = mapped_column(ForeignKey("revision.number", deferrable=True, initially="DEFERRED"))
    """The revision that redacted it."""

    __table_args__ = (
        Index("ix_redacted_version_recorded_from", "recorded_from"),
        Index("ix_redacted_version_recorded_to", "recorded_to"),
        Index("ix_redacted_version_redacted", "redacted"),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
        CheckConstraint("redacted >= recorded_to", name="redacted_when_superseded"),
    )


class RedactionMark(NamedTuple):
    """That a revision redacted versions of a record: which, by the revisions that wrote them."""

    record_pk: int
    collection: str
    id: str
    versions: tuple[int, ...]

    @property
    def outcome(self) -> str:
        """What its line says of the record: "redacted 3 5"."""
        return " ".join([WORD, *map(str, self.versions)])


def marks_of(connection: Connection, revision: int) -> list[RedactionMark]:
    """What the revision redacted, in the order of type and id."""
    found: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for kind, slug, pk, number in _MARKED.rows(connection, revision=revision):
        found[kind, slug, pk].append(number)
    return [RedactionMark(pk, kind, slug, tuple(numbers)) for (kind, slug, pk), numbers in found.items()]


def gaps_at(session: Session, revision: int) -> set[int]:
    """The records of which nothing is left to be seen from this revision on, or something is again."""
    return set(_GAPS.scalars(session.connection(), revision=revision))


def redaction_of(connection: Connection, record_pk: int, revision: int) -> dict[str, Any] | None:
    """Where what the registry said of the record at the revision was redacted: by which revision, when and why."""
    rows = _REDACTION.rows(connection, pk=record_pk, revision=revision)
    return dict(zip(("revision", "recorded", "reason"), rows[0], strict=True)) if rows else None


NEWEST_REDACTION = select(func.coalesce(func.max(RedactedVersion.redacted), 0)).scalar_subquery()
"""The newest revision that redacted anything; 0: none did."""
_REVISION: BindParameter[int] = bindparam("revision")
_MARKED = PreparedStatement(
    select(
        RedactedVersion.collection, RedactedVersion.record_id, RedactedVersion.record_pk, RedactedVersion.recorded_from
    )
    .where(RedactedVersion.redacted == _REVISION)
    .order_by(RedactedVersion.collection, RedactedVersion.record_id, RedactedVersion.recorded_from)
)
_GAPS = PreparedStatement(
    select(RedactedVersion.record_pk).where(
        or_(RedactedVersion.recorded_from == _REVISION, RedactedVersion.recorded_to == _REVISION)
    )
)
_REDACTION = PreparedStatement(
    select(Revision.number, Revision.recorded, Revision.reason)
    .join(RedactedVersion, RedactedVersion.redacted == Revision.number)
    .where(RedactedVersion.record_pk == bindparam("pk"), recorded_at(RedactedVersion, _REVISION))
)

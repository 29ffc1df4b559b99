"""Taking away what versions say: the one place where anything of what was recorded is ever deleted.

What stays of a version is its line. That it is gone is a fact of the log (`app.registry.redactions`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.registry.chunks import chunked
from app.registry.collection import Catalogue
from app.registry.records import Pointer, Version, rows_of
from app.registry.redactions import RedactedVersion
from app.registry.writing.revision_heads import salted_hash


class Redaction(NamedTuple):
    """The record "type:id" whose versions are to go: those of these revisions; None: all that are superseded."""

    target: str
    revisions: tuple[int, ...] | None = None


def superseded(session: Session, record_pk: int, revisions: Sequence[int] | None) -> Sequence[Any]:
    """The versions of a record that no longer hold, of these revisions or all."""
    asked = select(*Version.__table__.c).where(Version.record_pk == record_pk, Version.recorded_to.is_not(None))
    if revisions is not None:
        asked = asked.where(Version.recorded_from.in_(revisions))
    return session.execute(asked.order_by(Version.recorded_from)).all()


def erase(session: Session, catalogue: Catalogue, versions: Sequence[Any], number: int) -> None:
    """Take away what these versions say, in the revision of that number; their lines stay."""
    for chunk in chunked(versions):
        session.execute(insert(rows_of(RedactedVersion)), [_left_of(version, number) for version in chunk])
        pks = [version.pk for version in chunk]
        session.execute(delete(Pointer).where(Pointer.version_pk.in_(pks)))
        for kind in {version.collection for version in chunk}:
            typed = catalogue.by_type[kind].table
            session.execute(delete(typed).where(typed.version_pk.in_(pks)))
        session.execute(delete(Version).where(Version.pk.in_(pks)))


def _left_of(version: Any, number: int) -> dict[str, Any]:
    kept = ("record_pk", "recorded_from", "recorded_to", "collection", "record_id")
    said = {name: getattr(version, name) for name in kept}
    return {**said, "hash": salted_hash(version.salt, version.document), "redacted": number}

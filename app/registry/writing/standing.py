"""What stands recorded when a revision is written."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement
from app.registry.records import Record, Version


class StandingVersion(NamedTuple):
    """The version of a record that holds now, by its key."""

    pk: int
    document: str


_STANDING = PreparedStatement(
    select(Version.record_pk, Version.pk, Version.document).where(
        Version.record_pk.in_(bindparam("keys", expanding=True)), Version.recorded_to.is_(None)
    )
)
_NEXT = {
    column: PreparedStatement(select(func.coalesce(func.max(column), 0) + 1)) for column in (Record.pk, Version.pk)
}


def standing(session: Session, record_pks: list[int]) -> dict[int, StandingVersion]:
    """The versions of these records that hold now, by the records' keys."""
    rows = _STANDING.rows(session.connection(), keys=record_pks)
    return {record_pk: StandingVersion(*version) for record_pk, *version in rows}


def said_before(session: Session, texts: Mapping[int, str]) -> set[int]:
    """Those of the records, given with a document each, that said the same in a version that is superseded."""
    asked = select(Version.record_pk, Version.document).where(
        Version.record_pk.in_(texts), Version.recorded_to.is_not(None)
    )
    return {pk for pk, document in session.execute(asked) if document == texts[pk]}


def next_pk(session: Session, column: Any) -> int:
    """The key of the next record (`Record.pk`) or version (`Version.pk`)."""
    return int(_NEXT[column].scalar(session.connection()))

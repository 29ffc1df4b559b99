"""Who points to whom at a revision: asked with every write, so the statements are made once."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement
from app.registry.chunks import chunked
from app.registry.clocks import recorded_at, recorded_by
from app.registry.records import Pointer

KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
FIELDS: BindParameter[Any] = bindparam("fields", expanding=True)
REVISION: BindParameter[int] = bindparam("revision")
"""What statements that are made once are given: keys of records, names of fields, the revision."""

_ALL_POINTING = select(Pointer.record_pk).where(Pointer.target_pk.in_(KEYS), recorded_at(Pointer, REVISION)).distinct()
_POINTING = PreparedStatement(_ALL_POINTING)
_POINTING_IN = PreparedStatement(_ALL_POINTING.where(Pointer.field.in_(FIELDS)))
_POINTED_TO_IN = PreparedStatement(
    select(Pointer.target_pk)
    .where(Pointer.record_pk.in_(KEYS), Pointer.field.in_(FIELDS), recorded_by(Pointer, REVISION))
    .distinct()
)


def pointing(
    session: Session, record_pks: Iterable[int], revision: int, fields: Collection[str] | None = None
) -> set[int]:
    """The records that point to these at the revision; with `fields`, in one of those ("appointment.body")."""
    return _found(session, _POINTING if fields is None else _POINTING_IN, record_pks, revision, fields)


def pointed_to(session: Session, record_pks: Iterable[int], revision: int, fields: Collection[str]) -> set[int]:
    """The records that these point to in one of the fields at the revision, or did until it."""
    return _found(session, _POINTED_TO_IN, record_pks, revision, fields)


def _found(
    session: Session,
    statement: PreparedStatement,
    record_pks: Iterable[int],
    revision: int,
    fields: Collection[str] | None,
) -> set[int]:
    found: set[int] = set()
    named = {"revision": revision, **({} if fields is None else {"fields": sorted(fields)})}
    connection = session.connection()
    for chunk in chunked(sorted(record_pks)):
        found.update(statement.scalars(connection, keys=chunk, **named))
    return found

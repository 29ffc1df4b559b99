"""The versions of a record: who wrote each, when and why, what it changed, and the record as it was served then.

Of one that was redacted, it is said that there was one, and by which revision it is redacted.
"""

from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Subquery, and_, func, null, select, union_all

from app.api.field_choice import trimmed
from app.api.pagination import Step
from app.api.query_models import HistoryQuery
from app.registry.clocks import recorded_at
from app.registry.collection import Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.records import Answer, Revision, Version
from app.registry.redactions import RedactedVersion
from app.registry.serving.statements import Clock, Found, shown


def versions(connection: Connection, record: Found, step: Step[HistoryQuery]) -> tuple[int, list[Any]]:
    """How many versions there are, and those of the page, newest first, with the one before them if there is one."""
    numbers = _numbers(record.pk, step.when.revision)
    total = connection.execute(select(func.count()).select_from(numbers)).scalar_one()
    revision = (Revision.number, Revision.recorded, Revision.actor, Revision.reason)
    asked = (
        select(*revision, Version.document, Answer.body, Answer.periods, numbers.c.redacted)
        .select_from(numbers)
        .join(Revision, Revision.number == numbers.c.number)
        .outerjoin(Version, and_(Version.record_pk == record.pk, Version.recorded_from == numbers.c.number))
        .outerjoin(Answer, and_(Answer.record_pk == Version.record_pk, recorded_at(Answer, Version.recorded_from)))
        .order_by(numbers.c.number.desc())
    )
    if step.after is not None:
        asked = asked.where(numbers.c.number < step.after[0])
    return total, list(connection.execute(asked.limit(step.query.limit + 1)))


def _numbers(record_pk: int, revision: int) -> Subquery:
    """The revisions that wrote of the record until one, each with that by which what it wrote is redacted."""
    kept = select(Version.recorded_from.label("number"), null().label("redacted"))
    gone = select(RedactedVersion.recorded_from, RedactedVersion.redacted)
    return union_all(
        kept.where(Version.record_pk == record_pk, Version.recorded_from <= revision),
        gone.where(RedactedVersion.record_pk == record_pk, RedactedVersion.recorded_from <= revision),
    ).subquery()


def described(
    collection: Collection, rows: list[Any], when: Clock, fields: list[str] | None, limit: int
) -> list[Document]:
    """The versions of a page, each with the names of the fields in which it differs from the one before."""
    return [
        {
            "revision": row.number,
            "recorded": row.recorded,
            "actor": row.actor,
            "reason": row.reason,
            "changed": _changed(before.document, row.document) if before else None,
            "redacted": row.redacted,
            "data": None if row.redacted else _data(collection, row, when, fields),
        }
        for row, before in pairwise([*rows, None][: limit + 1])
    ]


def _changed(before: str | None, after: str | None) -> list[str] | None:
    """The fields that were recorded otherwise: what is derived from other records changes without a version.

    Nobody knows them any more where one of the two versions is redacted.
    """
    if before is None or after is None:
        return None
    old, new = parse_json(before), parse_json(after)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _data(collection: Collection, row: Any, when: Clock, fields: list[str] | None) -> Any:
    answer = trimmed(shown(collection, row.body, row.periods, when), row.periods, fields, when)
    return parse_json(answer) if isinstance(answer, str) else answer

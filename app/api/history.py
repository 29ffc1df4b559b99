"""The versions of a record: who wrote each, when and why, what it changed, and the record as it was served then.

Of those that are redacted it is said beside the list that there were such, and by which revision they are redacted.
"""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, func, select

from app.api.field_choice import trimmed
from app.api.pagination import Step
from app.api.query_models import HistoryQuery
from app.prepared_statements import PreparedStatement
from app.registry.clocks import recorded_at
from app.registry.collection import Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.records import Answer, Revision, Version
from app.registry.redactions import RedactedVersion
from app.registry.serving.statements import Clock, Found, shown


class VersionRow(NamedTuple):
    """A version: who wrote it, when and why, what it says, and how the record was served then."""

    number: int
    recorded: str
    actor: str
    reason: str
    document: str
    body: str
    periods: str


_KNOWN = (Version.record_pk == bindparam("pk"), Version.recorded_from <= bindparam("revision"))
_TOTAL = PreparedStatement(select(func.count()).select_from(Version).where(*_KNOWN))
_VERSIONS = PreparedStatement(
    select(Revision.number, Revision.recorded, Revision.actor, Revision.reason)
    .add_columns(Version.document, Answer.body, Answer.periods)
    .select_from(Version)
    .join(Revision, Revision.number == Version.recorded_from)
    .join(Answer, and_(Answer.record_pk == Version.record_pk, recorded_at(Answer, Version.recorded_from)))
    .where(*_KNOWN, Version.recorded_from < bindparam("before"))
    .order_by(Version.recorded_from.desc())
    .limit(bindparam("rows", type_=Integer))
)


def versions(connection: Connection, record: Found, step: Step[HistoryQuery]) -> tuple[int, list[VersionRow]]:
    """How many versions there are, and those of the page, newest first, with the one before them if there is one."""
    known = {"pk": record.pk, "revision": step.when.revision}
    before = step.after[0] if step.after else step.when.revision + 1
    rows = _VERSIONS.rows(connection, **known, before=before, rows=step.query.limit + 1)
    return _TOTAL.scalar(connection, **known), [VersionRow(*row) for row in rows]


def redacted(connection: Connection, record: Found, when: Clock) -> list[Document]:
    """The versions of a record that are redacted, newest first, each with the revision that did it."""
    if not when.redacted:
        return []
    asked = (
        select(Revision.number, Revision.recorded, Revision.actor, Revision.reason, RedactedVersion.redacted)
        .join(RedactedVersion, RedactedVersion.recorded_from == Revision.number)
        .where(RedactedVersion.record_pk == record.pk, RedactedVersion.recorded_from <= when.revision)
        .order_by(Revision.number.desc())
    )
    names = ("revision", "recorded", "actor", "reason", "redacted")
    return [dict(zip(names, row, strict=True)) for row in connection.execute(asked)]


def described(
    collection: Collection,
    rows: list[VersionRow],
    when: Clock,
    *,
    fields: list[str] | None,
    limit: int,
    gone: list[Document],
) -> list[Document]:
    """The versions of a page, each with the names of the fields in which it differs from the one before.

    What was between is unknown where those before it are `gone`.
    """
    numbers = [each["revision"] for each in gone]
    return [
        {
            "revision": row.number,
            "recorded": row.recorded,
            "actor": row.actor,
            "reason": row.reason,
            "changed": _changed(before.document, row.document) if before and _follows(row, before, numbers) else None,
            "data": _data(collection, row, when, fields),
        }
        for row, before in zip(rows[:limit], [*rows[1:], None], strict=False)
    ]


def _follows(row: VersionRow, before: VersionRow, gone: list[int]) -> bool:
    """Whether none between them is gone."""
    return not any(before.number < number < row.number for number in gone)


def _changed(before: str, after: str) -> list[str]:
    """The fields that were recorded otherwise: what is derived from other records changes without a version."""
    old, new = parse_json(before), parse_json(after)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _data(collection: Collection, row: Any, when: Clock, fields: list[str] | None) -> Any:
    answer = trimmed(shown(collection, row.body, row.periods, when), row.periods, fields, when)
    return parse_json(answer) if isinstance(answer, str) else answer

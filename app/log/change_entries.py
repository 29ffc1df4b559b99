"""The log as entries: one for each record that a revision changed, in the order of revision, type and id.

That versions were redacted is an entry too; so is what those versions were, without a word of what they said.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, Subquery, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from app.catalogue import CATALOGUE
from app.log.change_filters import SOURCES, ChangeFilter, Deed
from app.log.cursors import DIGITS, LogCursor, end_of
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.records import Record, Revision, Version
from app.registry.redactions import RedactedVersion, marks_of
from app.registry.writing.merging import fields_changed

FIRST_SPAN, GROWTH = 64, 8
"""Revisions that are looked through at first, and by how much more each time: a filter may let few through."""


class ChangePage(NamedTuple):
    """Entries, the place from which to go on, and whether there are more now."""

    entries: list[Document]
    bookmark: LogCursor
    more: bool


def following(connection: Connection, wanted: ChangeFilter, after: LogCursor, until: int, limit: int) -> ChangePage:
    """The entries behind a place, up to and including the revision `until`.

    Behind the last one the bookmark is the end of `until`, so it moves on though a filter lets nothing through.
    """
    first = after.revision + (after.place is None)
    rows: list[Row[Any]] = []
    for low, high in _spans(first, until):
        rows += connection.execute(_described(_chosen(wanted, low, high, limit + 1 - len(rows), after)))
        if len(rows) > limit:
            page = [_entry(connection, row) for row in rows[:limit]]
            last = rows[limit - 1]
            place = None if last.place == last.of else last.place
            return ChangePage(page, LogCursor(last.revision, last.digest[:DIGITS], place), more=True)
    return ChangePage(
        [_entry(connection, row) for row in rows], end_of(connection, max(until, after.revision)), more=False
    )


def latest(connection: Connection, wanted: ChangeFilter, until: int, limit: int) -> ChangePage:
    """The last entries up to and including the revision `until`, newest first."""
    rows: list[Row[Any]] = []
    for near, far in _spans(0, until - 1):  # revisions back from the newest
        chosen = _chosen(wanted, until - far, until - near, limit - len(rows), backwards=True)
        rows += connection.execute(_described(chosen, backwards=True))
        if len(rows) == limit:
            break
    return ChangePage([_entry(connection, row) for row in rows], end_of(connection, until), more=False)


def _spans(first: int, last: int) -> Iterator[tuple[int, int]]:
    size = FIRST_SPAN
    while first <= last:
        yield first, min(last, first + size - 1)
        first, size = first + size, size * GROWTH


def _chosen(
    wanted: ChangeFilter, low: int, high: int, limit: int, after: LogCursor | None = None, *, backwards: bool = False
) -> Subquery:
    """So many entries of these revisions, each with its place among all of its revision."""
    # one more, because of the first all entries may lie before the place
    numbers = wanted.revisions(low, high, limit + 1, backwards=backwards)
    every = union_all(*(source.rows.where(source.revision.in_(numbers)) for source in SOURCES)).subquery()
    in_order = (every.c.collection, every.c.id, every.c.deed)
    place = func.row_number().over(partition_by=every.c.revision, order_by=in_order)
    of = func.count().over(partition_by=every.c.revision)
    placed = select(every, place.label("place"), of.label("of")).subquery()
    asked = wanted.narrowed(select(placed), placed)
    if after is not None and after.place is not None:
        asked = asked.where(or_(placed.c.revision > after.revision, placed.c.place > after.place))
    return asked.order_by(*_order(placed, backwards)).limit(limit).subquery()


def _order(entries: Subquery, backwards: bool) -> list[Any]:
    columns = (entries.c.revision, entries.c.place)
    return [column.desc() if backwards else column for column in columns]


def _described(chosen: Subquery, *, backwards: bool = False) -> Select[Any]:
    """The entries, with the revision and with what the record said before and after it."""
    now, before, survivor = aliased(Version), aliased(Version), aliased(Record)
    gone, gone_before = aliased(RedactedVersion), aliased(RedactedVersion)
    pk, number = chosen.c.record_pk, chosen.c.revision
    return (
        select(
            chosen,
            Revision.recorded,
            Revision.actor,
            Revision.reason,
            Revision.digest,
            func.coalesce(now.name, before.name).label("name"),
            now.document.label("after"),
            before.document.label("before"),
            survivor.id.label("into"),
            gone.redacted,
            gone_before.redacted.label("redacted_before"),
        )
        .join(Revision, Revision.number == number)
        .join(Record, Record.pk == pk)
        .outerjoin(now, now.pk == chosen.c.version_pk)
        # not by the index of `recorded_to`: a revision may have taken the place of more versions than a record has
        .outerjoin(before, and_(before.record_pk == pk, before.recorded_to + 0 == number))
        .outerjoin(gone, and_(gone.record_pk == pk, gone.recorded_from == number))
        .outerjoin(gone_before, and_(gone_before.record_pk == pk, gone_before.recorded_to == number))
        .outerjoin(survivor, and_(survivor.pk == Record.merged_into, Record.withdrawn == number))
        .order_by(*_order(chosen, backwards))
    )


def _entry(connection: Connection, row: Row[Any]) -> Document:
    ref = Ref(row.collection, row.id)
    wrote = row.deed == Deed.WROTE
    amended = wrote and row.before is not None and row.after is not None
    url = CATALOGUE.url(ref)
    return {
        "id": str(LogCursor(row.revision, row.digest[:DIGITS], row.place)),
        "revision": row.revision,
        "place": row.place,
        "of": row.of,
        "recorded": row.recorded,
        "actor": row.actor,
        "reason": row.reason,
        "change": _kind(row),
        "record": CATALOGUE.reference(ref, row.name),
        "fields": fields_changed(parse_json(row.before), parse_json(row.after)) if amended else [],
        "merged_into": CATALOGUE.reference(Ref(row.collection, row.into), None) if row.into else None,
        "redacted": row.redacted if wrote else None,
        "redacted_versions": [] if row.deed != Deed.REDACTED else _redacted(connection, row),
        "sha256_before": None if row.deed == Deed.REDACTED else _digest(row.before),
        "sha256_after": _digest(row.after),
        "diff": f"{url}/diff?from={row.revision - 1}&to={row.revision}" if amended else None,
    }


def _kind(row: Row[Any]) -> str:
    if row.deed == Deed.REDACTED:
        return "redacted"
    if row.deed == Deed.WITHDREW:
        return "merged" if row.into else "withdrawn"
    return "created" if row.before is None and row.redacted_before is None else "amended"


def _redacted(connection: Connection, row: Row[Any]) -> list[int]:
    """The revisions of which this one redacted what they wrote of the record."""
    marks = (mark for mark in marks_of(connection, row.revision) if mark.record_pk == row.record_pk)
    return list(next(marks).versions)


def _digest(document: str | None) -> str | None:
    """The digest of a canonical document, as that of its revision is made of it."""
    return None if document is None else sha256(document.encode()).hexdigest()

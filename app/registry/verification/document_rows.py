"""The rows that documents make, made again and compared with those that are kept."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.registry.chunks import CHUNK
from app.registry.collection import Catalogue
from app.registry.documents.canonical import canonical_json, parse_json
from app.registry.records import Pointer, Record, Version
from app.registry.verification.discrepancy import Discrepancy
from app.registry.writing.rows import POINTER_COLUMNS, VERSION_COLUMNS, Draft, Row


def row_differences(session: Session, catalogue: Catalogue) -> Iterator[Discrepancy]:
    """Versions, typed columns and pointers that say something else than the documents, and those of no version."""
    pks = {f"{kind}:{slug}": pk for pk, kind, slug in session.execute(select(Record.pk, Record.collection, Record.id))}
    asked = select(*(getattr(Version, name) for name in VERSION_COLUMNS)).order_by(Version.pk).limit(CHUNK)
    last = -1
    while rows := session.execute(asked.where(Version.pk > last)).all():
        yield from _batch(session, catalogue, pks, rows)
        last = rows[-1].pk
    yield from _orphans(session, catalogue)


def _batch(session: Session, catalogue: Catalogue, pks: dict[str, int], rows: Sequence[Any]) -> Iterator[Discrepancy]:
    version_pks = [row.pk for row in rows]
    typed = {collection.type: _typed(session, collection, version_pks) for collection in catalogue}
    pointers = _pointers(session, version_pks)
    for row in rows:
        record = f"{row.collection}:{row.record_id}"
        try:
            draft = _draft(catalogue, row)
        except (ValueError, KeyError, TypeError) as error:
            yield Discrepancy(record, f"the document of revision {row.recorded_from} cannot be read: {error!r}")
            continue
        kept = typed[draft.collection.type].get(row.pk), pointers[row.pk]
        for name in _differing(draft, row, *kept, pks):
            yield Discrepancy(
                record, f"{name} of revision {row.recorded_from}: something else is kept than the document says"
            )


def _draft(catalogue: Catalogue, row: Any) -> Draft:
    """The draft that made the version. Raises what a document that is none makes fail."""
    document = parse_json(row.document)
    collection = catalogue.by_type[row.collection]
    if canonical_json(document).decode() != row.document:
        raise ValueError("it is not in its canonical form")
    draft = Draft("", collection, document, record_pk=row.record_pk, text=row.document)
    draft.places = collection.plan.references(document)  # now, for what is no document has none
    return draft


def _differing(
    draft: Draft, row: Any, columns: Row | None, pointers: Counter[Row], pks: dict[str, int]
) -> Iterator[str]:
    """What is kept otherwise than the document has it: the names of columns, or "pointers"."""
    if draft.target not in pks or pks[draft.target] != row.record_pk:
        yield "record_pk"
    made_version = draft.version(row.pk, row.recorded_from, row.salt)
    for name, made, kept in zip(VERSION_COLUMNS, made_version, row, strict=True):
        if name != "recorded_to" and made != kept:
            yield name
    if columns is None:
        yield f"the row in {draft.collection.table_name}"
    else:
        made_columns = draft.columns(row.pk, row.recorded_from)
        names = zip(draft.collection.written, made_columns, columns, strict=True)
        yield from (name for name, made, kept in names if made != kept)
    try:
        made_pointers = Counter(draft.pointers(row.pk, row.recorded_from, pks))
    except KeyError as error:
        yield f"the reference to {error}"
        return
    # a pointer is superseded together with its version
    if Counter({(*each[:2], row.recorded_to, *each[3:]): count for each, count in made_pointers.items()}) != pointers:
        yield "pointers"


def _typed(session: Session, collection: Any, version_pks: Sequence[int]) -> dict[int, Row]:
    table = collection.table.__table__
    asked = select(*(table.c[name] for name in collection.written)).where(table.c.version_pk.in_(version_pks))
    return {row[0]: tuple(row) for row in session.execute(asked)}


def _pointers(session: Session, version_pks: Sequence[int]) -> dict[int, Counter[Row]]:
    found: dict[int, Counter[Row]] = defaultdict(Counter)
    asked = select(*(getattr(Pointer, name) for name in POINTER_COLUMNS)).where(Pointer.version_pk.in_(version_pks))
    for row in session.execute(asked):
        found[row[0]][tuple(row)] += 1
    return found


def _orphans(session: Session, catalogue: Catalogue) -> Iterator[Discrepancy]:
    """Rows of versions that are not there, or are of another collection."""
    for collection in catalogue:
        table: Any = collection.table
        asked = select(table.version_pk, Version.collection, Version.record_id)
        asked = asked.outerjoin(Version, Version.pk == table.version_pk)
        for pk, kind, slug in session.execute(
            asked.where(or_(Version.pk.is_(None), Version.collection != collection.type))
        ):
            record = f"{kind}:{slug}" if kind else None
            yield Discrepancy(record, f"{collection.table_name} has a row of version {pk}, which is none of its own")
    lost = (
        select(Pointer.version_pk, Pointer.field, Record.collection, Record.id)
        .outerjoin(Version, Version.pk == Pointer.version_pk)
        .outerjoin(Record, Record.pk == Pointer.record_pk)
        .where(Version.pk.is_(None))
    )
    for pk, field, kind, slug in session.execute(lost):
        yield Discrepancy(
            f"{kind}:{slug}" if kind else None, f"a pointer ({field}) is of version {pk}, which is missing"
        )

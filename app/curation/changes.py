"""What a revision changed, record by record, from the versions alone: whatever the way on which it was asked for."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.prepared_statements import LongStatement, PreparedStatement
from app.registry.clocks import recorded_at
from app.registry.collection import Finding, Look
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.records import Record, Version
from app.registry.writing.merging import fields_changed

NEEDS_NO_EVIDENCE = frozenset({"id", "citations", "note", "checks"})
"""Fields that may change while their citations stay."""


class Change(NamedTuple):
    """What happened to the record `target` ("joint-unit:bch-dog-unit"), in canonical documents.

    `before` is None for a new record, `after` for one that was withdrawn; a duplicate was joined into `merged_into`.
    """

    target: str
    before: Document | None
    after: Document | None
    merged_into: str | None = None


def changes_in(session: Session, revision: int) -> Iterator[Change]:
    """What the revision changed."""
    connection = session.connection()
    for kind, slug, after, old in _WRITTEN.each(connection, revision=revision):
        yield Change(str(Ref(kind, slug)), parse_json(old) if old else None, parse_json(after))
    for kind, slug, old, into, into_slug in _WITHDRAWN.rows(connection, revision=revision):
        yield Change(str(Ref(kind, slug)), parse_json(old), None, str(Ref(into, into_slug)) if into else None)


_REVISION: BindParameter[int] = bindparam("revision")
_BEFORE, _SURVIVOR = aliased(Version), aliased(Record)
_WRITTEN = LongStatement(
    select(Version.collection, Version.record_id, Version.document, _BEFORE.document)
    .outerjoin(_BEFORE, and_(_BEFORE.record_pk == Version.record_pk, _BEFORE.recorded_to == _REVISION))
    .where(Version.recorded_from == _REVISION)
)
_WITHDRAWN = PreparedStatement(
    select(Record.collection, Record.id, _BEFORE.document, _SURVIVOR.collection, _SURVIVOR.id)
    .join(_BEFORE, and_(_BEFORE.record_pk == Record.pk, _BEFORE.recorded_to == _REVISION))
    .outerjoin(_SURVIVOR, _SURVIVOR.pk == Record.merged_into)
    .where(Record.withdrawn == _REVISION)
)


_DOCUMENT = PreparedStatement(
    select(Version.document).where(
        Version.collection == bindparam("collection"),
        Version.record_id == bindparam("id"),
        recorded_at(Version, _REVISION),
    )
)


def look_before(session: Session, revision: int) -> Look:
    """Gives documents as they were before the revision; of what it created itself, what it says."""

    def look(target: str) -> Document | None:
        return document_at(session, target, revision - 1) or document_at(session, target, revision)

    return look


def document_at(session: Session, target: str, revision: int) -> Document | None:
    """The canonical document of a record at a revision; None where it was not there."""
    kind, slug = Ref.parse(target)
    text = _DOCUMENT.scalar(session.connection(), collection=kind, id=slug, revision=revision)
    return parse_json(text) if text else None


def uncited(change: Change) -> Iterable[Finding]:
    """A field was changed, and no citation of it was: the source that stands there may not say this."""
    before, after = change.before, change.after
    if before is None or after is None:
        return
    for name in fields_changed(before, after):
        if name in after and name not in NEEDS_NO_EVIDENCE and _evidence(before, name) == _evidence(after, name):
            yield Finding(f"/{name}", "was changed, and no citation of it: does a source that is cited say this?")


def _evidence(document: Document, name: str) -> list[Document]:
    """The citations of a field, and of the record whole."""
    whole, inside = f"/{name}", f"/{name}/"
    return [
        citation
        for citation in document.get("citations", [])
        if not citation.get("about") or any(each == whole or each.startswith(inside) for each in citation["about"])
    ]

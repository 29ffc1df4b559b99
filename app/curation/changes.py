"""What a revision changed, record by record, from the versions alone: whatever the way on which it was asked for."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

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
    now, before = aliased(Version), aliased(Version)
    written = (
        select(now.collection, now.record_id, now.document, before.document.label("before"))
        .outerjoin(before, and_(before.record_pk == now.record_pk, before.recorded_to == revision))
        .where(now.recorded_from == revision)
        .execution_options(yield_per=500)
    )
    for kind, slug, after, old in session.execute(written):
        yield Change(str(Ref(kind, slug)), parse_json(old) if old else None, parse_json(after))
    survivor = aliased(Record)
    withdrawn = (
        select(Record.collection, Record.id, before.document, survivor.collection, survivor.id)
        .join(before, and_(before.record_pk == Record.pk, before.recorded_to == revision))
        .outerjoin(survivor, survivor.pk == Record.merged_into)
        .where(Record.withdrawn == revision)
    )
    for kind, slug, old, into, into_slug in session.execute(withdrawn):
        yield Change(str(Ref(kind, slug)), parse_json(old), None, str(Ref(into, into_slug)) if into else None)


def look_before(session: Session, revision: int) -> Look:
    """Gives documents as they were before the revision; of what it created itself, what it says."""

    def look(target: str) -> Document | None:
        return document_at(session, target, revision - 1) or document_at(session, target, revision)

    return look


def document_at(session: Session, target: str, revision: int) -> Document | None:
    """The canonical document of a record at a revision; None where it was not there."""
    kind, slug = Ref.parse(target)
    asked = select(Version.document).where(Version.collection == kind, Version.record_id == slug)
    text = session.scalars(asked.where(recorded_at(Version, revision))).first()
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

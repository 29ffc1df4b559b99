"""What became of a record since a client read it: for the answer to a write that came too late."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.registry.collection import Catalogue
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.problems import Fault, Refused
from app.registry.records import Revision, Version
from app.registry.writing.merging import fields_changed


def changed_since(session: Session, catalogue: Catalogue, target: str, seen: int) -> Refused:
    """412: record, fields, both values, who wrote the other and when, and where to read the difference."""
    rows = _versions(session, target)
    stands_at = rows[-1].number
    changed = _touched(rows, seen)
    faults = tuple(Fault(f"body/{name}", _sentence(told)) for name, told in changed.items())
    detail = f"{target} stands at revision {stands_at}, and If-Match says {seen}; nothing was written"
    more: dict[str, object] = {"record": target, "revision": stands_at, "changed": list(changed.values())}
    if rows[0].number <= seen < stands_at:
        more["diff"] = f"{catalogue.url(target)}/diff?from={seen}&to={stands_at}"
    return Refused("precondition-failed", detail, faults, more=more)


def touched_since(session: Session, target: str, seen: int) -> dict[str, Document]:
    """By name, the fields of a record that were changed after a revision: both values, who wrote the last and when."""
    return _touched(_versions(session, target), seen)


def _versions(session: Session, target: str) -> Sequence[Any]:
    """Every version of a record, oldest first."""
    kind, slug = Ref.parse(target)
    asked = (
        select(Version.document, Revision.number, Revision.actor, Revision.recorded)
        .join(Revision, Revision.number == Version.recorded_from)
        .where(Version.collection == kind, Version.record_id == slug)
        .order_by(Version.recorded_from)
    )
    return session.execute(asked).all()


def _touched(rows: Sequence[Any], seen: int) -> dict[str, Document]:
    before = parse_json(next((row.document for row in reversed(rows) if row.number <= seen), rows[0].document))
    changed: dict[str, Document] = {}
    base = before
    for row in (row for row in rows if row.number > seen):
        document = parse_json(row.document)
        for name in fields_changed(before, document):
            told = {"field": name, "was": base.get(name), "is": document.get(name)}
            changed[name] = {**told, "revision": row.number, "by": row.actor, "recorded": row.recorded}
        before = document
    return changed


def _sentence(told: Document) -> str:
    return f"was changed in revision {told['revision']} by {told['by']} at {told['recorded']}"

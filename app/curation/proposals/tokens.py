"""Operations with the revisions at which their records stand: what a proposal was made against stands in it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.curation.changes import Change
from app.curation.operations import AnyOperation, Create, Replace
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.records import Version


def stands_at(session: Session, target: str) -> int | None:
    """The revision at which a record stands; None where it is not there."""
    kind, _, slug = target.partition(":")
    asked = select(Version.recorded_from).where(Version.collection == kind, Version.record_id == slug)
    return session.scalars(asked.where(Version.recorded_to.is_(None))).first()


def pinned(session: Session, operation: AnyOperation) -> AnyOperation:
    """The operation, with what its record says now taken as seen where it says nothing of that."""
    if isinstance(operation, Create) or operation.if_match is not None:
        return operation
    named = _named(operation.document) if isinstance(operation, Replace) else operation.record
    revision = stands_at(session, named)
    return operation if revision is None else operation.model_copy(update={"if_match": revision})


def _named(document: dict[str, Any]) -> str:
    return f"{document.get('type')}:{document.get('id')}"


def operations_of(session: Session, changes: list[Change]) -> list[Document]:
    """The operations that make these changes of what stands now."""
    return [_operation(change, stands_at(session, change.target)) for change in changes]


def _operation(change: Change, revision: int | None) -> Document:
    if change.after is not None:
        document = {"type": Ref.parse(change.target).type, **change.after}
        if change.before is None:
            return {"op": "create", "document": document}
        return {"op": "replace", "document": document, "if_match": revision}
    if change.merged_into:
        return {"op": "merge", "record": change.target, "into": change.merged_into, "if_match": revision}
    return {"op": "withdraw", "record": change.target, "if_match": revision}

"""The writing endpoints of a collection: create, replace, amend, withdraw, join a duplicate, confirm."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.api.callers import Caller, Curator
from app.api.dependencies import RecordId
from app.api.idempotency import Answered
from app.api.json_bodies import JSON_TYPES, media_type, parsed
from app.curation import openapi
from app.curation.confirmations import Confirmation, confirmed
from app.curation.desk import Asked, Desk, IdempotencyKey, IfMatch, IfNoneMatch, RawBody, answered
from app.curation.editing import Editor
from app.curation.json_models import read_model
from app.curation.operations import Merging
from app.curation.preconditions import Precondition, precondition
from app.curation.writes import Written
from app.registry.collection import Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.problems import Fault, Unsupported

MERGE_PATCH, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"
PATCHES = (MERGE_PATCH, JSON_PATCH)
Edits = Callable[[Editor], bool]
"""Says what is written, and whether that is a new record."""


class RecordWriting:
    """The writing endpoints of one collection."""

    def __init__(self, collection: Collection, desk: Desk) -> None:
        self.collection, self.desk = collection, desk

    def create(
        self, request: Request, asked: Asked, caller: Curator, body: RawBody, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Make a record."""
        document = self._document(request, body, None)
        target = f"{self.collection.type}:{document.get('id')}"

        def edits(editor: Editor) -> bool:
            return editor.put(target, document, Precondition(absent=True), "body")

        return self._write(request, edits, asked=asked, caller=caller, key=idempotency_key, body=body)

    def replace(
        self,
        request: Request,
        slug: RecordId,
        asked: Asked,
        caller: Curator,
        body: RawBody,
        if_match: IfMatch = None,
        if_none_match: IfNoneMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Put a document in the place of what a record says, or make the record."""
        document, condition = self._document(request, body, slug), precondition(if_match, if_none_match)

        def edits(editor: Editor) -> bool:
            return editor.put(self._target(slug), document, condition, "body")

        return self._write(request, edits, asked=asked, caller=caller, key=idempotency_key, body=body)

    def amend(
        self,
        request: Request,
        slug: RecordId,
        asked: Asked,
        caller: Curator,
        body: RawBody,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Change some fields of a record."""
        kind, patch, condition = media_type(request, PATCHES), parsed(body), precondition(if_match)

        def edits(editor: Editor) -> bool:
            named = {"merge": _object(patch)} if kind == MERGE_PATCH else {"patch": patch}
            editor.amend(self._target(slug), condition, **named)
            return False

        return self._write(request, edits, asked=asked, caller=caller, key=idempotency_key, body=body)

    def withdraw(
        self,
        request: Request,
        slug: RecordId,
        asked: Asked,
        caller: Curator,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Withdraw a record: a tombstone stays, and its history."""
        condition = precondition(if_match)

        def edits(editor: Editor) -> bool:
            editor.withdraw(self._target(slug), condition)
            return False

        return self._write(request, edits, asked=asked, caller=caller, key=idempotency_key, body=b"")

    def merge(
        self,
        request: Request,
        slug: RecordId,
        asked: Asked,
        caller: Curator,
        body: RawBody,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Join a duplicate into the record that stays."""
        media_type(request, JSON_TYPES)
        into, condition = read_model(Merging, body).into, precondition(if_match)
        survivor = into if ":" in into else f"{self.collection.type}:{into}"

        def edits(editor: Editor) -> bool:
            editor.withdraw(self._target(slug), condition, survivor)
            return False

        return self._write(request, edits, asked=asked, caller=caller, key=idempotency_key, body=body)

    def confirm(
        self,
        request: Request,
        slug: RecordId,
        asked: Asked,
        caller: Curator,
        body: RawBody,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Say that a record was so on a day: an observation with a source of its own."""
        media_type(request, JSON_TYPES)
        confirmation, condition = read_model(Confirmation, body), precondition(if_match)

        def edits(editor: Editor) -> bool:
            confirmed(editor, self._target(slug), confirmation, caller, condition)
            return False

        return self._write(request, edits, asked=asked, caller=caller, key=idempotency_key, body=body)

    def _target(self, slug: str) -> str:
        return f"{self.collection.type}:{slug}"

    def _document(self, request: Request, body: bytes, slug: str | None) -> Document:
        """The record in a body. Raises Unsupported where it is of another type, or has another id than the path."""
        media_type(request, JSON_TYPES)
        document = _object(parsed(body))
        expected = {"type": self.collection.type} | ({"id": slug} if slug else {})
        for name, value in expected.items():
            if document.setdefault(name, value) != value:
                raise _wrong(f"body/{name}", f"is not '{value}', as the address has it")
        return document

    def _write(
        self, request: Request, edits: Edits, *, asked: Asked, caller: Caller, key: str | None, body: bytes
    ) -> Response:
        def work(session: Session) -> Answered:
            editor = Editor(session, self.desk.register.catalogue)
            new = edits(editor)
            written = self.desk.write(session, editor.edit, actor=caller.actor, reason=asked.reason, callers=(caller,))
            return self._answer(written, new=new, dry_run=asked.dry_run)

        wanted = self.desk.attempt(request, caller, key, body)
        return self.desk.carry_out(request, work, wanted, dry_run=asked.dry_run)

    def _answer(self, written: Written, *, new: bool, dry_run: bool) -> Answered:
        """What is said of a write: the record as it is served now, or its tombstone."""
        record = next(each for each in written.records if Ref.parse(each.target).type == self.collection.type)
        slug = Ref.parse(record.target).id
        url = f"/v1/{self.collection.path}/{slug}"
        data: Any = parse_json(record.after) if record.after else {"type": self.collection.type, "id": slug}
        meta = {**written.meta(dry_run), "difference": record.difference}
        links: Document = {"self": url, "history": f"{url}/history"}
        if written.revision and not dry_run:
            links["revision"] = f"/v1/revisions/{written.revision}"
        if dry_run:
            return answered(200, data, meta, links, {})
        headers = {"ETag": f'"{data["revision"]}"'} if record.after else {}
        status, located = (201, {"Location": url}) if new else (200, {})
        return answered(status, data, meta, links, headers | located, written.revision)


def _object(value: Any) -> Document:
    if not isinstance(value, dict):
        raise _wrong("body", "is not an object")
    return value


def _wrong(location: str, message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"{location}: {message}", (Fault(location, message),))


def build(desk: Desk) -> APIRouter:
    """The router with the writing endpoints of every collection."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    for collection in desk.register.catalogue:
        verbs = RecordWriting(collection, desk)
        endpoints: list[tuple[str, str, Callable[..., Response]]] = [
            ("POST", "", verbs.create),
            ("PUT", "/{id}", verbs.replace),
            ("PATCH", "/{id}", verbs.amend),
            ("DELETE", "/{id}", verbs.withdraw),
            ("POST", "/{id}/merge", verbs.merge),
        ]
        if "observed" in {field.name for field in collection.plan.fields}:
            endpoints.append(("POST", "/{id}/confirm", verbs.confirm))
        for method, suffix, endpoint in endpoints:
            operation = openapi.of_record(collection, endpoint.__name__)
            router.add_api_route(f"/{collection.path}{suffix}", endpoint, methods=[method], **operation)
    return router

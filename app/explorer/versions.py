"""The pages of a record's versions: all of them, the difference of two in words, and the proof that one is recorded."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fastapi import Request, Response
from sqlalchemy import Connection

from app.api import history as recorded
from app.api.dependencies import ReadAccess, RecordId
from app.api.query_models import ClockQuery, DiffQuery, HistoryQuery
from app.api.router import revision_end
from app.explorer.fields import label
from app.explorer.rendering import Pages
from app.explorer.requests import asked, page
from app.log.publication import PublishedLog
from app.log.record_proofs import RecordProofs
from app.registry.collection import Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.serving.statements import Clock, find, shown


class FieldChange(NamedTuple):
    """A field that two versions have otherwise."""

    label: str
    name: str
    before: Any
    after: Any


def history(pages: Pages, collection: Collection) -> Callable[..., Response]:
    """The endpoint of the page with every version."""

    @page
    def versions(request: Request, slug: RecordId, reader: ReadAccess) -> Response:
        query = asked(request, HistoryQuery)
        with reader.connection() as connection:
            step = query.step(connection, reader, request)
            found = find(connection, collection, slug, step.when)
            total, rows = recorded.versions(connection, found, step)
            gone = recorded.redacted(connection, found, step.when)
        limit = step.query.limit
        said = recorded.described(collection, rows, step.when, fields=None, limit=limit, gone=gone)
        context = {
            "collection": collection,
            "slug": slug,
            "name": said[0]["data"]["name"] if said else slug,
            "versions": said,
            "total": total,
            "redacted": gone,
            "following": reader.walks.following(step, [rows[limit - 1].number]) if len(rows) > limit else None,
        }
        return pages.answered(request, "history.html", query.links(request, step), step.when, **context)

    return versions


def difference(pages: Pages, collection: Collection) -> Callable[..., Response]:
    """The endpoint of the page that says in words how two versions differ."""

    @page
    def diff(request: Request, slug: RecordId, reader: ReadAccess) -> Response:
        query = asked(request, DiffQuery)
        with reader.connection() as connection:
            when = query.query.clock(connection)
            begin = revision_end(connection, "from", query.query.from_, when)
            end = revision_end(connection, "to", query.query.to, when)
            before, after = (_document(connection, collection, slug, at) for at in (begin, end))
        context = {
            "collection": collection,
            "slug": slug,
            "name": after["name"],
            "begin": begin,
            "end": end,
            "changes": list(_changes(before, after)),
        }
        return pages.answered(request, "diff.html", query.links(request), when, **context)

    return diff


def _document(connection: Connection, collection: Collection, slug: str, when: Clock) -> Document:
    found = find(connection, collection, slug, when)
    document: Document = parse_json(shown(collection, found.body, found.periods, when))
    return document


def _changes(before: Document, after: Document) -> Iterator[FieldChange]:
    """The fields that differ, in their order; of citations only how many came and went."""
    for name in (name for name in after if name != "revision" and before.get(name) != after[name]):
        if name == "citations":
            came = [each for each in after[name] if each not in before[name]]
            gone = [each for each in before[name] if each not in after[name]]
            yield FieldChange("Evidence", name, [_cited(each) for each in gone], [_cited(each) for each in came])
        elif name == "not_recorded":
            continue
        else:
            yield FieldChange(label(name), name, before.get(name), after[name])


def _cited(citation: Document) -> Document:
    return {"source": citation["source"], "locator": citation["locator"], "basis": citation["basis"]}


def proof(pages: Pages, log: PublishedLog, collection: Collection) -> Callable[..., Response]:
    """The endpoint of the page that proves what the register said of a record."""
    proofs = RecordProofs()

    @page
    def proven(request: Request, slug: RecordId, reader: ReadAccess) -> Response:
        query = asked(request, ClockQuery)
        # what is signed must be what the primary has acknowledged
        with reader.primary.connection() as connection:
            when = query.query.clock(connection)
            found = log.signed_tree(connection)
            data = proofs.proof(connection, found, collection.type, slug, when.revision)
        context = {"collection": collection, "slug": slug, "proof": data, "checkpoint": found.note}
        return pages.answered(request, "proof.html", query.links(request), when, signed=bool(log.keys), **context)

    return proven

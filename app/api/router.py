"""The common endpoints of a collection: list, detail, history and diff."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import jsonpatch
import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from app.api import documentation, formats, history, lists
from app.api.attachments import attached, origin_of, written
from app.api.dependencies import ReadAccess, Reads, RecordId
from app.api.field_choice import table_plan, trimmed
from app.api.list_parameters import chosen_fields, list_query
from app.api.list_shapes import selected
from app.api.list_sql import page
from app.api.page_links import page_of
from app.api.parameters import MOST_ITEMS, invalid, query_of
from app.api.query_models import DetailQuery, DiffQuery, HistoryQuery
from app.api.readings import read_list
from app.api.responses import as_bytes, envelope, joined, respond, unchanged
from app.registry.collection import Catalogue, Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.serving.as_of import PartMatch
from app.registry.serving.statements import Clock, clock, find, shown


class Verbs:
    """The endpoints of one collection."""

    def __init__(self, collection: Collection, catalogue: Catalogue) -> None:
        self.collection, self.catalogue = collection, catalogue
        self.path = f"/v1/{collection.path}"

    def many(self, request: Request, reader: ReadAccess) -> Response:
        """Records that match every filter."""
        query = list_query(self.collection).read(request)
        with reader.connection() as connection:
            step = reader.walks.step(connection, self.path, query)
            form = formats.wanted(step.query.format, request.headers.get("accept"))
            if form == "json" and (known := unchanged(request, step.when, vary=True)):
                return known
            found = read_list(connection, reader, self.collection, step, catalogue=self.catalogue, form=form)
        question, when, fields = found.question, found.when, found.fields
        if form != "json":
            rest = _rows(reader, question, found.rows)
            answers = (self._shown(*each, when=when, fields=fields, matches=found.matches) for each in rest)
            paged = found.following if "limit" in question.parameters else None
            return self._attached(request, reader, answers, when, fields=fields, form=form, following=paged)
        items = [self._shown(*row[:2], when=when, fields=fields, matches=found.matches) for row in found.shown]
        links = {
            "self": self.path + query_of(query.given),
            "next": found.following,
            "page": page_of(self.path, query.given),
        }
        counted = {"total": found.total} if found.total is not None else {}
        content = envelope(joined(items), {**counted, **when.meta, **found.counted}, links)
        return respond(request, content, when, {"next": found.following}, vary=True)

    def page(self, request: Request, _slug: str, reader: Reads) -> Response:
        """Records that match every filter, asked as one record is."""
        return self.many(request, reader)

    def _shown(
        self, body: str, periods: str, *, when: Clock, fields: list[str] | None, matches: Sequence[PartMatch] = ()
    ) -> Any:
        """A record as it is shown: its JSON, or the fields chosen."""
        return trimmed(shown(self.collection, body, periods, when, matches), periods, fields, when)

    def _attached(
        self,
        request: Request,
        reader: Reads,
        answers: Iterable[Any],
        when: Clock,
        *,
        fields: list[str] | None,
        form: str,
        following: str | None = None,
    ) -> Response:
        """Records as a file: the whole list, or with `limit` one page of it; or one of them."""
        plan, origin = table_plan(self.collection.plan, fields), origin_of(request, reader.public_url, when)
        content = written(form, plan, answers, self.collection.path, origin)
        return attached(request, form, content, when, following)

    def one(self, request: Request, slug: RecordId, reader: ReadAccess) -> Response:
        """One record."""
        query = DetailQuery.read(request)
        form = formats.wanted(query.format, request.headers.get("accept"))
        fields = chosen_fields(self.collection, query.fields)
        with reader.connection() as connection:
            when = query.clock(connection)
            if form == "json" and (known := unchanged(request, when, vary=True)):
                return known
            found = find(connection, self.collection, slug, when)
        here = f"{self.path}/{slug}"
        links = {
            "self": here + query_of(query.given),
            "permalink": here + query_of(when.pinned),
            "page": page_of(here, query.given),
            "history": f"{here}/history",
        }
        item = self._shown(found.body, found.periods, when=when, fields=fields)
        if form != "json":
            return self._attached(request, reader, [item], when, fields=fields, form=form)
        content = envelope(as_bytes(item), when.meta, links)
        named: dict[str, str | None] = {"version-history": links["history"]}
        return respond(request, content, when, named, vary=True, stands_at=found.revision)

    def history(self, request: Request, slug: RecordId, reader: ReadAccess) -> Response:
        """Every version of a record, newest first, as it was served when it was recorded."""
        query = HistoryQuery.read(request)
        here = f"{self.path}/{slug}/history"
        with reader.connection() as connection:
            step = reader.walks.step(connection, here, query)
            if known := unchanged(request, step.when):
                return known
            record = find(connection, self.collection, slug, step.when)
            total, rows = history.versions(connection, record, step)
            gone = history.redacted(connection, record, step.when)
        limit = step.query.limit
        fields = chosen_fields(self.collection, step.query.fields)
        items = history.described(self.collection, rows, step.when, fields=fields, limit=limit, gone=gone)
        following = reader.walks.following(step, [rows[limit - 1].number]) if len(rows) > limit else None
        links = {
            "self": here + query_of(query.given),
            "next": following,
            "page": page_of(here, query.given),
            "record": f"{self.path}/{slug}",
        }
        content = envelope(orjson.dumps(items), {"total": total, "redacted": gone, **step.when.meta}, links)
        return respond(request, content, step.when, {"next": following})

    def diff(self, request: Request, slug: RecordId, reader: ReadAccess) -> Response:
        """What changed in a record between two revisions, as a JSON Patch (RFC 6902)."""
        query = DiffQuery.read(request)
        with reader.connection() as connection:
            when = query.clock(connection)
            begin = revision_end(connection, "from", query.from_, when)
            end = revision_end(connection, "to", query.to, when)
            before, after = (self._at(connection, slug, at) for at in (begin, end))
        patch = jsonpatch.make_patch(before, after).patch
        here = f"{self.path}/{slug}"
        asked = query_of(query.given)
        links = {"self": f"{here}/diff{asked}", "page": page_of(f"{here}/diff", query.given)}
        links |= {"record": here, "history": f"{here}/history"}
        meta = {"from": begin.meta["known_at"], "to": end.meta["known_at"], **when.meta}
        return respond(request, envelope(orjson.dumps(patch), meta, links), when, {"version-history": links["history"]})

    def _at(self, connection: Connection, slug: str, when: Clock) -> Document:
        found = find(connection, self.collection, slug, when)
        return parse_json(shown(self.collection, found.body, found.periods, when))


def _rows(reader: Reads, question: lists.Question, rows: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Body and periods of the rows at hand and, without `limit`, of all that follow, on the same revision."""
    yield from ((row[0], row[1]) for row in rows[: question.limit])
    while "limit" not in question.parameters and len(rows) > question.limit:
        question = question._replace(after=list(rows[question.limit - 1][2:]), limit=MOST_ITEMS)
        with reader.connection() as connection:
            rows = page(connection, selected(connection, question))
        yield from ((row[0], row[1]) for row in rows[: question.limit])


def revision_end(connection: Connection, name: str, number: str | None, when: Clock) -> Clock:
    """One end of a comparison: the revision that is named, else the one that is asked, on the same days.

    Raises Unsupported.
    """
    if number is None:
        return when
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= when.revision):
        raise invalid(name, f"is not a revision from 1 to {when.revision}", "unknown-revision")
    return clock(connection, number, when.as_of, when.presumed_for)


def short_reads(catalogue: Catalogue) -> dict[tuple[str, str], Callable[[Request, str, Reads], Response]]:
    """The endpoints whose work is short, by collection and what follows it: "", "{id}" or "{id}/history"."""
    found: dict[tuple[str, str], Callable[[Request, str, Reads], Response]] = {}
    for collection in catalogue:
        verbs = Verbs(collection, catalogue)
        found[collection.path, ""] = verbs.page
        found[collection.path, "{id}"] = verbs.one
        found[collection.path, "{id}/history"] = verbs.history
    return found


def build(catalogue: Catalogue) -> APIRouter:
    """The router with the endpoints of every collection."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    for collection in catalogue:
        verbs = Verbs(collection, catalogue)
        endpoints: tuple[tuple[str, Callable[..., Response]], ...] = (
            ("", verbs.many),
            ("/{id}", verbs.one),
            ("/{id}/history", verbs.history),
            ("/{id}/diff", verbs.diff),
        )
        for suffix, endpoint in endpoints:
            operation = documentation.operation(collection, endpoint.__name__)
            router.add_api_route(f"/{collection.path}{suffix}", endpoint, methods=["GET"], **operation)
    return router

"""The common endpoints of a collection: list, detail, history and diff."""

from collections.abc import Iterator
from typing import Any

import jsonpatch
import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, Engine, and_, func, select

from app.api import documentation, formats, lists
from app.api.count_cache import Totals
from app.api.list_sql import page, selected
from app.api.pagination import PAGED, Step, Walks
from app.api.parameters import Parameters, invalid, parse, query_of
from app.api.responses import as_bytes, envelope, joined, respond
from app.database import reading
from app.registry.collection import Catalogue, Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.records import Answer, Revision, Version
from app.registry.serving.statements import Clock, Found, clock, find, recorded_at, shown


class Verbs:
    """The endpoints of one collection."""

    def __init__(self, engine: Engine, collection: Collection, walks: Walks, totals: Totals) -> None:
        self.engine, self.collection, self.walks, self.totals = engine, collection, walks, totals
        self.path = f"/v1/{collection.path}"

    def many(self, request: Request) -> Response:
        """Records that match every filter."""
        given = parse(request.scope["query_string"], lists.parameter_names(self.collection))
        with reading(self.engine) as connection:
            step = self.walks.step(connection, self.path, given)
            form = formats.wanted(step.parameters.get("format"), request.headers.get("accept"))
            question = lists.ask(self.collection, step.parameters, step.when, step.after)
            fields = lists.chosen_fields(self.collection, step.parameters.get("fields"))
            found = selected(connection, question)
            rows = page(connection, question, found)
            total = self.totals.get(connection, question, found) if form == "json" else None
        following = None
        if len(rows) > question.limit:
            following = self.walks.following(step, list(rows[question.limit - 1][2:]))
        if form != "json":
            return self._streamed(request, question, rows, fields, form, following)
        items = [_trimmed(shown(self.collection, row[0], row[1], step.when), fields) for row in rows[: question.limit]]
        links = {"self": self.path + query_of(given), "next": following}
        content = envelope(joined(items), {"total": total, **step.when.meta}, links)
        return respond(request, content, step.when, {"next": following}, vary=True)

    def _streamed(
        self,
        request: Request,
        question: lists.Question,
        rows: list[Any],
        fields: list[str] | None,
        form: str,
        following: str | None,
    ) -> Response:
        """The whole list as CSV or NDJSON, or with `limit` one page of it."""
        when = question.when
        answers = (shown(self.collection, body, periods, when) for body, periods in self._rows(question, rows))
        if form == "csv":
            plan = formats.chosen(self.collection.plan, fields)
            content = formats.as_csv(plan, map(parse_json, answers))
        else:
            content = formats.as_ndjson(_trimmed(answer, fields) for answer in answers)
        paged = following if "limit" in question.parameters else None
        return respond(request, content, when, {"next": paged}, formats.MEDIA_TYPES[form], vary=True)

    def _rows(self, question: lists.Question, rows: list[Any]) -> Iterator[tuple[str, str]]:
        """Body and periods of the rows at hand and, without `limit`, of all that follow, on the same revision."""
        yield from ((row[0], row[1]) for row in rows[: question.limit])
        while "limit" not in question.parameters and len(rows) > question.limit:
            question = question._replace(after=list(rows[question.limit - 1][2:]), limit=lists.MOST_ITEMS)
            with reading(self.engine) as connection:
                rows = page(connection, question, selected(connection, question))
            yield from ((row[0], row[1]) for row in rows[: question.limit])

    def one(self, request: Request) -> Response:
        """One record."""
        slug = request.path_params["id"]
        parameters = parse(request.scope["query_string"], (*lists.CLOCKS, "fields"))
        fields = lists.chosen_fields(self.collection, parameters.get("fields"))
        with reading(self.engine) as connection:
            when = clock(connection, parameters.get("known_at"), parameters.get("as_of"))
            found = find(connection, self.collection, slug, when)
        here = f"{self.path}/{slug}"
        links = {"self": here + query_of(parameters), "history": f"{here}/history"}
        data = as_bytes(_trimmed(shown(self.collection, found.body, found.periods, when), fields))
        return respond(request, envelope(data, when.meta, links), when, {"version-history": links["history"]})

    def history(self, request: Request) -> Response:
        """Every version of a record, newest first, as it was served when it was recorded."""
        slug = request.path_params["id"]
        here = f"{self.path}/{slug}/history"
        given = parse(request.scope["query_string"], (*lists.CLOCKS, *PAGED))
        with reading(self.engine) as connection:
            step = self.walks.step(connection, here, given)
            limit = lists.limit_of(step.parameters)
            record = find(connection, self.collection, slug, step.when)
            total, rows = _versions(connection, record, step, limit)
        items = [_past(self.collection, row, step.when) for row in rows[:limit]]
        following = self.walks.following(step, [rows[limit - 1].number]) if len(rows) > limit else None
        links = {"self": here + query_of(given), "next": following, "record": f"{self.path}/{slug}"}
        content = envelope(orjson.dumps(items), {"total": total, **step.when.meta}, links)
        return respond(request, content, step.when, {"next": following})

    def diff(self, request: Request) -> Response:
        """What changed in a record between two revisions, as a JSON Patch (RFC 6902)."""
        slug = request.path_params["id"]
        parameters = parse(request.scope["query_string"], (*lists.CLOCKS, "from", "to"))
        if "from" not in parameters:
            raise invalid("from", "is missing; give the earlier revision")
        with reading(self.engine) as connection:
            when = clock(connection, parameters.get("known_at"), parameters.get("as_of"))
            ends = [self._end(connection, parameters, name, when) for name in ("from", "to")]
            before, after = (self._at(connection, slug, end) for end in ends)
        patch = jsonpatch.make_patch(before, after).patch
        here = f"{self.path}/{slug}"
        links = {"self": f"{here}/diff{query_of(parameters)}", "record": here, "history": f"{here}/history"}
        meta = {"from": ends[0].meta["known_at"], "to": ends[1].meta["known_at"], **when.meta}
        return respond(request, envelope(orjson.dumps(patch), meta, links), when, {"version-history": links["history"]})

    def _end(self, connection: Connection, parameters: Parameters, name: str, when: Clock) -> Clock:
        if name not in parameters:
            return when
        number = parameters[name]
        if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= when.revision):
            raise invalid(name, f"is not a revision from 1 to {when.revision}", "unknown-revision")
        return clock(connection, number, parameters.get("as_of"))

    def _at(self, connection: Connection, slug: str, when: Clock) -> Document:
        found = find(connection, self.collection, slug, when)
        return parse_json(shown(self.collection, found.body, found.periods, when))


def _trimmed(answer: str, fields: list[str] | None) -> Any:
    if fields is None:
        return answer
    whole = parse_json(answer)
    return {name: whole[name] for name in ("presence", *fields) if name in whole}


def _versions(connection: Connection, record: Found, step: Step, limit: int) -> tuple[int, list[Any]]:
    known = (Version.record_pk == record.pk, Version.recorded_from <= step.when.revision)
    total = connection.execute(select(func.count()).select_from(Version).where(*known)).scalar_one()
    asked = (
        select(Revision.number, Revision.recorded, Revision.actor, Revision.reason, Answer.body, Answer.periods)
        .select_from(Version)
        .join(Revision, Revision.number == Version.recorded_from)
        .join(Answer, and_(Answer.record_pk == Version.record_pk, recorded_at(Answer, Version.recorded_from)))
        .where(*known)
        .order_by(Version.recorded_from.desc())
    )
    if step.after is not None:
        asked = asked.where(Version.recorded_from < step.after[0])
    return total, list(connection.execute(asked.limit(limit + 1)))


def _past(collection: Collection, row: Any, when: Clock) -> Document:
    data = parse_json(shown(collection, row.body, row.periods, when))
    return {
        "revision": row.number,
        "recorded": row.recorded,
        "actor": row.actor,
        "reason": row.reason,
        "data": data,
    }


def build(engine: Engine, catalogue: Catalogue, walks: Walks) -> APIRouter:
    """The router with the endpoints of every collection."""
    router, totals = APIRouter(prefix="/v1"), Totals()
    for collection in catalogue:
        verbs = Verbs(engine, collection, walks, totals)
        for suffix, endpoint in (
            ("", verbs.many),
            ("/{id}", verbs.one),
            ("/{id}/history", verbs.history),
            ("/{id}/diff", verbs.diff),
        ):
            operation = documentation.operation(collection, endpoint.__name__)
            router.add_api_route(
                f"/{collection.path}{suffix}",
                endpoint,
                methods=["GET"],
                response_class=Response,
                **operation,
            )
    return router

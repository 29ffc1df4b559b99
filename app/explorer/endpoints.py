"""The pages: the same addresses as the API's without `/v1`."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from app.api import history
from app.api.dependencies import ReadAccess, RecordId
from app.api.list_parameters import list_query
from app.api.query_models import ClockQuery, DetailQuery, HistoryQuery
from app.api.readings import read_list, read_record
from app.catalogue import CATALOGUE
from app.explorer import assets, fields, home, leads, lists
from app.explorer.records import RecordPage, pointing
from app.explorer.rendering import Pages
from app.explorer.requests import asked, lapsing, page
from app.reads.snapshots import RecordSnapshot
from app.registry.collection import Collection
from app.registry.problems import NotFound
from app.registry.serving.statements import find, today

PATHS = {collection.type: collection.path for collection in CATALOGUE}
VERSIONS_SHOWN = 5
ADDRESSES = ("/how-to-read", "/docs", "/problems", *(f"/{path}" for path in PATHS.values()))
"""What a reader of pages may have meant by an address that there is not."""


def install(app: FastAPI, pages: Pages) -> None:
    """Add the pages to the application, and let problems be told on one."""
    app.state.pages, app.state.page_paths = pages, ADDRESSES
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", _home(pages))
    router.add_api_route("/how-to-read", _guide(pages))
    router.add_api_route("/static/{digest}/{name}", _asset)
    for collection in CATALOGUE:
        router.add_api_route(f"/{collection.path}", _list(pages, collection))
        router.add_api_route(f"/{collection.path}/{{id}}", _record(pages, collection))
        router.add_api_route(f"/{collection.path}/{{id}}/history", _history(pages, collection))
    app.include_router(router)


def _asset(digest: str, name: str) -> Response:
    if digest != assets.DIGEST or name not in assets.STATIC:
        raise NotFound("there is no such file here")
    return Response(assets.CONTENTS[name], media_type=assets.STATIC[name], headers=assets.KEPT)


def _home(pages: Pages) -> Callable[..., Response]:
    @page
    def front(request: Request, reader: ReadAccess) -> Response:
        query = asked(request, ClockQuery)
        with reader.connection() as connection:
            when = query.query.clock(connection)
            context = home.shown(connection, when, today(), PATHS)
        return pages.answered(request, "home.html", query.links(request), when, **context)

    return front


def _guide(pages: Pages) -> Callable[..., Response]:
    @page
    def guide(request: Request, reader: ReadAccess) -> Response:
        query = asked(request, ClockQuery)
        with reader.connection() as connection:
            when = query.query.clock(connection)
        return pages.answered(request, "guide.html", query.links(request), when)

    return guide


def _list(pages: Pages, collection: Collection) -> Callable[..., Response]:
    @page
    def many(request: Request, reader: ReadAccess) -> Response:
        query = asked(request, list_query(collection))
        by = lists.FACETS.get(collection.path, ())
        with reader.connection() as connection:
            step = query.step(connection, reader, request)
            if by and "facets" not in step.query.given:
                step = step._replace(query=step.query.of({**step.query.given, "facets": ",".join(by)}))
            reading = read_list(connection, reader, collection, step, catalogue=CATALOGUE)
        links = query.links(request, step)
        reading = reading._replace(question=reading.question._replace(when=lapsing(reading.when)))
        rows, scale = lists.lines(collection, reading, today())
        return pages.answered(
            request,
            "list.html",
            links,
            reading.when,
            collection=collection,
            title=fields.COLLECTIONS[collection.path],
            rows=rows,
            scale=scale,
            total=reading.total,
            following=reading.following,
            facets=reading.counted.get("facets", {}),
            filters=lists.asked_filters(collection, links.given),
            chosen=list(lists.chosen(links.given)),
            sorts=lists.SORTS,
        )

    return many


def _record(pages: Pages, collection: Collection) -> Callable[..., Response]:
    @page
    def one(request: Request, slug: RecordId, reader: ReadAccess) -> Response:
        query = asked(request, DetailQuery)
        with reader.connection() as connection:
            found, when = read_record(connection, collection, slug, query.query)
            when = lapsing(when)
            entry: RecordSnapshot[Any] = RecordSnapshot.read(collection, found)
            groups = pointing(connection, entry, when)
            walk = reader.walks.step(connection, "", HistoryQuery.of({"limit": str(VERSIONS_SHOWN)}))
            total, rows = history.versions(connection, found, walk._replace(when=when))
        made = RecordPage(entry, when, today())
        context = {
            "collection": collection,
            "record": made.record,
            "lead": leads.lead(made.record),
            "presence": made.presence,
            "bar": made.bar,
            "scale": made.scale,
            "facts": made.facts(),
            "sections": made.sections(),
            "sources": made.sources.sources,
            "groups": groups,
            "versions": history.described(collection, rows, when, ["id"], VERSIONS_SHOWN),
            "versions_total": total,
        }
        return pages.answered(request, "record.html", query.links(request), when, **context)

    return one


def _history(pages: Pages, collection: Collection) -> Callable[..., Response]:
    @page
    def versions(request: Request, slug: RecordId, reader: ReadAccess) -> Response:
        query = asked(request, HistoryQuery)
        with reader.connection() as connection:
            step = query.step(connection, reader, request)
            found = find(connection, collection, slug, step.when)
            total, rows = history.versions(connection, found, step)
        limit = step.query.limit
        shown = history.described(collection, rows, step.when, None, limit)
        following = reader.walks.following(step, [rows[limit - 1].number]) if len(rows) > limit else None
        return pages.answered(
            request,
            "history.html",
            query.links(request, step),
            step.when,
            collection=collection,
            slug=slug,
            name=shown[0]["data"]["name"] if shown else slug,
            versions=shown,
            total=total,
            following=following,
        )

    return versions

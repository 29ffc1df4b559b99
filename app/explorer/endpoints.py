"""The pages: the same addresses as the API's without `/v1`."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from app.api import history
from app.api.dependencies import ReadAccess, RecordId
from app.api.list_parameters import list_query
from app.api.page_links import NO_PAGE
from app.api.prefix import address
from app.api.query_models import ClockQuery, DetailQuery, HistoryQuery
from app.api.readings import read_list, read_record, read_view
from app.api.view import View
from app.catalogue import CATALOGUE
from app.explorer import answers, assets, fields, home, leads, lists, report, versions
from app.explorer.collection_paths import of_records
from app.explorer.pointing import partners, pointing
from app.explorer.recent_changes import recent
from app.explorer.records import RecordPage
from app.explorer.rendering import Pages
from app.explorer.requests import asked, lapsing, page
from app.explorer.shown_answers import ShownAnswer
from app.explorer.sitemap import sitemap
from app.log.publication import PublishedLog
from app.reads.snapshots import RecordSnapshot
from app.registry.collection import Collection
from app.registry.documents.values import SLUG
from app.registry.problems import NotFound
from app.registry.serving.statements import today
from app.views import VIEWS

PATHS = {collection.type: collection.path for collection in CATALOGUE}
VERSIONS_SHOWN = 5
ADDRESSES = ("/how-to-read", "/docs", "/problems", *(f"/{path}" for path in PATHS.values()))
"""What a reader of pages may have meant by an address that there is not."""


def install(app: FastAPI, pages: Pages, log: PublishedLog) -> None:
    """Add the pages to the application, and let problems be told on one."""
    app.state.pages, app.state.page_paths = pages, ADDRESSES
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", _home(pages))
    router.add_api_route("/how-to-read", _guide(pages))
    router.add_api_route("/static/{digest}/{name}", _asset)
    router.add_api_route("/{collection:collection}", _lists(pages))
    router.add_api_route("/{collection:collection}/{id}", of_records(partial(_record, pages)))
    router.add_api_route("/{collection:collection}/{id}/history", of_records(partial(versions.history, pages)))
    router.add_api_route("/{collection:collection}/{id}/diff", of_records(partial(versions.difference, pages)))
    router.add_api_route("/{collection:collection}/{id}/proof", of_records(partial(versions.proof, pages, log)))
    router.add_api_route("/report", _report)
    router.add_api_route("/changes", recent(pages))
    router.add_api_route("/sitemap.xml", sitemap(pages.settings.public_url))
    for view in VIEWS:
        if view.path and f"/v1{view.path}" not in NO_PAGE:
            router.add_api_route(view.path, _view(pages, view))
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


def _report(request: Request) -> Response:
    """From the form on the front page to the list of a force."""
    given = {name: value for name, value in request.query_params.items() if value}
    slug = given.pop("force", "")
    if not SLUG.fullmatch(slug):
        raise NotFound("choose a force to make the list for")
    query = "?" + urlencode(given, safe=",:") if given else ""
    return RedirectResponse(address(request, f"/forces/{slug}/collaborations{query}"), 303)


def _view(pages: Pages, view: View) -> Callable[..., Response]:
    template, shown = answers.SHOWN_AS.get(view.operation_id, ("view.html", answers.table))
    own = answers.OWN.get(view.operation_id, ())

    @page
    def show(request: Request, reader: ReadAccess) -> Response:
        given = dict(parse_qsl(request.scope["query_string"].decode("latin-1")))
        if more := answers.defaults(view, given):
            query_string = urlencode({**given, **more}, safe=",:")
            return RedirectResponse(f"{address(request, request.scope['path'])}?{query_string}", 303)
        query = asked(request, view.query, own=own)
        reader = reader if view.of_revision else reader.primary
        with reader.connection() as connection:
            step = query.step(connection, reader, request)
            if template == "report.html" and "limit" not in step.query.given:
                step = step._replace(query=step.query.of({**step.query.given, "limit": str(report.MOST_OF_PART)}))
            reading = read_view(connection, reader, view, step, slugs=request.path_params)
            links = query.links(request, step)
            said = ShownAnswer(view, connection, reader, reading, links.given, request.path_params)
            context = shown(said)
        return pages.answered(
            request, template, links, reading.when, view=view, meta=reading.meta, following=reading.following, **context
        )

    return show


def _lists(pages: Pages) -> Callable[..., Response]:
    made = {collection.path: _list(pages, collection) for collection in CATALOGUE}

    def shown(request: Request, collection: str, reader: ReadAccess) -> Response:
        return made[collection](request=request, reader=reader)

    return shown


def _list(pages: Pages, collection: Collection) -> Callable[..., Response]:
    @page
    def many(request: Request, reader: ReadAccess) -> Response:
        query = asked(request, list_query(collection))
        by = lists.FACETS.get(collection.path, ())
        with reader.connection() as connection:
            step = query.step(connection, reader, request)
            # what stands in its head is counted, whatever the page's JSON leaves out
            step = step._replace(query=step.query.of({**step.query.given, "total": "true"}))
            reading = read_list(connection, reader, collection, step, catalogue=CATALOGUE)
            counted = reading.counted.get("facets", {})
            if by and not counted and (reading.total or 0) <= lists.MOST_FACETED:
                counted = reader.counts.facets(connection, CATALOGUE, reading.question, ",".join(by))
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
            facets=counted,
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
            now = date.fromisoformat(today()).toordinal()
            groups = pointing(connection, entry, when, now)
            walk = reader.walks.step(connection, "", HistoryQuery.of({"limit": str(VERSIONS_SHOWN)}))
            total, rows = history.versions(connection, found, walk._replace(when=when))
            gone = history.redacted(connection, found, when)
        made = RecordPage(entry, when, today())
        context = {
            "collection": collection,
            "record": made.record,
            "lead": leads.lead(made.record),
            "presence": made.presence,
            "successors": entry.answer.get("successors") or [],
            "bar": made.bar,
            "scale": made.scale,
            "facts": made.facts(),
            "sections": made.sections(),
            "sources": made.sources.sources,
            "groups": groups,
            "partners": partners(entry, groups, when, now),
            "versions": history.described(collection, rows, when, fields=["id"], limit=VERSIONS_SHOWN, gone=gone),
            "versions_total": total,
        }
        return pages.answered(request, "record.html", query.links(request), when, **context)

    return one

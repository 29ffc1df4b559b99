"""The endpoint of every view."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app.api import documentation, formats
from app.api.attachments import attached, origin_of, written
from app.api.dependencies import ReadAccess, Reads, RecordId
from app.api.page_links import NO_PAGE, page_of
from app.api.parameters import query_of
from app.api.readings import read_view
from app.api.responses import JSON, envelope, respond
from app.api.view import View
from app.api.workbooks import Origin


def endpoint(view: View) -> Callable[..., Response]:
    """The function that answers requests for a view."""

    def ask(request: Request, reader: ReadAccess) -> Response:
        return _answer(view, request, reader)

    def ask_of(request: Request, _slug: RecordId, reader: ReadAccess) -> Response:
        return _answer(view, request, reader)

    return ask_of if view.of_record else ask


def _answer(view: View, request: Request, reader: Reads) -> Response:
    query = view.query.read(request)
    path = request.scope["path"]
    reader = reader if view.of_revision else reader.primary
    with reader.connection() as connection:
        step = reader.walks.step(connection, path, query)
        asked, accept = step.query.given.get("format"), request.headers.get("accept")
        form = formats.wanted(asked, accept, {"json": JSON, **view.forms})
        slugs = request.path_params
        reading = read_view(connection, reader, view, step, slugs=slugs, form=form, encoded=form == "json")
    found, meta, when, following = reading.found, reading.meta, reading.when, reading.following
    links: dict[str, str | None] = {"self": path + query_of(query.given)}
    if reading.paged:
        links["next"] = following
    if path not in NO_PAGE:
        links["page"] = page_of(path, query.given)
    if form in view.renderings:
        content = view.renderings[form].write(found.data, meta)
        return respond(request, content, when, {"next": following}, view.forms[form], vary=True)
    if form != "json":
        origin = origin_of(request, reader.public_url, when)
        return attached(request, form, _written(view, form, found.data, origin), when, following)
    content = envelope(orjson.dumps(found.data), meta, links)
    return respond(request, content, when, {"next": following}, vary=True)


def _written(view: View, form: str, data: Any, origin: Origin) -> Iterator[bytes]:
    """The data as a file; lines are what JSON has in `data`, rows may be entries of lists in that."""
    plan, rows = view.table(data)
    if form == "ndjson":
        rows = data if view.many else [data]
    return written(form, plan, rows, view.title, origin)


def build(views: Iterable[View]) -> APIRouter:
    """The router with the endpoint of every view."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    for view in views:
        operation = documentation.view_operation(view)
        router.add_api_route(view.path, endpoint(view), methods=["GET"], **operation)
    return router

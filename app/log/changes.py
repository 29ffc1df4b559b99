"""What changed since a revision: `/v1/changes`, page by page, for programs and for feed readers."""

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from app.api import formats
from app.api.attachments import attached, origin_of, written
from app.api.dependencies import ReadAccess
from app.api.page_links import page_of
from app.api.parameters import invalid, query_of
from app.api.public_address import public_address
from app.api.responses import envelope, respond
from app.log import change_formats
from app.log.change_documentation import CHANGES
from app.log.change_entries import ChangePage, following, latest
from app.log.change_filters import ChangeFilter
from app.log.change_queries import FORMS, ChangesQuery
from app.log.cursors import START, LogCursor, refuse_other_history
from app.log.schemas import ChangeEntry
from app.registry.documents.compilation import plan_of
from app.registry.serving.statements import Clock

PATH = "/v1/changes"


def list_changes(request: Request, reader: ReadAccess) -> Response:
    """What changed, oldest first, behind `after`."""
    query = ChangesQuery.read(request)
    form = formats.wanted(query.format, request.headers.get("accept"), FORMS)
    after = LogCursor.parse(query.after) if query.after else START
    newest_first = form in change_formats.MEDIA_TYPES and not query.after
    with reader.connection() as connection:
        when = query.clock(connection)
        wanted = ChangeFilter.of(connection, query.given)
        if newest_first:
            page = latest(connection, wanted, when.revision, query.limit)
        else:
            page = page_behind(connection, wanted, after, when, query.limit)
    here = PATH + query_of(query.given)
    onward = PATH + query_of({**query.given, "after": str(page.bookmark)}) if page.more else None
    if form in change_formats.MEDIA_TYPES:
        frame = change_formats.FeedFrame(public_address(request, reader.public_url), here, onward, _updated(page, when))
        write = change_formats.as_atom if form == "atom" else change_formats.as_json_feed
        variant = frame.base  # addresses in it are whole
        content = write(page.entries, frame)
        return respond(request, content, when, {"next": onward}, FORMS[form], vary=True, variant=variant)
    if form != "json":
        origin = origin_of(request, reader.public_url, when)
        rows = written(form, plan_of(ChangeEntry), page.entries, "changes", origin)
        return attached(request, form, rows, when, onward)
    meta = {**when.meta, "bookmark": str(page.bookmark)}
    links = {"self": here, "next": onward, "page": page_of(PATH, query.given)}
    content = envelope(orjson.dumps(page.entries), meta, links)
    return respond(request, content, when, {"next": onward}, vary=True)


def page_behind(connection: Connection, wanted: ChangeFilter, after: LogCursor, when: Clock, limit: int) -> ChangePage:
    """A page behind a place. Raises Refused for one of another history, and Unsupported for one after `known_at`."""
    refuse_other_history(connection, after)
    if after.revision > when.revision:
        raise invalid("after", f"lies after revision {when.revision}, which `known_at` asks for")
    return following(connection, wanted, after, when.revision, limit)


def _updated(page: ChangePage, when: Clock) -> str:
    """When the feed was last changed: at its newest entry."""
    times = [entry["recorded"] for entry in page.entries]
    return max(times) if times else when.recorded or "1980-01-01T00:00:00Z"


def build() -> APIRouter:
    """The router of what changed."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    router.add_api_route("/changes", list_changes, methods=["GET"], **CHANGES)
    return router

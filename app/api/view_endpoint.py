"""The endpoint of every view."""

from collections.abc import Callable, Iterable

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine

from app.api import documentation, lists
from app.api.negotiation import preferred
from app.api.pagination import Walks
from app.api.parameters import Parameters, choose, parse, query_of
from app.api.responses import JSON, envelope, respond
from app.api.view import Rendering, View, answered
from app.database import reading
from app.registry.documents.canonical import Document


def endpoint(view: View, engine: Engine, walks: Walks) -> Callable[[Request], Response]:
    """The function that answers requests for a view."""

    def ask(request: Request) -> Response:
        path = request.scope["path"]
        given = parse(request.scope["query_string"], (*view.shared, *view.parameters))
        with reading(engine) as connection:
            step = walks.step(connection, path, given)
            limit = lists.limit_of(step.parameters, view.page)
            rendering = _rendering(view, request, step.parameters)
            # the other forms hold everything, unless a limit is given
            paged = view.paged and (rendering is None or "limit" in step.parameters)
            start = step.after[0] if step.after else 0
            page = slice(start, start + limit) if paged else slice(None)
            found = answered(view, connection, {**step.parameters, **request.path_params}, step.when, page)
        meta: Document = {**step.when.meta, **found.meta}
        links: dict[str, str | None] = {"self": path + query_of(given)}
        if paged:
            meta["total"] = found.total
            links["next"] = walks.following(step, [start + limit]) if found.total > start + limit else None
        following = {"next": links.get("next")}
        if rendering:
            content = rendering.write(found.data, meta)
            return respond(request, content, step.when, following, rendering.media_type, vary=True)
        return respond(request, envelope(orjson.dumps(found.data), meta, links), step.when, following, vary=True)

    return ask


def _rendering(view: View, request: Request, parameters: Parameters) -> Rendering | None:
    """The other form that the client asks for, None for JSON. `format` is stronger than `Accept`."""
    if "format" in parameters:
        return view.forms.get(choose("format", parameters["format"], ("json", *view.forms)))
    kinds = {rendering.media_type: rendering for rendering in view.forms.values()}
    return kinds.get(preferred(request.headers.get("accept"), (JSON, *kinds)))


def build(engine: Engine, views: Iterable[View], walks: Walks) -> APIRouter:
    """The router with the endpoint of every view."""
    router = APIRouter(prefix="/v1")
    for view in views:
        router.add_api_route(
            view.path,
            endpoint(view, engine, walks),
            methods=["GET"],
            response_class=Response,
            **documentation.view_operation(view),
        )
    return router

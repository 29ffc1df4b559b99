"""The endpoint of every view."""

from collections.abc import Callable, Iterable

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine

from app.api import documentation, lists
from app.api.parameters import parse, query_of
from app.api.responses import envelope, respond
from app.api.view import View, answered
from app.api.walks import Walks
from app.database import reading
from app.registry.documents import Document


def endpoint(view: View, engine: Engine, walks: Walks) -> Callable[[Request], Response]:
    """The function that answers requests for a view."""

    def ask(request: Request) -> Response:
        path = request.scope["path"]
        given = parse(request.scope["query_string"], (*view.shared, *view.parameters))
        with reading(engine) as connection:
            step = walks.step(connection, path, given)
            limit = lists.limit_of(step.parameters)
            data = answered(view, connection, {**step.parameters, **request.path_params}, step.when)
        meta: Document = dict(step.when.meta)
        links: dict[str, str | None] = {"self": path + query_of(given)}
        if view.paged:
            start = step.after[0] if step.after else 0
            meta["total"] = len(data)
            links["next"] = walks.following(step, [start + limit]) if len(data) > start + limit else None
            data = data[start : start + limit]
        content = envelope(orjson.dumps(data), meta, links)
        return respond(request, content, {"next": links.get("next")})

    return ask


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

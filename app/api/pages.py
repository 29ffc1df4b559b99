"""Pages and checks around the API: what lies at the door, the problem types, health and readiness."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from html import escape

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from app.api import documentation_page, front_page, html
from app.api.dependencies import ReadAccess
from app.api.prefix import address, prefix_of
from app.api.problem_types import TYPES
from app.api.problems import problem
from app.api.public_address import public_address
from app.database import schema_head, schema_revision
from app.registry.problems import NotFound
from app.registry.projections import stale
from app.registry.records import Revision
from app.registry.suggestions import did_you_mean
from app.settings import Settings
from app.sqlite_connections import replaced

RFC_9727 = "https://www.rfc-editor.org/info/rfc9727"
EMPTY = "the register is empty: load a dataset"
AWAY = "the primary does not answer: a replica is read, and nothing can be written"


FaultOf = Callable[[Connection], str | None]
"""Why the database is not the one that was published; None where it is. Or what is worth a note, and is no fault."""


def install(app: FastAPI, settings: Settings, fault_of: FaultOf, note_of: FaultOf) -> None:
    """Add the pages to the application; none of them is part of the API's contract."""
    app.include_router(front_page.build(settings))
    app.include_router(documentation_page.build(settings.public_url))
    router = APIRouter(include_in_schema=False)

    @router.get("/problems")
    def problem_types(request: Request) -> HTMLResponse:
        here = escape(address(request, "/problems"))
        listed = "".join(
            f'<li><a href="{here}/{slug}">{escape(kind.title)}</a> ({kind.status})</li>' for slug, kind in TYPES.items()
        )
        return html.response("Problems", f"<h1>Problems</h1><ul>{listed}</ul>", prefix_of(request))

    @router.get("/problems/{slug}")
    def problem_type(request: Request, slug: str) -> HTMLResponse:
        if slug not in TYPES:
            raise NotFound(f"there is no problem type '{slug[:100]}'{did_you_mean(slug, TYPES)}")
        kind = TYPES[slug]
        body = f"<h1>{escape(kind.title)}</h1><p>HTTP status {kind.status}.</p><p>{escape(kind.remedy)}</p>"
        return html.response(kind.title, body, prefix_of(request))

    @router.get("/.well-known/api-catalog")
    def catalogue(request: Request) -> Response:
        return Response(
            orjson.dumps(_api_catalogue(public_address(request, settings.public_url))),
            media_type=f'application/linkset+json; profile="{RFC_9727}"',
        )

    router.add_api_route("/healthz", _health)

    @router.get("/readyz")
    def ready(request: Request, reader: ReadAccess) -> Response:
        away = reader.place is not None and reader.place.away
        connection = reader.connection if away else reader.primary.connection
        checks, why = readiness(connection, fault_of, note_of)
        return _ready(request, checks, why or (AWAY if away else None))

    app.include_router(router)


async def _health() -> JSONResponse:
    return JSONResponse({"status": "ok"})


def _ready(request: Request, checks: dict[str, bool], why: str | None) -> Response:
    lacking = ", ".join(name for name, good in checks.items() if not good and name != "data")
    if lacking:
        detail = f"not ready: {lacking}" + (f": {why}" if why else "")
        return problem(request, "unavailable", detail, headers={"Retry-After": "5"}, checks=checks)
    # an empty register answers as any other: to hold it back would keep out whoever is to fill it
    note = why if checks["data"] else EMPTY
    return JSONResponse({"status": "ready", "checks": checks, **({"note": note} if note else {})})


def _api_catalogue(base: str) -> dict[str, list[dict[str, object]]]:
    """The catalogue of the one API there is, as a link set (RFC 9727, RFC 9264)."""
    described = {"href": f"{base}/openapi.json", "type": "application/vnd.oai.openapi+json;version=3.1"}
    return {
        "linkset": [
            {"anchor": f"{base}/.well-known/api-catalog", "item": [{"href": f"{base}/v1"}]},
            {
                "anchor": f"{base}/v1",
                "service-desc": [described],
                "service-doc": [{"href": f"{base}/docs", "type": "text/html"}],
                "status": [{"href": f"{base}/readyz", "type": "application/json"}],
            },
        ]
    }


def readiness(
    connect: Callable[[], AbstractContextManager[Connection]], fault_of: FaultOf, note_of: FaultOf | None = None
) -> tuple[dict[str, bool], str | None]:
    """Whether the database answers, has this version's schema, data and all that is derived, and is the published one.

    With it, why it is not the one whose log was published; where it is, what is worth a note.
    """
    found, why = {"database": False, "schema": False, "data": False, "derived": False, "log": False}, None
    try:
        with connect() as connection:
            why = replaced(connection)
            found["database"] = why is None
            found["schema"] = schema_revision(connection) == schema_head()
            if found["schema"] and found["database"]:
                found["data"] = connection.execute(select(func.max(Revision.number))).scalar() is not None
                found["derived"] = not stale(connection)
                why = fault_of(connection)
                found["log"] = why is None
                why = why or (note_of(connection) if note_of else None)
    except SQLAlchemyError:
        pass
    return found, why

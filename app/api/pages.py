"""Pages and checks around the API: the documentation, the problem types, health and readiness."""

from html import escape
from importlib.resources import files

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from app.api.problems import TYPES, problem
from app.database import reading, schema_head, schema_revision
from app.registry.problems import NotFound
from app.registry.projections import stale
from app.registry.records import Revision

ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css", "favicon-32x32.png": "image/png"}

RFC_9727 = "https://www.rfc-editor.org/info/rfc9727"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body>{body}</body></html>"""

_SWAGGER = """<div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script>
SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, tryItOutEnabled: true,
docExpansion: "none", defaultModelsExpandDepth: -1, validatorUrl: null})</script>"""


def install(app: FastAPI, engine: Engine) -> None:
    """Add the pages to the application; none of them is part of the API's contract."""
    router = APIRouter(include_in_schema=False)

    router.add_api_route("/docs", _docs)

    @router.get("/docs/{name}")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            raise NotFound(f"there is no file '{name}' here")
        content = files("fastapi_swagger").joinpath("resources", name).read_bytes()
        return Response(content, media_type=ASSETS[name], headers={"Cache-Control": "public, max-age=86400"})

    @router.get("/problems/{slug}")
    def problem_type(slug: str) -> HTMLResponse:
        if slug not in TYPES:
            raise NotFound(f"there is no problem type '{slug}'")
        kind = TYPES[slug]
        body = f"<h1>{escape(kind.title)}</h1><p>HTTP status {kind.status}.</p><p>{escape(kind.remedy)}</p>"
        return HTMLResponse(_PAGE.format(title=escape(kind.title), head="", body=body))

    @router.get("/.well-known/api-catalog")
    def catalogue(request: Request) -> Response:
        return Response(
            orjson.dumps(_api_catalogue(str(request.base_url).rstrip("/"))),
            media_type=f'application/linkset+json; profile="{RFC_9727}"',
        )

    router.add_api_route("/healthz", _health)

    @router.get("/readyz")
    def ready(request: Request) -> Response:
        found = _readiness(engine)
        if all(found.values()):
            return JSONResponse({"status": "ready", "checks": found})
        lacking = ", ".join(name for name, good in found.items() if not good)
        return problem(request, "unavailable", f"not ready: {lacking}", headers={"Retry-After": "5"}, checks=found)

    app.include_router(router)


def _docs() -> HTMLResponse:
    head = '<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" href="/docs/favicon-32x32.png">'
    return HTMLResponse(_PAGE.format(title="Registry of police collaboration", head=head, body=_SWAGGER))


async def _health() -> JSONResponse:
    return JSONResponse({"status": "ok"})


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


def _readiness(engine: Engine) -> dict[str, bool]:
    """Whether the database answers, has this version's schema, holds data, and has all that is derived up to date."""
    found = {"database": False, "schema": False, "data": False, "derived": False}
    try:
        with reading(engine) as connection:
            found["database"] = True
            found["schema"] = schema_revision(connection) == schema_head()
            if found["schema"]:
                found["data"] = connection.execute(select(func.max(Revision.number))).scalar() is not None
                found["derived"] = not stale(connection)
    except SQLAlchemyError:
        pass
    return found

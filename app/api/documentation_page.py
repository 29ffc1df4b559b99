"""The documentation, for people: Swagger UI with its files from here, so that it works without the internet."""

from html import escape
from importlib.resources import files
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app import NAME
from app.api.prefix import prefix_of
from app.registry.problems import NotFound

_SWAGGER, _OWN = files("fastapi_swagger").joinpath("resources"), files("app.api").joinpath("static")
ASSETS = {
    "swagger-ui-bundle.js": (_SWAGGER, "text/javascript"),
    "swagger-ui.css": (_SWAGGER, "text/css"),
    "docs.js": (_OWN, "text/javascript"),
    "docs.css": (_OWN, "text/css"),
}
"""The files of the page: where each is, and its media type."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="{prefix}/favicon.ico">
<link rel="stylesheet" href="{prefix}/docs/swagger-ui.css"><link rel="stylesheet" href="{prefix}/docs/docs.css"></head>
<body><div id="swagger-ui" data-description="{prefix}/openapi.json"></div>
<script src="{prefix}/docs/swagger-ui-bundle.js"></script><script src="{prefix}/docs/docs.js"></script></body></html>"""


def policy(public_url: str | None) -> str:
    """The Content-Security-Policy of the page: files from here alone; requests to here and to the public address.

    Swagger UI writes `style` attributes, which no hash can name.
    """
    parts = urlsplit(public_url or "")
    asked = f" {parts.scheme}://{parts.netloc}" if public_url else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        f"img-src 'self' data:; connect-src 'self'{asked}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def build(public_url: str | None) -> APIRouter:
    """The router of the page and its files."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def docs(request: Request) -> HTMLResponse:
        content = _PAGE.format(name=NAME, prefix=escape(prefix_of(request)))
        return HTMLResponse(content, headers={"Content-Security-Policy": policy(public_url)})

    @router.get("/docs/{name}")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            raise NotFound(f"there is no file '{name}' here")
        folder, media_type = ASSETS[name]
        content = folder.joinpath(name).read_bytes()
        return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})

    return router

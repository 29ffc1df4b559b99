"""The site map: every page of today for those who search the web (sitemaps.org), where the register has an address."""

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from fastapi import Request, Response
from sqlalchemy import Connection

from app.api.dependencies import ReadAccess
from app.api.responses import respond
from app.catalogue import CATALOGUE
from app.explorer.rendering import NAVIGATION
from app.reads.snapshots import slugs_of
from app.registry.problems import NotFound
from app.registry.serving.statements import Clock, clock

MOST = 50_000
"""Addresses that a site map may have."""


def sitemap(public_url: str | None) -> Callable[..., Response]:
    """The endpoint of the site map."""

    def pages(request: Request, reader: ReadAccess) -> Response:
        if public_url is None:
            raise NotFound("there is no site map: REGISTRY_PUBLIC_URL is not set")
        with reader.connection() as connection:
            when = clock(connection)
            found = list(_paths(connection, when))[:MOST]
        lines = "".join(f"<url><loc>{escape(public_url + path)}</loc></url>\n" for path in found)
        content = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">\n{lines}</urlset>\n'
        return respond(request, content.encode(), when, {}, "application/xml")

    return pages


NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _paths(connection: Connection, when: Clock) -> Iterator[str]:
    yield "/"
    yield from (path for path, _ in NAVIGATION)
    for collection in CATALOGUE:
        yield f"/{collection.path}"
        yield from (f"/{collection.path}/{slug}" for slug in slugs_of(connection, when, collection.type, MOST))

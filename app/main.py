"""The service: the one module that knows all the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from sqlalchemy import Engine, select

from app import __version__, database
from app.api import components, dependencies, documentation, pages, problems, router, view_endpoint
from app.api.asgi import RequestGuard
from app.api.deadline import RequestDeadline
from app.api.failures import UnforeseenFailures
from app.api.pagination import Walks
from app.catalogue import CATALOGUE
from app.exports import endpoints as exports
from app.reconciliation import endpoints as reconciling
from app.registry.records import Installation
from app.search.query.near_misses import find_near
from app.settings import Settings, get_settings
from app.views import VIEWS

EXPOSED = ["Content-Disposition", "ETag", "Link", "Registry-Revision", "Repr-Digest"]
"""Headers that a script on another site's page may read."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application on the database that the settings name."""
    settings = settings or get_settings()
    engine = database.connect(settings.database_url, settings.pool_size, limits=settings.limits)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # a thread without a connection could only wait for one
        to_thread.current_default_thread_limiter().total_tokens = settings.pool_size
        yield
        engine.dispose()

    app = FastAPI(
        title="Registry of police collaboration",
        version=__version__,
        description=documentation.DESCRIPTION,
        contact={"name": "The registry's contributors"},
        license_info={"name": "MIT (code), CC0-1.0 (data)", "identifier": "MIT"},
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    reads = dependencies.Reads(engine, Walks(_cursor_key(engine)), find_near, public_url=settings.public_url)
    dependencies.install(app, reads)
    app.include_router(router.build(CATALOGUE))
    app.include_router(view_endpoint.build(VIEWS))
    app.include_router(exports.build(engine, settings.public_url))
    app.include_router(reconciling.build(engine, settings.public_url))
    pages.install(app, engine)
    problems.install(app)
    app.add_middleware(UnforeseenFailures)
    app.add_middleware(RequestDeadline, seconds=settings.request_timeout)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"], expose_headers=EXPOSED)
    app.add_middleware(RequestGuard)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _cursor_key(engine: Engine) -> Any:
    """This database's own key, read when it is first needed: the service starts before its database does."""

    @cache
    def key() -> bytes:
        with database.reading(engine) as connection:
            return bytes.fromhex(connection.execute(select(Installation.cursor_key)).scalar_one())

    return key


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: the operations as FastAPI has them, the components as the shapes are served."""
    if not app.openapi_schema:
        found = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            license_info=app.license_info,
            contact=app.contact,
            routes=app.routes,
            tags=[*documentation.tags(CATALOGUE), reconciling.TAG],
            servers=[{"url": "/"}],
        )
        found["components"] = components.components(CATALOGUE, VIEWS, documentation.DECLARED)
        found["components"]["schemas"] |= reconciling.SCHEMAS
        found["security"] = []  # reading is public
        documentation.complete(found, CATALOGUE, VIEWS)
        documentation.add_examples(found)
        app.openapi_schema = found
    return app.openapi_schema

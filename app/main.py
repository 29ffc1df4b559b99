"""The service: the one module that knows all the others."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from sqlalchemy import Connection, Engine, select
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan

from app import NAME, __version__, database
from app.analysis.quality.review import MOST_RECORDS, reviewed
from app.api import components, dependencies, documentation, pages, private_reading, problems, router, view_endpoint
from app.api.asgi import surrounded
from app.api.deadline import RequestDeadline
from app.api.failures import UnforeseenFailures
from app.api.pagination import Walks
from app.api.parameter_examples import add_examples_to_try
from app.api.rate_limits import RateHeaders, RateLimits
from app.api.response_cache.editions import Editions
from app.api.response_cache.kept_paths import KeptPaths
from app.api.response_cache.layer import CacheTerms, ResponseCache
from app.api.response_cache.sources import editions_of
from app.api.short_reads import ShortReads, waiting_for_nothing
from app.catalogue import CATALOGUE
from app.curation import openapi as writing
from app.curation.imports import openapi as import_documentation
from app.curation.installation import Curation
from app.curation.proposals import openapi as proposal_documentation
from app.curation.reports import openapi as report_documentation
from app.exports import endpoints as exports
from app.log import change_documentation as following
from app.log import changes, event_streams
from app.log import endpoints as log_endpoints
from app.log import openapi as log_openapi
from app.log.publication import published_log
from app.log.webhooks import endpoints as webhooks
from app.log.webhooks import openapi as notifying
from app.reconciliation import endpoints as reconciling
from app.register import REGISTER
from app.registry.documents.references import Ref
from app.registry.problems import Fault
from app.registry.records import Installation
from app.registry.serving.statements import Clock
from app.search.query.near_misses import find_near
from app.settings import Settings, get_settings
from app.views import VIEWS

WORK_TAGS = (writing.GROUP, proposal_documentation.TAG, report_documentation.TAG)
WORK_MODELS = (
    *writing.MODELS,
    *proposal_documentation.MODELS,
    *report_documentation.MODELS,
    *import_documentation.MODELS,
)
"""How facts are changed, as the OpenAPI document has it."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application on the database that the settings name."""
    settings = settings or get_settings()
    engine = database.connect(settings.database_url, settings.pool_size, limits=settings.limits)
    log = published_log(engine, settings)
    inline = _inline(settings)
    editions = editions_of(engine, *inline)
    curation = Curation(engine, REGISTER, _review, settings, log)
    app = FastAPI(
        title=NAME,
        version=__version__,
        description=documentation.DESCRIPTION,
        contact=_contact(settings),
        license_info={"name": "MIT (code), CC0-1.0 (data)", "identifier": "MIT"},
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=private_reading.of_every_route(settings),
        lifespan=_lifespan([engine, *inline], curation, editions, settings.pool_size),
    )
    reads, *short = (_reads(each, settings) for each in (engine, *inline))
    dependencies.install(app, reads)
    curation.install(app)
    _include(
        app,
        router.build(CATALOGUE),
        view_endpoint.build(VIEWS),
        exports.build(engine, settings.public_url),
        reconciling.build(engine, settings.public_url),
        changes.build(),
        event_streams.build(reads, settings.event_streams),
        webhooks.build(reads, settings),
        log_endpoints.build(log),
        *curation.routers(),
    )
    pages.install(app, engine, settings, log.fault)
    problems.install(app)
    _guard(app, settings, editions, short)
    app.openapi = lambda: _openapi(app, settings)  # type: ignore[method-assign]
    return app


def _cached(app: FastAPI, stack: ASGIApp, editions: Editions, settings: Settings) -> ASGIApp:
    """The application behind the cache of what the register alone says."""
    terms = CacheTerms(
        KeptPaths(kept_reads()),
        settings.cache_size,
        settings.prefix,
        named=settings.public_url is not None,
        limit=app.state.rate_limits.requests,
    )
    return ResponseCache(stack, editions, terms)


def kept_reads() -> Iterator[str]:
    """The paths whose answers depend on nothing but the register at a revision, the day and the request."""
    for collection in CATALOGUE:
        yield from (f"/v1/{collection.path}{verb}" for verb in ("", "/{id}", "/{id}/history", "/{id}/diff"))
    yield from (f"/v1{view.path}" for view in VIEWS if view.of_revision)
    yield changes.PATH


def _lifespan(engines: Sequence[Engine], curation: Curation, editions: Editions, threads: int) -> Lifespan[FastAPI]:
    """What is done when the service starts and when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # a thread without a connection could only wait for one
        to_thread.current_default_thread_limiter().total_tokens = threads
        curation.open()
        yield
        curation.close()
        editions.close()
        for engine in engines:
            engine.dispose()

    return lifespan


def _review(connection: Connection, when: Clock, refs: Sequence[Ref]) -> list[Fault]:
    """What quality finds in records that have just been written."""
    return [
        Fault(f"{each.ref}{each.finding.pointer}", each.finding.message, each.rule)
        for each in reviewed(connection, when, refs[:MOST_RECORDS])
    ]


def _include(app: FastAPI, *routers: APIRouter) -> None:
    """Add the routers; where people mistype a path, one of theirs may be meant."""
    for each in routers:
        app.include_router(each)
    below = (str(route.path) for each in routers for route in each.routes if isinstance(route, Route))
    app.state.paths = ["/docs", "/problems", *below]


def _reads(engine: Engine, settings: Settings) -> dependencies.Reads:
    return dependencies.Reads(engine, Walks(_cursor_key(engine)), find_near, public_url=settings.public_url)


def _inline(settings: Settings) -> list[Engine]:
    """The engine of reads on the event loop, where there are any: no caller is looked at there, and none counted."""
    apart = settings.private or settings.read_rate or not settings.database_url.startswith("sqlite")
    return [] if apart else [waiting_for_nothing(settings.database_url)]


def _guard(app: FastAPI, settings: Settings, editions: Editions, inline: list[dependencies.Reads]) -> None:
    """Put around the application what every request is limited by, the innermost first."""
    app.state.rate_limits = RateLimits(settings)
    app.add_middleware(UnforeseenFailures)
    app.add_middleware(RequestDeadline, seconds=settings.request_timeout)
    app.add_middleware(RateHeaders)
    if settings.private:
        app.add_middleware(private_reading.PrivateAnswers)
    # around all there is, the answers to defects too
    stack = app.build_middleware_stack()
    for reader in inline:
        stack = ShortReads(stack, router.short_reads(CATALOGUE), reader)
    stack = surrounded(stack, settings.prefix)
    # what one caller may read is never kept for another
    app.middleware_stack = stack if settings.private else _cached(app, stack, editions, settings)


def _contact(settings: Settings) -> dict[str, str]:
    """Who runs this register and whom to ask, as OpenAPI has it."""
    found = {"name": settings.operator or "The registry's contributors"}
    if settings.contact and settings.contact_uri:
        kind = "email" if settings.contact_uri.startswith("mailto:") else "url"
        found[kind] = settings.contact
    return found


def _cursor_key(engine: Engine) -> Any:
    """This database's own key, read when it is first needed: the service starts before its database does."""

    @cache
    def key() -> bytes:
        with database.reading(engine) as connection:
            return bytes.fromhex(connection.execute(select(Installation.cursor_key)).scalar_one())

    return key


def _openapi(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The OpenAPI document: the operations as FastAPI has them, the components as the shapes are served."""
    if not app.openapi_schema:
        found = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            license_info=app.license_info,
            contact=app.contact,
            routes=app.routes,
            tags=[*documentation.tags(CATALOGUE), *WORK_TAGS, log_openapi.GROUP, notifying.TAG, reconciling.TAG],
            servers=[{"url": settings.public_url or settings.prefix or "/"}],
        )
        declared = {*documentation.DECLARED, *writing.DECLARED, *following.DECLARED, *notifying.DECLARED}
        found["components"] = components.components(CATALOGUE, VIEWS, declared)
        schemas = (writing.schemas(WORK_MODELS), log_openapi.schemas(), following.schemas(), notifying.schemas())
        for each in (reconciling.SCHEMAS, *schemas):
            found["components"]["schemas"] |= each
        found["webhooks"] = notifying.WEBHOOKS
        found["components"]["securitySchemes"] = writing.SECURITY_SCHEMES
        found["security"] = [{"key": []}] if settings.private else []
        documentation.complete(found, CATALOGUE, VIEWS)
        add_examples_to_try(found)
        documentation.add_examples(found)
        app.openapi_schema = found
    return app.openapi_schema

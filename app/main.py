"""The service: the one module that knows all the others."""

import gc
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Route
from starlette.types import Lifespan

from app import NAME, __version__, database
from app.analysis.quality.review import MOST_RECORDS, reviewed
from app.api import components, dependencies, documentation, pages, private_reading, problems, router, view_endpoint
from app.api.pagination import Walks
from app.api.parameter_examples import add_examples_to_try
from app.api.route_table import RouteTable, parted
from app.catalogue import CATALOGUE
from app.curation import openapi as writing
from app.curation import redaction_endpoints as redacting
from app.curation.imports import openapi as import_documentation
from app.curation.installation import Curation
from app.curation.proposals import openapi as proposal_documentation
from app.curation.reports import openapi as report_documentation
from app.explorer import endpoints as explorer
from app.explorer.curation import installation as curating
from app.explorer.rendering import Pages
from app.exports import endpoints as exports
from app.layers import ReadSources, guard, read_sources, surround
from app.log import change_documentation as following
from app.log import changes, event_streams, key_set
from app.log import endpoints as log_endpoints
from app.log import openapi as log_openapi
from app.log.publication import PublishedLog, published_log
from app.log.webhooks import endpoints as webhooks
from app.log.webhooks import openapi as notifying
from app.operation import version
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
    *redacting.MODELS,
    *proposal_documentation.MODELS,
    *report_documentation.MODELS,
    *import_documentation.MODELS,
)
"""How facts are changed, as the OpenAPI document has it."""

MADE = 50_000
"""Objects that are made before cycles are looked for among them: as many as a page or two of a view."""


def application() -> FastAPI:
    """The application of a process that serves it until it ends.

    What has been made by then is for good, and what requests make is seldom in a cycle: the collector of cycles, for
    which every thread has to wait, never goes through the one again, and less often through the other.
    """
    made = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE)
    # short reads take the interpreter from views in a fifth of the time that is usual
    sys.setswitchinterval(0.001)
    return made


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application on the database that the settings name."""
    settings = settings or get_settings()
    engine = database.connect(settings.database_url, settings.pool_size, limits=settings.limits)
    log = published_log(engine, settings)
    sources = read_sources(engine, settings)
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
        telemetry=_telemetry(),
        dependencies=private_reading.of_every_route(settings),
        lifespan=_lifespan(engine, sources, curation, settings.pool_size),
    )
    walks = Walks(_cursor_key(engine, *sources.standbys))
    reads = dependencies.Reads(engine, walks, find_near, public_url=settings.public_url, replicas=sources.replicas)
    dependencies.install(app, reads)
    curation.install(app)
    _include(
        app,
        router.build(CATALOGUE),
        view_endpoint.build(VIEWS),
        exports.build(settings.public_url),
        reconciling.build(settings.public_url),
        *_log_routers(reads, settings, log),
        version.build(engine, log),
        *curation.routers(),
    )
    _show(app, settings, log, curation)
    app.router.middleware_stack = RouteTable(app.router)
    guard(app, settings)
    app.openapi = lambda: _openapi(app, settings)  # type: ignore[method-assign]
    surround(app, engine, sources, [reads.through(each) for each in sources.inline], settings)
    return app


def _telemetry() -> TelemetryConfig | None:
    """Traces where the environment says where to; else none, for to look for it takes longer than a kept answer."""
    if any(name.startswith(("OTEL_", "FASTAPI_OTEL_")) for name in os.environ):
        return None
    return {"tracing": False, "metrics": False, "logs": False}


def _log_routers(reads: dependencies.Reads, settings: Settings, log: PublishedLog) -> list[APIRouter]:
    """What changed, and the proof of it."""
    return [
        changes.build(),
        event_streams.build(reads, settings.event_streams),
        webhooks.build(reads, settings),
        log_endpoints.build(log),
        key_set.build(reads, log, settings.webhook_key),
    ]


def _show(app: FastAPI, settings: Settings, log: PublishedLog, curation: Curation) -> None:
    """Add what people see: pages, and problems, which are pages for who reads pages."""
    pages.install(app, settings, log.fault, log.outage)
    shown = Pages(settings)
    explorer.install(app, shown, log)
    curating.install(app, shown, curation, app.state.reader)
    problems.install(app)


def _lifespan(engine: Engine, sources: ReadSources, curation: Curation, threads: int) -> Lifespan[FastAPI]:
    """What is done when the service starts and when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # a thread without a connection could only wait for one
        to_thread.current_default_thread_limiter().total_tokens = threads
        curation.open()
        yield
        curation.close()
        sources.editions.close()
        for kept in sources.inline:
            kept.dispose()
        for each in (engine, *sources.standbys):
            database.close(each)

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
        for part in parted(each):
            app.include_router(part)
    below = (str(route.path) for each in routers for route in each.routes if isinstance(route, Route))
    app.state.paths = ["/docs", "/problems", *below]


def _contact(settings: Settings) -> dict[str, str]:
    """Who runs this register and whom to ask, as OpenAPI has it."""
    found = {"name": settings.operator or "The registry's contributors"}
    if settings.contact and settings.contact_uri:
        kind = "email" if settings.contact_uri.startswith("mailto:") else "url"
        found[kind] = settings.contact
    return found


def _cursor_key(engine: Engine, *others: Engine) -> Any:
    """This database's own key, read when it is first needed: the service starts before its database does.

    It is the same for ever, on `others` too.
    """

    @cache
    def key() -> bytes:
        for each in others:
            with suppress(SQLAlchemyError):
                return _key_in(each)
        return _key_in(engine)

    return key


def _key_in(engine: Engine) -> bytes:
    with database.reading(engine) as connection:
        return bytes.fromhex(connection.execute(select(Installation.cursor_key)).scalar_one())


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
        for each in (reconciling.SCHEMAS, key_set.schemas(), *schemas):
            found["components"]["schemas"] |= each
        found["webhooks"] = notifying.WEBHOOKS
        found["components"]["securitySchemes"] = writing.SECURITY_SCHEMES
        found["security"] = [{"key": []}] if settings.private else []
        documentation.complete(found, CATALOGUE, VIEWS)
        add_examples_to_try(found)
        documentation.add_examples(found)
        app.openapi_schema = found
    return app.openapi_schema

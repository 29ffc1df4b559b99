"""What stands around the routes: limits, the short way for short reads, the cache, and what tells the operator."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.types import ASGIApp

from app.api import private_reading, router
from app.api.asgi import surrounded
from app.api.costly_slots import CostlySlots
from app.api.deadline import RequestDeadline
from app.api.dependencies import Reads
from app.api.failures import UnforeseenFailures
from app.api.loop_connection import LoopConnection
from app.api.page_links import NO_PAGE
from app.api.rate_limits import RateHeaders, RateLimits
from app.api.replicas import CONNECT, Replicas
from app.api.response_cache.editions import Editions
from app.api.response_cache.kept_paths import KeptPaths
from app.api.response_cache.layer import CacheTerms, ResponseCache
from app.api.response_cache.sources import editions_of
from app.api.second_tries import SecondTries
from app.api.short_reads import ShortReads
from app.catalogue import CATALOGUE
from app.database import connect
from app.log import changes
from app.operation.observation import Observation, RouteObservation
from app.operation.request_metrics import count_connections, count_places, count_slots
from app.reconciliation.manifest import PATH as RECONCILING
from app.settings import Settings
from app.views import VIEWS


def kept_reads() -> Iterator[str]:
    """The paths whose answers depend on nothing but the register at a revision, the day and the request."""
    for collection in CATALOGUE:
        yield from (f"/v1/{collection.path}{verb}" for verb in ("", "/{id}", "/{id}/history", "/{id}/diff"))
    yield from (f"/v1{view.path}" for view in VIEWS if view.of_revision)
    yield changes.PATH


def costly_paths() -> Iterator[str]:
    """The paths whose answers are worked out from many records, or search them all; pages have them too."""
    for view in VIEWS:
        if view.path and view.group != "changes":
            yield f"/v1{view.path}"
            if f"/v1{view.path}" not in NO_PAGE:
                yield view.path
    yield from ("/", "/v1/exports/{file}", "/v1/exports/{file}/manifest", RECONCILING)


def kept_pages() -> Iterator[str]:
    """The pages that show no more than these reads, and say nothing of who looks at them; the front page is ""."""
    yield from ("", "/how-to-read", *(path.removeprefix("/v1") for path in kept_reads() if path != "/v1"))


def loop_connections(settings: Settings) -> list[LoopConnection]:
    """The connection of reads on the event loop, if there are any: no caller is looked at there, and none counted."""
    apart = settings.private or settings.read_rate or not settings.database_url.startswith("sqlite")
    return [] if apart else [LoopConnection(settings.database_url)]


def guard(app: FastAPI, settings: Settings) -> None:
    """Put around the application what every request is limited by, the innermost first."""
    app.state.rate_limits = RateLimits(settings)
    app.add_middleware(RouteObservation)
    app.add_middleware(UnforeseenFailures)
    app.add_middleware(RequestDeadline, seconds=settings.request_timeout)
    app.add_middleware(RateHeaders)
    if settings.private:
        app.add_middleware(private_reading.PrivateAnswers)


def replicas_of(engine: Engine, settings: Settings) -> Replicas | None:
    """The standbys that the settings name; a connection is not tried, for the first statement on each is one."""
    if settings.replica_url is None:
        return None
    limits = settings.limits._replace(connect=CONNECT)
    return Replicas(engine, connect(settings.replica_url, settings.pool_size, limits=limits, tried=False))


class ReadSources(NamedTuple):
    """What reads are made with besides the engine of the register: how short ones are, standbys, the newest edition."""

    inline: list[LoopConnection]
    replicas: Replicas | None
    editions: Editions

    @property
    def standbys(self) -> list[Engine]:
        """The engine of standbys, where there are any."""
        return [self.replicas.engine] if self.replicas else []


def read_sources(engine: Engine, settings: Settings) -> ReadSources:
    """What the settings say."""
    inline, replicas = loop_connections(settings), replicas_of(engine, settings)
    return ReadSources(inline, replicas, replicas.editions if replicas else editions_of(engine, *inline))


def surround(app: FastAPI, engine: Engine, sources: ReadSources, short: Sequence[Reads], settings: Settings) -> None:
    """Put around all there is, the answers to defects too, what serves requests without it and what observes them."""
    counted, paths = settings.metrics_port is not None, KeptPaths((*kept_reads(), *kept_pages()))
    inner = app.build_middleware_stack()
    slots = CostlySlots(SecondTries(inner) if sources.replicas else inner, costly_paths(), settings.slots)
    if counted:
        count_connections(engine, settings.pool_size)
        count_slots(slots)
        if sources.replicas:
            count_places(sources.replicas)
    stack: ASGIApp = slots
    for reader in short:
        stack = ShortReads(stack, router.short_reads(CATALOGUE), reader)
    stack = surrounded(stack, settings.prefix)
    if not settings.private:  # what one caller may read is never kept for another
        named, limit = settings.public_url is not None, app.state.rate_limits.requests
        terms = CacheTerms(paths, settings.cache_size, settings.prefix, named=named, limit=limit)
        stack = ResponseCache(stack, sources.editions, terms)
    app.middleware_stack = Observation(stack, paths, settings.prefix, counted=counted, logged=settings.log_requests)

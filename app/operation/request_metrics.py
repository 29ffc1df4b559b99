"""What is counted of requests and connections, in the process that answers them.

With several processes each writes its numbers into files of its own, which the one that is asked adds up
(docs/decisions/0017-operation.md).
"""

from functools import cache
from http import HTTPMethod

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from sqlalchemy import Engine, event

from app.api.costly_slots import CostlySlots
from app.api.replicas import PRIMARY, REPLICA, Replicas
from app.api.request_facts import RequestFacts

disable_created_metrics()  # type: ignore[no-untyped-call]

COUNTED = CollectorRegistry()
"""What this process has counted."""
UNMATCHED, ABORTED, OTHER = "unmatched", "aborted", "other"
"""Paths that are no route, requests that nobody waited for, methods that are none: one label each, whoever asks."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_REQUESTS = Counter(
    "registry_requests", "Requests that were answered.", ("method", "route", "status"), registry=COUNTED
)
_DURATION = Histogram(
    "registry_request_duration_seconds",
    "Seconds until an answer began.",
    ("method", "route"),
    buckets=SECONDS,
    registry=COUNTED,
)
IN_FLIGHT = Gauge(
    "registry_requests_in_flight",
    "Requests under way, open event streams among them.",
    multiprocess_mode="livesum",
    registry=COUNTED,
)
_POOL_SIZE = Gauge(
    "registry_pool_size", "Database connections that there may be.", multiprocess_mode="livesum", registry=COUNTED
)
_POOL_IN_USE = Gauge(
    "registry_pool_in_use", "Database connections in use.", multiprocess_mode="livesum", registry=COUNTED
)


_COSTLY_IN_USE = Gauge(
    "registry_costly_slots_in_use",
    "Costly answers that are being worked out.",
    multiprocess_mode="livesum",
    registry=COUNTED,
)
_COSTLY_REFUSED = Counter("registry_costly_refused", "Requests for costly answers that got no slot.", registry=COUNTED)


_READS = Counter("registry_reads", "Reads of the register, by where they were made.", ("place",), registry=COUNTED)
_REPLICA_USED = Gauge(
    "registry_replica_in_use",
    "Whether reads are made on a replica: 0 as soon as one process leaves it out.",
    multiprocess_mode="livemin",
    registry=COUNTED,
)


def count_places(replicas: Replicas) -> None:
    """Count the reads that are made on the primary and on a replica, and tell whether one is in use."""
    for place in (PRIMARY, REPLICA):
        _READS.labels(place)
    _REPLICA_USED.set(0)
    replicas.read_from, replicas.used = lambda place: _READS.labels(place).inc(), _REPLICA_USED.set


def count_slots(slots: CostlySlots) -> CostlySlots:
    """Count the slots that are in use, and the requests that got none."""
    slots.in_use, slots.refused = _COSTLY_IN_USE.inc, _COSTLY_REFUSED.inc
    return slots


def count_request(method: str, facts: RequestFacts, began: float) -> None:
    """Count a request that has ended; `began`: when, in seconds of the performance counter."""
    known = method if method in HTTPMethod.__members__ else OTHER
    counter, histogram = _series(known, facts.route or UNMATCHED, facts.status)
    counter.inc()
    if facts.answered is not None:
        histogram.observe(facts.answered - began)


@cache
def _series(method: str, route: str, status: int | None) -> tuple[Counter, Histogram]:
    """What counts such requests; the library would look for it anew, which takes longer than to count."""
    counter = _REQUESTS.labels(method, route, ABORTED if status is None else str(status))
    return counter, _DURATION.labels(method, route)


def count_connections(engine: Engine, size: int) -> None:
    """Count the connections of a pool that are in use, from now on."""
    _POOL_SIZE.set(size)
    event.listen(engine, "checkout", lambda *_: _POOL_IN_USE.inc())
    for given_back in ("checkin", "detach"):  # one that is taken out for good is no longer the pool's
        event.listen(engine, given_back, lambda *_: _POOL_IN_USE.dec())

"""Metrics for Prometheus, on a port of their own: what is served to the world does not have them."""

import multiprocessing
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Metric, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from app import database
from app.log.publication import published_log
from app.operation.process_metrics import ProcessMetrics
from app.operation.register_metrics import RegisterMetrics
from app.operation.replica_metrics import ReplicaMetrics
from app.operation.request_metrics import COUNTED
from app.settings import Settings, SettingsError
from app.time_limits import TimeLimits

LIMITS = TimeLimits(connect=2, statement=3, lock=2)
"""Prometheus gives up after ten seconds: a database that does not answer by then is told to be away."""
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the library looks for the files that processes share; it is told when it is imported."""
_LIVE = re.compile(r"gauge_live\w*_(\d+)\.db")


@contextmanager
def metrics_served(settings: Settings, workers: int) -> Iterator[int | None]:
    """Serve the metrics meanwhile, where the settings say so, and give the port: None, where they do not.

    Raises SettingsError where the port cannot be had.
    """
    if settings.metrics_port is None:
        yield None
        return
    engine = database.connect(settings.database_url, pool_size=1, limits=LIMITS)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        # one process keeps what it counts in memory; several share files
        counted = _Shared(stack.enter_context(_shared_folder())) if workers > 1 else COUNTED
        registry = CollectorRegistry()
        if settings.replica_url:
            replica = database.connect(settings.replica_url, pool_size=1, limits=LIMITS)
            stack.callback(replica.dispose)
            registry.register(ReplicaMetrics(engine, replica))
        for each in (counted, ProcessMetrics(), RegisterMetrics(engine, published_log(engine, settings).fault)):
            registry.register(each)
        server = _started(settings, registry)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        yield int(server.server_address[1])


def _started(settings: Settings, registry: CollectorRegistry) -> WSGIServer:
    try:
        server, _ = start_http_server(settings.metrics_port or 0, settings.metrics_host, registry)
    except OSError as error:
        where = f"{settings.metrics_host}, port {settings.metrics_port}"
        raise SettingsError(f"metrics cannot be served on {where}: {error.strerror or error}") from error
    return server


@contextmanager
def _shared_folder() -> Iterator[Path]:
    """A folder for what processes count, that they are told of as they start."""
    with TemporaryDirectory(prefix="registry-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER] = folder
        try:
            yield Path(folder)
        finally:
            del os.environ[FOLDER]


class _Shared(Collector):
    """What all processes have counted together; of those that have died, what was true while they lived is left out."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, MultiProcessCollector(None, str(folder))  # type: ignore[no-untyped-call]

    def collect(self) -> Iterator[Metric]:
        """Add up the files."""
        alive = {child.pid for child in multiprocessing.active_children()}
        for file in self.folder.iterdir():
            found = _LIVE.fullmatch(file.name)
            if found and int(found[1]) not in alive:
                mark_process_dead(int(found[1]), str(self.folder))  # type: ignore[no-untyped-call]
        yield from self.files.collect()  # type: ignore[no-untyped-call]

"""registry serve."""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

import click
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from app import database, database_address
from app.api.protocol import ProblemProtocol
from app.cli.database import opened
from app.log.publication import published_log
from app.operation.log_lines import log_configuration
from app.operation.metrics_server import metrics_served
from app.settings import Settings

BEGINNING = 60
"""Seconds that a process is given to begin, of several: on a busy machine it takes longer than the server would wait,
which would end it and begin another, for ever."""


@click.command()
@click.option("--host", help="The address to listen on; else REGISTRY_HOST, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port; else REGISTRY_PORT, else 8000.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; else REGISTRY_WORKERS, else 1.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the registry over HTTP until told to stop (SIGTERM or Ctrl-C)."""
    with opened() as (settings, engine):
        with database.reading(engine) as connection:
            fault = published_log(engine, settings).fault(connection)
        if fault:
            click.echo(f"nothing will be written or signed: {fault}", err=True)
        engine.dispose()
        host, port = host or settings.host, port or settings.port
        click.echo(f"serving {database_address.shown(settings.database_url)} on http://{host}:{port}")
        click.echo(f"documentation: {settings.public_url or f'http://{host}:{port}'}/docs")
        processes = workers or settings.workers
        with metrics_served(settings, processes) as metrics_port:
            if metrics_port:
                click.echo(f"metrics: http://{settings.metrics_host}:{metrics_port}/metrics")
            _run(settings, host, port, processes)


def _run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve, until told to stop."""
    # uvicorn raises the signal again when it has ended cleanly
    signal.signal(signal.SIGTERM, _end)
    config = uvicorn.Config(
        "app.main:application",
        factory=True,
        http=ProblemProtocol,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_config=log_configuration(settings),
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=settings.shutdown_timeout,
        timeout_worker_healthcheck=BEGINNING,
    )
    if workers > 1:
        Supervisor(config, sockets=[config.bind_socket()]).run()
        return
    server = ImpatientServer(config)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


class Supervisor(Multiprocess):
    """Uvicorn's supervisor of several processes; it hears at once of one that ends while it is asked how it is."""

    def keep_subprocess_alive(self) -> None:
        """Begin another process for each that has ended."""
        for process in self.processes:
            # the process has its own; while ours is open too, its end closes nothing, and BEGINNING would be waited for
            process.child_conn.close()
        super().keep_subprocess_alive()


class ImpatientServer(uvicorn.Server):
    """Uvicorn's server; told to end a second time, it ends at once, and waits for no answer under way."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End what is under way first; the second time, do not."""
        if self.should_exit:
            _end()
        super().handle_exit(sig, frame)


def _end(*_: object) -> None:
    """End at once: being told to stop is no failure, and no thread that still waits for a database is waited for."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)

"""The command line: registry serve · load · export · migrate · check."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import uvicorn
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import database, datasets
from app.api.protocol import ProblemProtocol
from app.catalogue import CATALOGUE
from app.registry import log, store
from app.registry.problems import Problem
from app.registry.queries import bodies, clock
from app.settings import Settings, SettingsError, get_settings


@contextmanager
def _plainly() -> Iterator[None]:
    """Every expected failure as a sentence and exit status 1, never a traceback."""
    try:
        yield
    except Problem as problem:
        click.echo(f"refused: {problem.detail}", err=True)
        for fault in problem.faults:
            click.echo(f"  {fault.location}: {fault.message}", err=True)
        sys.exit(1)
    except (SettingsError, datasets.DatasetError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        click.echo(f"the database cannot be used: {str(error).splitlines()[0]}", err=True)
        sys.exit(1)


@contextmanager
def _opened() -> Iterator[tuple[Settings, Engine]]:
    """The settings and an engine on a database with this version's schema; expected failures said plainly."""
    with _plainly():
        settings = get_settings()
        engine = database.connect(settings.database_url, settings.pool_size)
        try:
            with database.reading(engine) as connection:
                if database.schema_revision(connection) != database.schema_head():
                    click.echo("the database does not have this version's schema; run: registry migrate", err=True)
                    sys.exit(1)
            yield settings, engine
        finally:
            engine.dispose()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="police-collaboration-registry")
def main() -> None:
    """The registry of police collaboration.

    Settings are environment variables: REGISTRY_DATABASE_URL, REGISTRY_HOST, REGISTRY_PORT, REGISTRY_WORKERS,
    REGISTRY_POOL_SIZE.
    """


@main.command()
@click.option("--host", help="The address to listen on; else REGISTRY_HOST, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port; else REGISTRY_PORT, else 8000.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; else REGISTRY_WORKERS, else 1.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the registry over HTTP until told to stop (SIGTERM or Ctrl-C)."""
    with _opened() as (settings, engine):
        engine.dispose()
        host, port = host or settings.host, port or settings.port
        click.echo(f"serving {database.shown(settings.database_url)} on http://{host}:{port}")
        click.echo(f"documentation: http://{host}:{port}/docs")
        # uvicorn raises the signal again when it has ended cleanly; being told to stop is no failure
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        uvicorn.run(
            *("app.main:create_app",),
            factory=True,
            http=ProblemProtocol,
            host=host,
            port=port,
            workers=workers or settings.workers,
            access_log=False,
            log_level="warning",
            server_header=False,
        )


@main.command()
@click.argument("dataset", metavar="PATH|NAME")
def load(dataset: str) -> None:
    """Load a dataset: a file, a folder, or a built-in one by name (bch).

    All of it becomes one revision, or nothing does. Loading what is already recorded changes nothing.
    """
    with _plainly():
        documents = datasets.find(dataset)
    with _opened() as (_, engine):
        click.echo(f"loading {dataset}: {len(documents.files)} files")
        with database.writing(engine) as session:
            saved = store.save(
                session, CATALOGUE, documents, actor="registry load", reason=f"load {Path(dataset).name}", say=_progress
            )
        for warning in saved.warnings:
            click.echo(f"  warning: {warning.location}: {warning.message}", err=True)
        if saved.revision is None:
            click.echo(f"nothing to do: all {saved.unchanged} documents are recorded already")
        else:
            click.echo(f"revision {saved.revision}: {saved.changed} documents written, {saved.unchanged} unchanged")


def _progress(step: str, done: int) -> None:
    click.echo(f"  {step}: {done} documents")


@main.command()
@click.option("--as-of", help="Only what held on that day, month or year.")
@click.option("--known-at", help="What the registry said then: a revision or an RFC 3339 time.")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True))
def export(path: str, as_of: str | None, known_at: str | None) -> None:
    """Write the registry to PATH as a dataset (NDJSON; "-": standard output)."""
    with _opened() as (_, engine):
        with database.reading(engine) as connection, click.open_file(path, "wb", atomic=path != "-") as file:
            when = clock(connection, known_at, as_of)
            count = datasets.write_lines(bodies(connection, CATALOGUE, when), file)
        click.echo(f"{count} documents of revision {when.revision}", err=True)


@main.command()
def migrate() -> None:
    """Bring the database to this version's schema; makes an SQLite file that is not there."""
    with _plainly():
        settings = get_settings()
        database.migrate(settings.database_url)
        click.echo(f"{database.shown(settings.database_url)} is at schema {database.schema_head()}")


@main.command()
def check() -> None:
    """Check that the database answers, is migrated, and that its log is consistent."""
    with _opened() as (settings, engine):
        click.echo(f"{database.shown(settings.database_url)} answers and is at schema {database.schema_head()}")
        with database.snapshot(engine) as connection, Session(connection) as session:
            broken = list(log.breaks(session))
            newest = log.newest(session)
        for sentence in broken:
            click.echo(f"the log is broken: {sentence}", err=True)
        if broken:
            sys.exit(1)
        count = newest.number if newest else 0
        click.echo(f"the log is consistent: {count} revisions" + (f", digest {newest.digest}" if newest else ""))

"""What every command needs: the database opened, and failures said plainly."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app import database, datasets
from app.cli.failures import sentence
from app.log.publication import published_log
from app.registry.problems import Problem
from app.settings import Settings, SettingsError, get_settings
from app.upkeep.backups.copies import BackupError


@contextmanager
def plainly() -> Iterator[None]:
    """Every expected failure as a sentence and exit status 1, never a traceback."""
    try:
        yield
    except Problem as problem:
        click.echo(f"refused: {problem.detail}", err=True)
        for fault in problem.faults:
            click.echo(f"  {fault.location}: {fault.message}", err=True)
        sys.exit(1)
    except (SettingsError, datasets.DatasetError, database.SchemaError, BackupError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        click.echo(f"the database cannot be used: {sentence(error, get_settings().database_url)}", err=True)
        sys.exit(1)


@contextmanager
def opened() -> Iterator[tuple[Settings, Engine]]:
    """The settings and an engine on a database with this version's schema; expected failures said plainly."""
    with plainly():
        settings = get_settings()
        engine = database.connect(settings.database_url, settings.pool_size, wait=database.WAIT)
        try:
            with database.reading(engine) as connection:
                if database.known_schema(connection) != database.schema_head():
                    click.echo("the database does not have this version's schema; run: registry migrate", err=True)
                    sys.exit(1)
            yield settings, engine
        finally:
            engine.dispose()


@contextmanager
def watched(settings: Settings, engine: Engine) -> Iterator[None]:
    """Around writes: nothing is written to a database other than the one that was published, and what is, is published.

    Raises Refused.
    """
    log = published_log(engine, settings)
    with database.reading(engine) as connection:
        log.guard(connection)
    try:
        yield
    finally:
        log.publish()


@contextmanager
def written(output: str) -> Iterator[IO[bytes]]:
    """Where to write: "-" is standard output; a file is there once it is whole, and until then stays what it was."""
    if output == "-":
        yield sys.stdout.buffer
        return
    path = Path(output)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)

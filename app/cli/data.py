"""What is kept: registry load · export · migrate · check."""

import gc
import sys
from functools import partial
from itertools import islice
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import database, database_address, datasets
from app.cli.database import opened, plainly, watched, written
from app.cli.load_progress import LoadProgress
from app.exports.extract import Extract
from app.exports.files import WHOLE
from app.log.publication import published_log
from app.register import REGISTER
from app.registry.projections import stale
from app.registry.serving.statements import clock
from app.registry.verification import verify
from app.registry.writing import digest_chain, store
from app.registry.writing.inspection import inspected
from app.settings import get_settings
from app.upkeep.backups import migration_backup

MOST_TOLD = 100
"""More discrepancies are not told one by one: a register that was made anew by hand has thousands."""


@click.command()
@click.option("--restore", is_flag=True, help="Write a document anew even if its record was amended since it said so.")
@click.argument("names", metavar="PATH|NAME...", nargs=-1, required=True)
def load(names: tuple[str, ...], restore: bool) -> None:
    """Load datasets: files, folders, or built-in ones by name (bch, then national, which adds to it).

    All of a dataset becomes one revision, or nothing does. Loading what is already recorded changes nothing, and takes
    back nothing: a record that was amended since the dataset was loaded stays amended.
    """
    # a load makes millions of objects, none in a cycle: looking for cycles after every 700 is a tenth of its time
    gc.set_threshold(100_000)
    with plainly():
        found = [(name, datasets.find(name)) for name in names]
    with opened() as (settings, engine), watched(settings, engine):
        for name, documents in found:
            click.echo(f"loading {name}: {len(documents.files)} files")
            _report(_save(engine, name, documents, restore))


def _save(engine: Engine, name: str, documents: datasets.Dataset, restore: bool) -> store.Saved:
    # nobody need wait while it is found out what is wrong with a dataset by itself
    progress = LoadProgress()
    checked = inspected(documents, REGISTER.catalogue, progress)
    with checked as dataset, database.writing(engine) as session:
        return store.save(
            session,
            REGISTER,
            dataset,
            actor="registry load",
            reason=f"load {Path(name).name}",
            say=progress,
            restore=restore,
        )


def _report(saved: store.Saved) -> None:
    for warning in saved.warnings:
        click.echo(f"  warning: {warning.location}: {warning.message}", err=True)
    if more := saved.warned - len(saved.warnings):
        click.echo(f"  and {more} more warnings", err=True)
    if saved.amended:
        click.echo(f"{saved.amended} documents were amended since and left as they are (--restore takes them back)")
    if saved.revision is None:
        click.echo(f"nothing to do: {saved.unchanged} documents are recorded already")
    else:
        click.echo(f"revision {saved.revision}: {saved.changed} documents written, {saved.unchanged} unchanged")


@click.command()
@click.option("--as-of", help="Only what held on that day, month or year.")
@click.option("--known-at", help="What the registry said then: a revision or an RFC 3339 time.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(WHOLE)),
    default="ndjson",
    show_default=True,
    help="ndjson: a dataset; csv and parquet: a zip with a file for each collection; jsonld: linked data.",
)
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True))
def export(path: str, as_of: str | None, known_at: str | None, form: str) -> None:
    """Write the registry to PATH ("-": standard output)."""
    with opened() as (settings, engine):
        with database.reading(engine) as connection:
            when = clock(connection, known_at, as_of)
        extract = Extract(partial(database.reading, engine), when, settings.base)
        with written(path) as file:
            for piece in WHOLE[form].write(extract):
                file.write(piece)
        click.echo(f"{sum(extract.rows.values())} documents of revision {when.revision}", err=True)


@click.command()
@click.option("--backed-up", is_flag=True, help="There is a backup: make none, and do not ask for one.")
def migrate(backed_up: bool) -> None:
    """Bring the database to this version's schema; makes an SQLite file that is not there.

    All of it or nothing, also when it is killed; of several at once, one migrates and the others wait for it. What an
    SQLite register holds is copied beside it first; with PostgreSQL, say that you have a backup (--backed-up). Nothing
    is locked, copied or asked where the schema is the newest. REGISTRY_MIGRATION_URL is where to, if it is set.
    """
    with plainly():
        settings = get_settings()
        kept = migration_backup.migrate(settings.migration_url or settings.database_url, backed_up=backed_up)
        if kept:
            click.echo(f"what was there before is kept as {kept}")
        click.echo(f"{database_address.shown(settings.database_url)} is at schema {database.schema_head()}")
        with opened() as (_, engine), database.reading(engine) as connection:
            if names := stale(connection):
                click.echo(f"next: registry rebuild ({', '.join(names)}), for nothing is served before")


@click.command()
def check() -> None:
    """Check that the database answers, is migrated, and holds what was written.

    The chain of digests is computed again, and so is all that is made of the documents: columns, references, answers,
    periods and the index for search. What differs is named by its record. It locks nothing, and takes as long as
    `registry rebuild`. Where REGISTRY_CHECKPOINT_FILE is set, the log must begin with what was published.
    """
    with opened() as (settings, engine):
        click.echo(f"{database_address.shown(settings.database_url)} answers and is at schema {database.schema_head()}")
        with database.snapshot(engine) as connection, Session(connection) as session:
            broken = list(islice(verify(session, REGISTER), MOST_TOLD + 1))
            old = stale(session)
            newest = digest_chain.newest(session)
            fork = published_log(engine, settings).fault(connection) if not broken else None
        for discrepancy in broken[:MOST_TOLD]:
            click.echo(f"the log is broken: {discrepancy}", err=True)
        if len(broken) > MOST_TOLD:
            click.echo("the log is broken: … and more", err=True)
        if fork:
            click.echo(f"it is not what was published: {fork}", err=True)
        for name in old:
            click.echo(f"what is derived is stale: {name}; run: registry rebuild", err=True)
        if broken or old or fork:
            sys.exit(1)
        count = newest.number if newest else 0
        click.echo(f"the log is consistent: {count} revisions" + (f", digest {newest.digest}" if newest else ""))

"""What was redacted, taken out of the free space of the database's files: registry scrub."""

import sys

import click

from app.cli.database import opened
from app.registry.freed_space import scrub


@click.command("scrub")
def command() -> None:
    """Write the files of the database anew, without what was deleted.

    Needed after a redaction: on SQLite where the service could not do it itself, on PostgreSQL always. There each table
    is locked while it is written, and what its write-ahead log and backups hold is another matter: docs/redaction.md.
    """
    with opened() as (_, engine):
        if not scrub(engine):
            click.echo("somebody still reads an older state: run it again, at best while the service is down", err=True)
            sys.exit(1)
        click.echo("done: nothing that was deleted is left in the files")

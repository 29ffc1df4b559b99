"""registry doctor."""

import sys
from collections.abc import Iterator

import click
from sqlalchemy import Connection

from app.cli.failures import sentence
from app.log.publication import published_log
from app.settings import SettingsError, get_settings
from app.upkeep.doctor import Diagnosis, examine


@click.command()
@click.option("--deep", is_flag=True, help="Check the digests of all revisions, not only of the newest hundred.")
def doctor(deep: bool) -> None:
    """Say what is wrong with this installation, and what to do: one line each, "what: fix".

    Settings, database, file or server, schema, clock, room, the newest revisions, and whether they are what was
    published. A note is no fault. Nothing is changed. Exit status 1 where anything is wrong.
    """
    faults = 0
    for diagnosis in examine(sentence, deep, [_publication]):
        click.echo(str(diagnosis))
        faults += not diagnosis.note
    if faults:
        sys.exit(1)
    click.echo("nothing to do")


def _publication(connection: Connection) -> Iterator[Diagnosis]:
    """A log that is not the one that was published, or that no witness signs any more."""
    settings = get_settings()
    try:
        log = published_log(connection.engine, settings)
    except SettingsError as error:
        yield Diagnosis(str(error), "correct the file, or the setting that names it")
        return
    if fault := log.fault(connection):
        yield Diagnosis("nothing can be written or signed", fault)
    elif outage := log.outage(connection):
        yield Diagnosis(outage, "see that `registry log witness` runs, and ask who runs the witnesses")

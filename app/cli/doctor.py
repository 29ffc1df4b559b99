"""registry doctor."""

import sys

import click

from app.cli.failures import sentence
from app.upkeep.doctor import examine


@click.command()
@click.option("--deep", is_flag=True, help="Check the digests of all revisions, not only of the newest hundred.")
def doctor(deep: bool) -> None:
    """Say what is wrong with this installation, and what to do: one line each, "what: fix".

    Settings, database, file or server, schema, clock, room, and the newest revisions. A note is no fault. Nothing is
    changed. Exit status 1 where anything is wrong.
    """
    faults = 0
    for diagnosis in examine(sentence, deep):
        click.echo(str(diagnosis))
        faults += not diagnosis.note
    if faults:
        sys.exit(1)
    click.echo("nothing to do")

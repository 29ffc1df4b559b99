"""What is derived, made anew: registry rebuild."""

import click

from app import database
from app.cli.database import opened
from app.register import REGISTER
from app.registry.projections import FORMATS, rebuild, stale


@click.command("rebuild")
@click.argument("name", required=False, type=click.Choice(list(FORMATS)))
def command(name: str | None) -> None:
    """Make what is derived from the recorded facts anew: all that is stale, or NAME and what is made of it.

    Needed after an upgrade that changed a rule, a field or an index; `registry check` and /readyz say so. All of it is
    one transaction: until it is done, nothing has changed.
    """
    with opened() as (_, engine):
        with database.reading(engine) as connection:
            names = [name] if name else stale(connection)
        if not names:
            click.echo("nothing to do: all that is derived is up to date")
            return
        with database.writing(engine) as session:
            made = rebuild(session, REGISTER, names, say=_progress)
        click.echo(f"made anew: {', '.join(made)}")


def _progress(step: str, done: int, _: int | None) -> None:
    click.echo(f"  {step}: {done} records")

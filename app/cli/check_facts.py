"""What is wrong with a file of facts: registry check-facts."""

import sys
from pathlib import Path

import click

from app.datasets.national.checks import check


@click.command("check-facts")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_facts(path: Path) -> None:
    """Check a CSV file of facts for the national register: columns, ids, dates, references, duplicates, names alike.

    What is wrong is told line by line, and makes the command fail; a warning may be right all the same.
    """
    found = list(check(path))
    for trouble in found:
        click.echo(f"{trouble.where}: {'warning: ' if trouble.warning else ''}{trouble.message}", err=True)
    errors = sum(not trouble.warning for trouble in found)
    click.echo(f"{path.name}: {errors} errors, {len(found) - errors} warnings")
    sys.exit(1 if errors else 0)

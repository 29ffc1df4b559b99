"""registry log: the keys that sign the log, and the log whole in a file."""

from pathlib import Path

import click

from app.cli.database import opened, plainly, written
from app.log.log_export import exported_lines
from app.log.log_keys import create_key, read_keys, rotate_key
from app.log.publication import log_origin, published_log
from app.settings import SettingsError, get_settings


@click.group("log")
def log() -> None:
    """Keys that sign the log, and the log whole in a file."""


@log.group("key")
def key() -> None:
    """Make, change and show the key that signs the log; REGISTRY_LOG_KEY_FILE says where it is."""


@key.command("create")
def create() -> None:
    """Make the key, and show the public one: publish it where readers of the register find it.

    It signs as REGISTRY_LOG_ORIGIN, else as REGISTRY_PUBLIC_URL has it: that is the name of the log for ever.
    """
    with plainly():
        made = create_key(_file(), log_origin(get_settings()))
        click.echo(str(made.public))


@key.command("rotate")
def rotate() -> None:
    """Make a new key; the former ones sign beside it until their lines are taken out of the file."""
    with plainly():
        click.echo(str(rotate_key(_file()).public))


@key.command("show")
def show() -> None:
    """Show the public keys, the newest first."""
    with plainly():
        for each in read_keys(_file()):
            click.echo(str(each.public))


def _file() -> Path:
    """Where the keys are. Raises SettingsError."""
    settings = get_settings()
    if settings.log_key_file is None:
        raise SettingsError("set REGISTRY_LOG_KEY_FILE to where the key is to be kept, outside the database")
    return Path(settings.log_key_file)


@log.command("export")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True))
def export_log(path: str) -> None:
    """Write every head and every version with its salt to PATH ("-": standard output), one a line.

    With it, anyone verifies the register without this service: registry verify PATH, or with the one file
    app/log/register_verifier.py.
    """
    with opened() as (settings, engine):
        published = published_log(engine, settings)
        with written(path) as file:
            for line in exported_lines(published):
                file.write(line)

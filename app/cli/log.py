"""registry log: the keys that sign the log, the log whole in a file, and the ways out after a fork."""

import sys
from pathlib import Path

import click

from app.cli.database import opened, plainly, written
from app.cli.deliver import told_to_stop
from app.log.forks import begin_anew, last_published, record_succession
from app.log.log_export import exported_lines
from app.log.log_keys import create_key, read_keys, rotate_key
from app.log.publication import log_origin, published_log
from app.log.register_verifier import read
from app.log.replay import replay
from app.log.witnesses.rounds import WitnessRounds
from app.register import REGISTER
from app.settings import SettingsError, get_settings

LONGEST_REASON = 1000
ROUND_EVERY = 15.0
"""Seconds between two looks for a checkpoint that a witness has not signed."""


@click.group("log")
def log() -> None:
    """Keys that sign the log, the log whole in a file, and the ways out after a fork."""


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


@log.command("succeed")
@click.option("--reason", required=True, help="Why, in a sentence: public, and kept for ever.")
@click.option(
    "--last",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The last checkpoint that was published, where REGISTRY_CHECKPOINT_FILE does not have it.",
)
def succeed(reason: str, last: Path | None) -> None:
    """Go on under a new name, where revisions that were published are lost for good.

    A revision records the fork: the former name, the last checkpoint that was published under it, and why. Where the
    log is signed, a key of the new name is made. Begun and stopped, it is brought to its end when it is run again.
    """
    with opened() as (settings, engine):
        published = published_log(engine, settings)
        found = record_succession(published, REGISTER, last_published(published, last), _sentence(reason))
        made = begin_anew(published, settings, found)
    click.echo(f"revision {found.revision}: {found.said}")
    if made:
        click.echo(f"publish the new key where readers of the register find it: {made.public}")
    click.echo("start the service again; whoever follows is told (410) to go back to what is still here")


@log.command("replay")
@click.argument("source", metavar="URL|FILE")
def replay_log(source: str) -> None:
    """Write again what this register lacks of an exported log, each revision as it was, digest and all.

    The log is that of a replica at URL, or FILE as `registry log export` wrote it. Nothing is written of one that has
    another history, or that lacks what was published (REGISTRY_CHECKPOINT_FILE).
    """
    with opened() as (settings, engine):
        try:
            published = published_log(engine, settings)
            count = replay(published, REGISTER, lambda: read(source), lambda number: click.echo(f"revision {number}"))
        except (OSError, LookupError, ValueError, TypeError, AttributeError, StopIteration) as error:
            raise click.ClickException(f"{source} cannot be read as a log: {error!r}") from error
    click.echo(f"{count} revisions were written again" if count else "nothing is missing")


@log.command("witness")
@click.option("--once", is_flag=True, help="Ask each witness once, and end: with status 1 where one did not sign.")
def witness(once: bool) -> None:
    """Have the witnesses of REGISTRY_WITNESS_FILE sign each new checkpoint, until told to stop (SIGTERM or Ctrl-C).

    What one signed is kept, and stands below the checkpoint (C2SP tlog-witness, tlog-cosignature).
    """
    with opened() as (settings, engine), told_to_stop() as stop:
        rounds = WitnessRounds(published_log(engine, settings))
        if not rounds.log.witnesses:
            raise SettingsError("set REGISTRY_WITNESS_FILE to a file that names witnesses: witness NAME VKEY URL")
        while not stop.is_set():
            outcomes = rounds.ask_all()
            for name, error in outcomes.items():
                click.echo(f"{name}: {error or 'signed'}")
            if once:
                sys.exit(any(outcomes.values()))
            stop.wait(ROUND_EVERY)


def _sentence(reason: str) -> str:
    said = " ".join(reason.split())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise click.BadParameter(f"give 1 to {LONGEST_REASON} characters", param_hint="--reason")
    return said

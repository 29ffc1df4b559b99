"""registry verify: whether a log holds."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from app.cli.database import opened
from app.log.log_export import exported_lines
from app.log.publication import published_log
from app.log.register_verifier import VerificationError, verify, verify_source


@click.command("verify")
@click.option("--key", help="The public key of the log: name+id+key. Of this register: its own.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file of a checkpoint that was kept: the log must begin with what it says.",
)
@click.argument("source", metavar="[URL|FILE]", required=False)
def verify_log(source: str | None, key: str | None, against: Path | None) -> None:
    """Compute every hash of a log again: of the register at URL, of an exported log, or of this register;

    or those of the proof of one record, in a file FILE.tlog-proof.

    Reads what stands there and nothing else, as anyone can with app/log/register_verifier.py alone. Of this register,
    `registry check` asks for more: whether all that is derived of the documents is what it should be.
    """
    try:
        kept = against.read_text("utf-8") if against else None
        if source is None:
            _verify_own(key, kept)
        else:
            verify_source(source, key, kept, click.echo)
    except VerificationError as error:
        click.echo(f"it does not hold: {error}", err=True)
        sys.exit(1)
    except (OSError, LookupError, ValueError, TypeError, AttributeError, StopIteration) as error:
        click.echo(f"it cannot be read as a log: {error!r}", err=True)
        sys.exit(1)


def _verify_own(key: str | None, kept: str | None) -> None:
    with opened() as (settings, engine):
        log = published_log(engine, settings)
        own = str(log.keys[0].public) if log.keys else None
        lines: Iterator[Any] = map(orjson.loads, exported_lines(log))
        verify(lines, key or own, kept, click.echo)

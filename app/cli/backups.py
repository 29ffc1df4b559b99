"""registry backup · restore."""

import shlex
import sys
from pathlib import Path

import click

from app.cli.database import plainly
from app.database import connect
from app.database_address import shown, sqlite_file, without_password
from app.log.publication import published_log
from app.settings import get_settings
from app.upkeep.backups.contents import contents
from app.upkeep.backups.copies import BackupError, copied, put
from app.upkeep.backups.restoration import restore as put_back


@click.command()
@click.option("--replace", is_flag=True, help="Write to PATH even if something is there.")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def backup(path: Path, replace: bool) -> None:
    """Write a copy of an SQLite register to PATH, while it is read and written, and check the copy.

    It is the register as it is at one moment, in one file. PATH is there once that is whole and on the disk, and until
    then stays what it was. For PostgreSQL this says which command does it.
    """
    with plainly():
        url = get_settings().database_url
        source = sqlite_file(url)
        if source is None:
            _refer(f"pg_dump --format=custom --file={shlex.quote(str(path))} {shlex.quote(without_password(url))}")
            return
        if path.exists() and not replace:
            raise BackupError(f"{path} is there already: take another name, or --replace")
        if path.exists() and source.exists() and path.samefile(source):
            raise BackupError(f"{path} is the register itself")
        part = path.with_name(f"{path.name}.part")
        with copied(source, part) as copy:
            found = contents(copy, path)
            put(part, path)
        click.echo(f"{path}: {found}")


@click.command()
@click.option(
    "--replace", is_flag=True, help="Replace the register even if revisions of it are lost; it is kept beside."
)
@click.option(
    "--read-only", is_flag=True, help="Even if it lacks revisions that were published: then it is read and not written."
)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def restore(path: Path, replace: bool, read_only: bool) -> None:
    """Put the backup PATH in the place of an SQLite register, once it has been checked.

    The service must not run. What is replaced is kept beside it. A register that has other revisions than the backup is
    replaced only with --replace; a backup that lacks what was published (REGISTRY_CHECKPOINT_FILE) is put in place only
    with --read-only. For PostgreSQL this says which command does it.
    """
    with plainly():
        settings = get_settings()
        url = settings.database_url
        target = sqlite_file(url)
        if target is None:
            options = "--clean --if-exists --no-owner --single-transaction"
            _refer(f"pg_restore {options} --dbname={shlex.quote(without_password(url))} {shlex.quote(str(path))}")
            return
        log = published_log(connect(url, pool_size=1), settings)
        done = put_back(path, target, replace, fork_of=log.fork, read_only=read_only)
        log.engine.dispose()
        click.echo(f"{shown(url)} is as {path}: {done.contents}")
        if done.kept:
            click.echo(f"what was there before is kept as {done.kept}")
        if done.fork:
            click.echo(f"it will be read and not written: {done.fork}", err=True)
        if done.next_step:
            click.echo(f"next: {done.next_step}")


def _refer(command: str) -> None:
    """PostgreSQL's own programs do it better than anything here could."""
    click.echo(f"PostgreSQL has programs of its own for this; run: {command}", err=True)
    click.echo("(the password comes from PGPASSWORD or ~/.pgpass; see docs/operating.md)", err=True)
    sys.exit(1)

"""registry keys: who may write."""

import sys
from datetime import UTC, datetime

import click
from sqlalchemy import select

from app import database
from app.api.callers import Scope
from app.cli.database import opened
from app.curation.keys import create, erase_name, revoke
from app.curation.models import AccessKey, Account


@click.group("keys")
def keys() -> None:
    """Make, list and revoke keys for the API."""


@keys.command("create")
@click.argument("holder")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([str(scope) for scope in Scope]),
    multiple=True,
    required=True,
    help="What it may do; several times for several.",
)
@click.option("--force", "forces", multiple=True, help="Limit it to records of this force; several times for several.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The day from which it is no longer valid (UTC).")
def create_key(holder: str, scopes: tuple[str, ...], forces: tuple[str, ...], expires: datetime | None) -> None:
    """Make a key for HOLDER, a person or a team, and show it: this once, for it is kept nowhere.

    Keys of the same holder are taken as one person: what one of them proposes, another cannot accept.
    """
    until = expires.replace(tzinfo=UTC) if expires else None
    with opened() as (_, engine), database.writing(engine) as session:
        key, text = create(session, holder, map(Scope, scopes), forces=forces or None, expires=until)
        click.echo(
            f"key {key.id} of {holder}: {key.scopes}" + (f", limited to {key.forces}" if key.forces else ""), err=True
        )
    click.echo(text)


@keys.command("list")
def list_keys() -> None:
    """List all keys: id, holder, scopes, forces, when they were made, used and ended."""
    with opened() as (_, engine), database.reading(engine) as connection:
        asked = (
            select(AccessKey, Account.name)
            .join(Account, Account.id == AccessKey.account_id)
            .order_by(AccessKey.created)
        )
        for row in connection.execute(asked):
            ended = f"revoked {row.revoked}" if row.revoked else f"expires {row.expires or 'never'}"
            used = f"last used {row.last_used or 'never'}"
            holder = f"{row.account_id} {row.name or '(erased)'}"
            click.echo(
                "\t".join([row.id, holder, row.scopes, row.forces or "all forces", f"made {row.created}", used, ended])
            )


@keys.command("revoke")
@click.argument("key_id")
def revoke_key(key_id: str) -> None:
    """End a key at once."""
    with opened() as (_, engine), database.writing(engine) as session:
        if not revoke(session, key_id):
            click.echo(f"there is no key '{key_id}' that is valid; registry keys list shows them", err=True)
            sys.exit(1)
    click.echo(f"{key_id} is revoked")


@keys.command("erase")
@click.argument("account_id")
def erase(account_id: str) -> None:
    """Erase the name of an account; what its keys wrote stays under their ids, which name nobody."""
    with opened() as (_, engine), database.writing(engine) as session:
        if not erase_name(session, account_id):
            click.echo(f"there is no account '{account_id}' with a name; registry keys list shows them", err=True)
            sys.exit(1)
    click.echo(f"the name of {account_id} is erased")

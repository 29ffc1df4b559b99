"""registry webhooks: who is told of changes."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from app import database
from app.cli.database import opened
from app.log.webhooks import subscriptions
from app.log.webhooks.models import Webhook
from app.log.webhooks.secret_box import SecretBox
from app.settings import Settings


@contextmanager
def _writing() -> Iterator[tuple[Settings, Session, SecretBox]]:
    with opened() as (settings, engine), database.writing(engine) as session:
        yield settings, session, SecretBox.of(session.connection(), settings.webhook_key)


@click.group("webhooks")
def webhooks() -> None:
    """Make, list, rotate, replay and revoke webhooks; `registry deliver` calls them."""


@webhooks.command("create")
@click.argument("url")
@click.option("--type", "types", multiple=True, help="Only changes of this type of record; may be given several times.")
@click.option("--force", "forces", multiple=True, help="Only what concerns this force; may be given several times.")
@click.option("--record", "records", multiple=True, help="Only this record; may be given several times.")
@click.option("--after", type=click.IntRange(min=0), help="Tell what came after this revision; else what will come.")
def create_webhook(
    url: str, types: tuple[str, ...], forces: tuple[str, ...], records: tuple[str, ...], after: int | None
) -> None:
    """Have changes told to URL, and show the secret with which they are signed: this once."""
    filters = {"type": ",".join(types), "force": ",".join(forces), "record": ",".join(records)}
    with _writing() as (settings, session, box):
        private = settings.webhook_private
        found, secret = subscriptions.create(session, box, url, filters, after, private=private)
        _show_keys(found, secret)


def _show_keys(found: Webhook, secret: str) -> None:
    click.echo(f"webhook {found.id} to {found.url}; its public key is {found.public_key}", err=True)
    click.echo(secret)


@webhooks.command("list")
def list_webhooks() -> None:
    """List all webhooks: id, address, state, how far it is, and why it fails or is off."""
    with opened() as (_, engine), database.reading(engine) as connection:
        for each in subscriptions.listed(connection):
            failing = f"{each['failures']} failures since {each['failing_since']}" if each["failures"] else ""
            state = f"{each['state']}: {each['reason']}" if each["reason"] else each["state"]
            parts = [each["id"], each["url"], state, f"told until {each['position']}", each["public_key"], failing]
            click.echo("\t".join(filter(None, parts)))


@webhooks.command("rotate")
@click.argument("webhook_id")
def rotate_webhook(webhook_id: str) -> None:
    """Give a webhook a new secret and show it; the old one signs too for a day."""
    with _writing() as (_, session, box):
        _show_keys(*subscriptions.rotate(session, box, webhook_id))


@webhooks.command("replay")
@click.argument("webhook_id")
@click.option("--after", type=click.IntRange(min=0), required=True, help="Tell again what came after this revision.")
def replay_webhook(webhook_id: str, after: int) -> None:
    """Tell changes again, and switch the webhook on if it is off."""
    with _writing() as (_, session, _box):
        subscriptions.replay(session, webhook_id, after)
    click.echo(f"{webhook_id} is told again what came after revision {after}")


@webhooks.command("revoke")
@click.argument("webhook_id")
def revoke_webhook(webhook_id: str) -> None:
    """End a webhook at once."""
    with _writing() as (_, session, _box):
        subscriptions.revoke(session, webhook_id)
    click.echo(f"{webhook_id} is revoked")

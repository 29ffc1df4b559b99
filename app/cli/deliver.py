"""registry deliver."""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import click
from sqlalchemy.exc import SQLAlchemyError

from app import database
from app.cli.database import opened
from app.log.webhooks.deliverer import Deliverer
from app.log.webhooks.secret_box import SecretBox

LOOK_EVERY, AFTER_FAILURE = 1.0, 5.0
"""Seconds until it is looked again where nobody is due, and where the database does not answer."""


@click.command()
@click.option("--once", is_flag=True, help="End when nobody is due.")
@click.option(
    "--at-a-time", "threads", type=click.IntRange(1, 32), default=4, show_default=True, help="Receivers at one time."
)
def deliver(once: bool, threads: int) -> None:
    """Call the webhooks that are due, until told to stop (SIGTERM or Ctrl-C).

    Any number of these may run, on any machines: they share the work, and each notice is the same whoever sends it.
    """
    with opened() as (settings, engine), told_to_stop() as stop:
        with database.reading(engine) as connection:
            box = SecretBox.of(connection, settings.webhook_key)
        deliverer = Deliverer(engine, box, settings.base, private=settings.webhook_private)
        with ThreadPoolExecutor(threads) as pool:
            for work in [pool.submit(_work, deliverer, stop, once) for _ in range(threads)]:
                work.result()


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """Set once it is told to stop: what is under way is brought to an end, and not begun again by another."""
    stop = threading.Event()
    before = {each: signal.signal(each, lambda *_: stop.set()) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _work(deliverer: Deliverer, stop: threading.Event, once: bool) -> None:
    """Deliver one notice after the other."""
    while not stop.is_set():
        try:
            delivered = deliverer.deliver_one()
        except SQLAlchemyError as error:
            if once:
                raise
            click.echo(f"the database does not answer: {str(error).splitlines()[0][:200]}", err=True)
            stop.wait(AFTER_FAILURE)
            continue
        if delivered is None:
            if once:
                return
            stop.wait(LOOK_EVERY)
        elif delivered.result:
            said = delivered.result.error or f"answered {delivered.result.status}"
            click.echo(f"{delivered.webhook} revision {delivered.revision}: {said}")

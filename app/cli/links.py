"""registry links."""

import string
import sys
from datetime import UTC, datetime

import click

from app import database
from app.cli.database import opened, watched
from app.evidence.schemas import CheckOutcome
from app.register import REGISTER
from app.upkeep.downloads import user_agent
from app.upkeep.link_checks import DisconnectedError, DueAddress, Recorder, due
from app.upkeep.link_requests import RequestPolicy, ask_all

LOST = (CheckOutcome.GONE, CheckOutcome.UNREACHABLE)
CONTACT = set(string.ascii_letters + string.digits + "@.:/+-_~?=&%#")


def _contact(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and (not value or len(value) > 200 or set(value) - CONTACT):
        raise click.BadParameter("write an e-mail address or the address of a page")
    return value


@click.command()
@click.option("--contact", callback=_contact, help="Where those who are asked can reach you: e-mail, or a page.")
@click.option("--limit", type=click.IntRange(min=1), help="Ask for so many addresses at most.")
@click.option("--host", "hosts", multiple=True, help="Only addresses at this host; may be given several times.")
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(min=0),
    metavar="DAYS",
    default=30,
    show_default=True,
    help="Only addresses never checked, or last checked so many days ago; 0: all.",
)
@click.option(
    "--delay",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    help="Seconds between two requests to a host.",
)
@click.option("--allow-private", is_flag=True, help="Ask hosts in private networks too, and this machine.")
@click.option("--dry-run", is_flag=True, help="List what would be asked, and ask nothing.")
def links(
    contact: str | None,
    limit: int | None,
    hosts: tuple[str, ...],
    days: int,
    delay: float,
    allow_private: bool,
    dry_run: bool,
) -> None:
    """Check the addresses of sources, and record what came of it with each source.

    Each batch of checks becomes one revision, so a run that was stopped goes on where it stopped. No fact, citation
    or address is changed. Nothing calls this by itself.
    """
    today = datetime.now(UTC).date()
    with opened() as (settings, engine):
        with database.reading(engine) as connection:
            asked = due(connection, today, days, {host.casefold() for host in hosts})[:limit]
        if dry_run:
            for one in asked:
                click.echo(f"{one.address} ({', '.join(one.sources)}; checked {one.checked or 'never'})")
            click.echo(f"{len(asked)} addresses would be asked for", err=True)
            return
        recorder = Recorder(engine, REGISTER, asked, today, click.echo)
        policy = RequestPolicy(user_agent("checking links", contact), delay, allow_private)
        with watched(settings, engine):
            _run(asked, policy, recorder)
        _report(recorder)


def _run(asked: list[DueAddress], policy: RequestPolicy, recorder: Recorder) -> None:
    """Ask and record; what was heard before an interruption is recorded too."""
    stopped = False
    try:
        try:
            ask_all([one.address for one in asked], policy, recorder.hear)
        except KeyboardInterrupt:
            stopped = True
        recorder.record()
    except DisconnectedError as error:
        click.echo(f"{error}. Is this machine connected? If it is, ask for more at once.", err=True)
        sys.exit(1)
    if stopped:
        click.echo("stopped; the rest is asked when this is called again", err=True)
        sys.exit(130)


def _report(recorder: Recorder) -> None:
    for heard in sorted(recorder.heard):
        if heard.outcome in LOST or heard.outcome is None:
            sources, why = ", ".join(recorder.sources[heard.address]), heard.status or heard.reason
            click.echo(f"{heard.outcome or 'not asked'}: {heard.address} ({sources}): {why}")
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(recorder.counted.items()))
    click.echo(f"{len(recorder.heard)} addresses: {counts}" if counts else "nothing to do: no address is due")

"""registry refresh."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import click
import orjson

from app import database
from app.cli.database import opened
from app.reads import snapshots
from app.reads.answers.organisations import ServedForce
from app.registry.documents.canonical import Document
from app.registry.serving.statements import Clock, clock
from app.upkeep.downloads import content_of, is_address
from app.upkeep.force_list import SCHEME, ForceList, ListingError, read_listing
from app.upkeep.force_list_diff import Comparison, Difference, DifferenceKind, compare
from app.upkeep.proposals import proposals

DIFFERENT = 3
"""The exit status when there are differences that the register does not record."""

HEADINGS = {
    DifferenceKind.NEW: "in the list, not in the register",
    DifferenceKind.NOT_LISTED: "in the register, not in the list",
    DifferenceKind.NOT_IN_BEING: "in the list, not in being by the register",
    DifferenceKind.NAME: "named otherwise",
    DifferenceKind.WEBSITE: "other website",
}


@click.group()
def refresh() -> None:
    """Compare the registry with lists kept elsewhere. Nothing is written: differences are proposed."""


@refresh.command()
@click.option("--retrieved", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="When it was got; else today.")
@click.option("--as-of", help="Compare with the forces of that day, month or year; else of the day of retrieval.")
@click.option("--known-at", help="What the registry said then: a revision or an RFC 3339 time.")
@click.option("--format", "form", type=click.Choice(["text", "json", "ndjson"]), default="text", show_default=True)
@click.argument("listing", metavar="FILE|URL")
def forces(listing: str, retrieved: datetime | None, as_of: str | None, known_at: str | None, form: str) -> None:
    """Compare the forces with data.police.uk's list of them, or with what it says of one.

    ndjson gives what could be recorded, ready for `registry load`. The exit status is 0 without differences, 3 with
    some, 1 when the list cannot be read. A difference that is recorded already is told, and does not count.
    """
    day = (retrieved or datetime.now(UTC)).date().isoformat()
    try:
        read = read_listing(content_of(listing), day, listing if is_address(listing) else None)
    except ListingError as error:
        click.echo(f"{listing}: {error}", err=True)
        sys.exit(1)
    with opened() as (_, engine), database.reading(engine) as connection:
        when = clock(connection, known_at, as_of or day)
        if form == "ndjson" and when.revision != clock(connection).revision:
            raise click.UsageError("proposals are made from what is recorded now; leave out --known-at")
        found = compare(snapshots.of_type(connection, when, ServedForce), read, snapshots.days_asked(when))
        for line in {"text": _text, "json": _json, "ndjson": _ndjson}[form](found, read, when):
            click.echo(line)
    sys.exit(0 if all(difference.recorded for difference in found.differences) else DIFFERENT)


def _text(found: Comparison, listing: ForceList, when: Clock) -> Iterable[str]:
    yield f"{len(listing.forces)} listed (sha256 {listing.sha256})"
    yield f"compared with revision {when.revision}, as of {when.as_of}"
    for kind, heading in HEADINGS.items():
        of_kind = [difference for difference in found.differences if difference.kind is kind]
        if of_kind:
            yield f"\n{heading}:"
        for difference in of_kind:
            yield from _sentences(difference)
    if found.not_compared:
        yield f"\nnot compared, for want of an id of {SCHEME}:"
        yield from (f"  {entry.answer['id']}: {entry.answer['name']}" for entry in found.not_compared)
    yield f"\n{_counted(found.differences)}"


def _sentences(difference: Difference) -> Iterable[str]:
    marks = [word for word in ("minor", "recorded") if getattr(difference, word)]
    yield f"  {_id(difference)} {difference.reason}" + (f" ({', '.join(marks)})" if marks else "")
    yield from (f"    its record says: {note}" for note in difference.notes)


def _id(difference: Difference) -> str:
    entry, listed = difference.force, difference.listed
    return str(entry.answer["id"]) if entry else f"{listed.id} '{listed.name}'" if listed else ""


def _counted(differences: list[Difference]) -> str:
    known = sum(difference.recorded for difference in differences)
    told = f" ({known} more are recorded already)" if known else ""
    return f"{len(differences) - known or 'no'} differences{told}; nothing was written"


def _json(found: Comparison, listing: ForceList, when: Clock) -> Iterable[str]:
    read = {name: getattr(listing, name) for name in ("address", "sha256", "retrieved", "whole")}
    meta = {**when.meta, "listing": {**read, "entries": len(listing.forces)}}
    data = list(map(_as_document, found.differences))
    yield _line({"data": data, "meta": {**meta, "not_compared": [entry.reference for entry in found.not_compared]}})


def _as_document(difference: Difference) -> Document:
    listed = difference.listed
    shown = {"id": listed.id, "name": listed.name, "url": listed.url, "place": listed.place} if listed else None
    own = {
        name: getattr(difference, name) for name in ("kind", "pointer", "value", "reason", "minor", "recorded", "notes")
    }
    return {**own, "force": difference.force.reference if difference.force else None, "listed": shown}


def _ndjson(found: Comparison, listing: ForceList, when: Clock) -> Iterable[str]:
    return map(_line, proposals(found.differences, listing))


def _line(value: Any) -> str:
    return orjson.dumps(value).decode()

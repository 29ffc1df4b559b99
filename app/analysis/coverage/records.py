"""The records that coverage counts, and the dates of their sources."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from app.reads import snapshots
from app.reads.snapshots import Entry, asked_days
from app.registry.documents.canonical import Document
from app.registry.presence import Presence
from app.registry.serving.statements import Clock


def held(connection: Connection, when: Clock, types: Iterable[str]) -> Iterator[tuple[Entry, Presence]]:
    """The records of these types that can have held, each with its presence."""
    for entry in snapshots.of_types(connection, when, types):
        presence = entry.period.presence(asked_days(when))
        if presence is not Presence.ABSENT:
            yield entry, presence


def published(connection: Connection, when: Clock) -> dict[str, Document]:
    """The date of every source that has one."""
    sources = snapshots.of_types(connection, when, ("source",))
    return {entry.answer["id"]: entry.answer["published"] for entry in sources if entry.answer["published"]}

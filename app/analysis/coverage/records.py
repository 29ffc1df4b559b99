"""The records that coverage counts, and the dates of their sources."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from app.reads import snapshots
from app.reads.answers.evidence import ServedSource
from app.reads.answers.records import ServedDate
from app.reads.snapshots import RecordSnapshot, days_asked
from app.registry.presence import Presence
from app.registry.serving.statements import Clock


def held(connection: Connection, when: Clock, types: Iterable[str]) -> Iterator[tuple[RecordSnapshot, Presence]]:
    """The records of these types that can have held, each with its presence."""
    for entry in snapshots.of_types(connection, when, types):
        presence = entry.period.presence(days_asked(when))
        if presence is not Presence.ABSENT:
            yield entry, presence


def published(connection: Connection, when: Clock) -> dict[str, ServedDate]:
    """The date of every source that has one."""
    sources = (entry.answer for entry in snapshots.of_type(connection, when, ServedSource))
    return {source["id"]: source["published"] for source in sources if source["published"]}

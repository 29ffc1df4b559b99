"""What a file is made of: the records of one revision, on the days asked for, read a batch at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, func, select

from app.api.licence import LICENCE
from app.catalogue import CATALOGUE
from app.registry.clocks import held_on, own_period, recorded_at
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.records import PeriodRow, Revision, Version
from app.registry.serving.statements import BATCH, Clock, batch


@dataclass(frozen=True, eq=False)
class Extract:
    """The register at a revision and, with `as_of`, on some days; `base` is the address that linked data begin with.

    No connection outlives a batch, so that a reader who stands still or goes away keeps none.
    """

    connection: Callable[[], AbstractContextManager[Connection]]
    when: Clock
    base: str

    def documents(self, collection: Collection) -> Iterator[str]:
        """The documents of a collection by id, as JSON, without what was absent."""
        after, found = "", [("", "")] * BATCH
        while len(found) == BATCH:
            with self.connection() as connection:
                found = batch(connection, collection, self.when, after)
            yield from (body for _, body in found)
            after = found[-1][0] if found else after

    @cached_property
    def rows(self) -> dict[str, int]:
        """How many records each collection has, by its path."""
        with self.connection() as connection:
            return counted(connection, self.when)

    def facts(self) -> Document:
        """What every file says of itself: revision, days and licence."""
        with self.connection() as connection:
            revision = revision_of(connection, self.when)
        return {"revision": revision, **days_of(self.when), "licence": LICENCE}


def days_of(when: Clock) -> Document:
    """What a file says of the days that it was asked for."""
    return {"as_of": when.as_of, "presumed_for": when.presumed_for}


def counted(connection: Connection, when: Clock) -> dict[str, int]:
    """How many records each collection has, by its path."""
    asked = select(Version.collection, func.count()).where(recorded_at(Version, when.revision))
    if when.days:
        asked = asked.join(PeriodRow, own_period(Version.record_pk, when.revision)).where(held_on(PeriodRow, when.days))
    found = {row[0]: row[1] for row in connection.execute(asked.group_by(Version.collection))}
    return {collection.path: found.get(collection.type, 0) for collection in CATALOGUE}


def revision_of(connection: Connection, when: Clock) -> Document | None:
    """Number, time and digest of the revision; None while the registry is empty."""
    asked = select(Revision.number, Revision.recorded, Revision.digest).where(Revision.number == when.revision)
    found = connection.execute(asked).first()
    return dict(found._mapping) if found else None

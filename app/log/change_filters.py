"""Which changes are asked for: those of some types, of some records, or of what some forces take part in."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Subquery, case, cast, func, literal, null, select, union_all

from app.reads.filters import EVERY_TYPE, RELATION_FILTERS, any_named, chosen
from app.registry.records import BigKey, Pointer, Record, Revision, Version
from app.registry.redactions import RedactedVersion

PARAMETERS = ("type", "force", "record")


class Deed(IntEnum):
    """What a revision can do to a record, in the order in which its lines stand."""

    WROTE = 0
    REDACTED = 1
    WITHDREW = 2


class ChangeSource(NamedTuple):
    """One of the tables that say which revision did something to a record, by the names that all of them have."""

    deed: Deed
    revision: Any
    collection: Any
    id: Any
    record_pk: Any
    version_pk: Any

    @property
    def rows(self) -> Any:
        """What it says, each record of a revision once."""
        names = self._fields[1:]
        columns = (getattr(self, name).label(name) for name in names)
        found = select(*columns, literal(int(self.deed)).label("deed"))
        # a revision that redacts several versions of a record does that once
        return found.distinct() if self.deed is Deed.REDACTED else found


_NONE = cast(null(), BigKey)
_GONE = (RedactedVersion.collection, RedactedVersion.record_id, RedactedVersion.record_pk, _NONE)
SOURCES = (
    ChangeSource(
        Deed.WROTE, Version.recorded_from, Version.collection, Version.record_id, Version.record_pk, Version.pk
    ),
    ChangeSource(Deed.WROTE, RedactedVersion.recorded_from, *_GONE),
    ChangeSource(Deed.REDACTED, RedactedVersion.redacted, *_GONE),
    ChangeSource(Deed.WITHDREW, Record.withdrawn, Record.collection, Record.id, Record.pk, _NONE),
)


class ChangeFilter(NamedTuple):
    """The types, and the keys of the records and of the forces that are asked for; None: all."""

    types: frozenset[str] | None = None
    records: frozenset[int] | None = None
    forces: frozenset[int] | None = None

    @classmethod
    def of(cls, connection: Connection, parameters: Mapping[str, str]) -> "ChangeFilter":
        """What the parameters ask for. Raises Unsupported for a value unknown."""
        given = dict(parameters)
        types = chosen(given, "type", EVERY_TYPE)
        kinds = {"record": EVERY_TYPE, "force": RELATION_FILTERS["force"].types}
        named = {name: frozenset(any_named(connection, given, name, kinds[name])) for name in kinds if name in given}
        return cls(None if types is None else frozenset(types), named.get("record"), named.get("force"))

    @property
    def lets_all_through(self) -> bool:
        """Whether nothing is asked for in particular."""
        return self == ChangeFilter()

    def revisions(self, low: int, high: int, limit: int, *, backwards: bool) -> Select[Any]:
        """The numbers of so many revisions from `low` to `high` that changed what is asked for."""
        if self.lets_all_through:
            number: Any = Revision.number
            asked = select(number).where(number.between(low, high))
        else:
            every = union_all(*(self._narrowed(source, low, high) for source in SOURCES)).subquery()
            number = every.c.revision
            asked = self.narrowed(select(number).distinct(), every)
        return asked.order_by(number.desc() if backwards else number).limit(limit)

    def _narrowed(self, source: ChangeSource, low: int, high: int) -> Select[Any]:
        """By what an index knows, before the rows of the tables come together."""
        asked: Select[Any] = source.rows.where(source.revision.between(low, high))
        if self.types is not None:
            asked = asked.where(source.collection.in_(sorted(self.types)))
        return asked if self.records is None else asked.where(source.record_pk.in_(sorted(self.records)))

    def narrowed(self, asked: Select[Any], entries: Subquery) -> Select[Any]:
        """The statement with only those of the entries that are asked for."""
        if self.types is not None:
            asked = asked.where(entries.c.collection.in_(sorted(self.types)))
        if self.records is not None:
            asked = asked.where(entries.c.record_pk.in_(sorted(self.records)))
        if self.forces is not None:
            concerned = concerning(self.forces)
            asked = asked.join(concerned, concerned.c.record_pk == entries.c.record_pk)
            asked = asked.where(entries.c.revision >= concerned.c.since)
        return asked


def concerning(forces: frozenset[int]) -> Subquery:
    """The records that concern the forces or in which they take part, each with the first revision that said so.

    What once concerned a force stays with it, or its followers would never hear that it had left. And no later revision
    changes which entries there are, so two who follow are told the same.
    """
    near = select(Record.pk.label("record_pk"), literal(0).label("since")).where(Record.pk.in_(sorted(forces)))
    reached = [near]
    for fields in RELATION_FILTERS["force"].steps:
        last = near.subquery()
        since = case((Pointer.recorded_from > last.c.since, Pointer.recorded_from), else_=last.c.since)
        near = (
            select(Pointer.record_pk.label("record_pk"), func.min(since).label("since"))
            .join(last, last.c.record_pk == Pointer.target_pk)
            .where(Pointer.field.in_(fields))
            .group_by(Pointer.record_pk)
        )
        reached.append(near)
    every = union_all(*reached).subquery()
    return select(every.c.record_pk, func.min(every.c.since).label("since")).group_by(every.c.record_pk).subquery()

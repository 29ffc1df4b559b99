"""Records as the registry served them at a revision, read many at a time: what every view is worked out from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypedDict, cast

from sqlalchemy import Connection, and_, bindparam, select
from typing_extensions import TypeVar

from app.catalogue import CATALOGUE
from app.prepared_statements import PreparedStatement
from app.reads.answers.record_types import RECORD_TYPES
from app.registry.chunks import CHUNK, chunked
from app.registry.clocks import recorded_at
from app.registry.collection import Collection
from app.registry.dates import EVER, Span
from app.registry.documents.canonical import parse_json
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Period, Presence
from app.registry.records import Answer, Pointer, Record, Version
from app.registry.relations import KEYS, REVISION
from app.registry.serving.statements import Clock, Found, shown

_RECORDS = select(Record.pk, Record.collection, Answer.body, Answer.periods).join(Answer, Answer.record_pk == Record.pk)
_OF_PKS = PreparedStatement(_RECORDS.where(Record.pk.in_(KEYS), recorded_at(Answer, REVISION)))
_KEYS = PreparedStatement(
    select(Record.id, Record.pk).where(
        Record.collection == bindparam("collection"), Record.id.in_(bindparam("ids", expanding=True))
    )
)


A = TypeVar("A", bound=Mapping[str, Any], default=Any)
B = TypeVar("B", bound=Mapping[str, Any])
P = TypeVar("P", bound=Mapping[str, Any])


class RecordSnapshot(NamedTuple, Generic[A]):
    """A record: its answer, and when it and its dated parts held; `found` is what both were read from.

    A `RecordSnapshot[ServedForce]` is of a force, and a mistyped field of its answer is a type error.
    """

    pk: int
    collection: Collection
    answer: A
    periods: Mapping[str, Any]
    found: Found

    @classmethod
    def read(cls, collection: Collection, found: Found) -> "RecordSnapshot[A]":
        """The snapshot of a record that was found."""
        return cls(found.pk, collection, cast(A, parse_json(found.body)), parse_json(found.periods), found)

    def of(self, answer: type[B]) -> "RecordSnapshot[B] | None":
        """The snapshot itself, if the record has answers of this type: `entry.of(ServedForce)`."""
        return cast("RecordSnapshot[B]", self) if RECORD_TYPES[answer] == self.collection.type else None

    def shown(self, when: Clock) -> A:
        """The answer on the days asked for, its derived fields too."""
        if not when.days:
            return self.answer
        return cast(A, parse_json(shown(self.collection, self.found.body, self.found.periods, when)))

    def at(self, when: Clock) -> "RecordSnapshot[A]":
        """The record with its answer on the days asked for: written out once, however often it is read."""
        return self._replace(answer=self.shown(when))

    @property
    def ref(self) -> Ref:
        """What other records call it by: `Ref("force", "bedfordshire")`."""
        return Ref(self.collection.type, self.answer["id"])

    @property
    def reference(self) -> ReferenceObject:
        """A reference to the record."""
        return CATALOGUE.reference(self.ref, self.answer.get("name"))

    @property
    def period(self) -> Period:
        """When the record held."""
        return Period(*self.periods[""])

    def held(self, when: Clock) -> bool:
        """Whether it can have held at some time on the days asked for."""
        return self.period.presence(days_asked(when)) is not Presence.ABSENT

    def dated(self, field: str, parts: Sequence[P]) -> list[tuple[P, Period]]:
        """The parts that stand in a field, each with its period: `entry.dated("posts", entry.answer["posts"])`."""
        return [(part, Period(*period)) for part, period in zip(parts, self.periods[field], strict=True)]

    def parts(self, field: str) -> list[tuple[Any, Period]]:
        """The dated parts in a field, each with its period, where only the name of the field is known."""
        return self.dated(field, cast(Mapping[str, Any], self.answer)[field])


class PresenceField(TypedDict, total=False):
    """What an answer says of presence: nothing, where no day was asked for."""

    presence: Presence


def with_presence(presence: Presence, when: Clock) -> PresenceField:
    """The presence as a field of an answer, on reads that ask for a day: `{"presence": Presence.CERTAIN}`."""
    return {"presence": presence} if when.days else {}


def days_asked(when: Clock) -> Span:
    """The days that a read asks for."""
    return when.days or EVER


def of_type(connection: Connection, when: Clock, answer: type[A]) -> Iterator[RecordSnapshot[A]]:
    """Every record with answers of this type, in the order of ids: `of_type(connection, when, ServedClaim)`."""
    yield from of_types(connection, when, (RECORD_TYPES[answer],))


def of_types(connection: Connection, when: Clock, types: Iterable[str]) -> Iterator[RecordSnapshot]:
    """Every record of these types, in the order of type and id."""
    asked = _RECORDS.where(Record.collection.in_(list(types)), recorded_at(Answer, when.revision))
    yield from _entries(connection, asked.order_by(Record.collection, Record.id))


def batches(connection: Connection, when: Clock, kind: str) -> Iterator[list[RecordSnapshot]]:
    """Every record of a type, in the order of ids, so many at a time as are held in memory at once."""
    after = ""
    while True:
        asked = _RECORDS.where(Record.collection == kind, Record.id > after, recorded_at(Answer, when.revision))
        if found := list(_entries(connection, asked.order_by(Record.id).limit(CHUNK))):
            yield found
            after = found[-1].answer["id"]
        if len(found) < CHUNK:
            return


def of_pks(connection: Connection, when: Clock, pks: Iterable[int]) -> list[RecordSnapshot]:
    """The records with these keys, in the order of type and id."""
    found: list[RecordSnapshot] = []
    for chunk in chunked(sorted(set(pks))):
        rows = _OF_PKS.rows(connection, keys=chunk, revision=when.revision)
        found += (_entry(*row) for row in rows)
    return sorted(found, key=lambda entry: (entry.collection.type, entry.answer["id"]))


def keys(connection: Connection, refs: Iterable[Ref]) -> dict[Ref, int]:
    """The keys of these records, without those that there are not."""
    wanted: dict[str, list[str]] = {}
    for kind, slug in sorted(set(refs)):
        wanted.setdefault(kind, []).append(slug)
    found: dict[Ref, int] = {}
    for kind, slugs in wanted.items():
        for chunk in chunked(slugs):
            rows = _KEYS.rows(connection, collection=kind, ids=chunk)
            found.update((Ref(kind, slug), pk) for slug, pk in rows)
    return found


def of_refs(connection: Connection, when: Clock, refs: Iterable[Ref]) -> list[RecordSnapshot]:
    """These records, in the order of type and id."""
    return of_pks(connection, when, keys(connection, refs).values())


def slugs_of(connection: Connection, when: Clock, kind: str, most: int) -> list[str]:
    """The ids of the records of a type, in their order, at most so many."""
    asked = select(Version.record_id).where(Version.collection == kind, recorded_at(Version, when.revision))
    return list(connection.scalars(asked.order_by(Version.record_id).limit(most)))


def with_competing_values(connection: Connection, when: Clock) -> list[int]:
    """Records in which some `value` stands: all that have a citation with one, and some others."""
    asked = select(Version.record_pk).where(
        recorded_at(Version, when.revision), Version.document.contains('"value":', autoescape=True)
    )
    return list(connection.scalars(asked))


class Arrow(NamedTuple):
    """A reference from one record to another."""

    record_pk: int
    field: str
    position: int
    target_pk: int


def pointing(connection: Connection, when: Clock, targets: Iterable[int], fields: Sequence[str]) -> list[Arrow]:
    """The references to these records that stand in these fields ("joint-unit.participants")."""
    found: list[Arrow] = []
    for chunk in chunked(sorted(set(targets))):
        asked = select(Pointer.record_pk, Pointer.field, Pointer.position, Pointer.target_pk).where(
            and_(Pointer.target_pk.in_(chunk), Pointer.field.in_(fields), recorded_at(Pointer, when.revision))
        )
        found += (Arrow(*row) for row in connection.execute(asked))
    return sorted(found)


def _entries(connection: Connection, asked: Any) -> Iterator[RecordSnapshot]:
    for row in connection.execute(asked):
        yield _entry(*row)


def _entry(pk: int, kind: str, body: str, periods: str) -> RecordSnapshot:
    return RecordSnapshot.read(CATALOGUE.by_type[kind], Found(pk, body, periods))

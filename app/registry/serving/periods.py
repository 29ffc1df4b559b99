"""The projection of periods: when each record held, and each relation of one to another, as of every revision.

Both clocks select by these days, everywhere. They follow from the dates that a record states of itself and its parts,
and from what other records say: `app.registry.bounds` has the rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement, write_rows
from app.registry.bounds import Life, Succession, not_before_members, superseded, within_life
from app.registry.chunks import chunked
from app.registry.clocks import recorded_at
from app.registry.collection import Catalogue, Collection
from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span
from app.registry.documents.canonical import Document, parse_json
from app.registry.presence import Period, clipped
from app.registry.projections import Changes, Projection, beginnings_and_ends
from app.registry.records import PERIOD_COLUMNS, PeriodRow, Pointer, Record, Version, rows_of
from app.registry.relations import FIELDS, KEYS, REVISION, pointed_to, pointing

PeriodKey = tuple[int, str, int, int]
"""Record, field, position and target: (7, "joint-unit.participants", 0, 3); (7, "", 0, 7) for the record itself."""
COLUMNS = ("record_pk", "field", "position", "target_pk", "recorded_from", "recorded_to", "record_id", *PERIOD_COLUMNS)
MOST_KNOWN = 100_000
"""Of more organisations the lives are not kept from one chunk of records to the next."""


_BEFORE = PreparedStatement(
    select(*(getattr(PeriodRow, name) for name in COLUMNS)).where(
        PeriodRow.record_pk.in_(KEYS), recorded_at(PeriodRow, REVISION)
    )
)
_DOCUMENTS = PreparedStatement(
    select(Version.record_pk, Version.collection, Version.document).where(
        Version.record_pk.in_(KEYS), recorded_at(Version, REVISION)
    )
)
_POINTERS = PreparedStatement(
    select(Pointer.record_pk, Pointer.field, Pointer.position, Pointer.target_pk).where(
        Pointer.record_pk.in_(KEYS), recorded_at(Pointer, REVISION)
    )
)
_SUCCESSIONS = PreparedStatement(
    select(Pointer.target_pk, Pointer.record_pk, Version.collection, Version.document, Pointer.position)
    .join(Version, and_(Version.record_pk == Pointer.record_pk, recorded_at(Version, REVISION)))
    .where(Pointer.target_pk.in_(KEYS), Pointer.field.in_(FIELDS), recorded_at(Pointer, REVISION))
    .order_by(Pointer.record_pk, Pointer.position)
)
_KINDS = PreparedStatement(select(Record.collection).where(Record.pk.in_(KEYS)).distinct())


@cache
def _life_of(collection: Collection) -> PreparedStatement:
    """Asks for the earliest start and the latest end that are recorded."""
    table: Any = collection.table
    return PreparedStatement(
        select(Version.record_pk, table.started_earliest, table.ended_latest)
        .join(table, table.version_pk == Version.pk)
        .where(Version.record_pk.in_(KEYS), recorded_at(Version, REVISION))
    )


class Periods(Projection):
    """Periods of records and relations."""

    name = "periods"
    tables = (PeriodRow,)

    def __init__(self, session: Session, catalogue: Catalogue, revision: int) -> None:
        super().__init__(session, catalogue, revision)
        self.lives: dict[int, Life] = {}

    def affected(self, changes: Changes) -> set[int]:
        """Those written or withdrawn, those that hang on one whose dates changed, and what all of these follow."""
        found = changes.touched
        found |= pointing(self.session, changes.redated, self.revision, self.catalogue.bounded_fields)
        found |= pointed_to(self.session, found, self.revision, self.catalogue.succession_fields)
        return found

    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Write the periods that came out other than before, and close those."""
        made = dict(self._periods(record_pks))
        before = self._before(record_pks)
        stale = [key for key, (_, days, _) in before.items() if key not in made or made[key][1] != days]
        self._close([(*key, before[key][2]) for key in stale])
        new = [(key, found) for key, found in made.items() if key not in before or before[key][1] != found[1]]
        rows = [(*key, self.revision, None, slug, *days) for key, (slug, days) in new]
        write_rows(self.connection, "period", COLUMNS, rows)
        return {key[0] for key in stale} | {key[0] for key, _ in new}

    @classmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Where rows begin and end."""
        return beginnings_and_ends(session, PeriodRow)

    def _ask(self, statement: PreparedStatement, record_pks: Sequence[int], **more: Any) -> list[Any]:
        """The rows of these records at the revision."""
        return statement.rows(self.connection, keys=list(record_pks), revision=self.revision, **more)

    def _before(self, record_pks: Sequence[int]) -> dict[PeriodKey, tuple[str, tuple[int, ...], int]]:
        rows = self._ask(_BEFORE, record_pks)
        return {(row[0], row[1], row[2], row[3]): (row[6], tuple(row[7:]), row[4]) for row in rows}

    def _close(self, keys: Sequence[tuple[Any, ...]]) -> None:
        if not keys:
            return
        names = ("record_pk", "field", "position", "target_pk", "recorded_from")
        table = rows_of(PeriodRow)
        closing = update(table).where(and_(*(table.c[name] == bindparam(f"its_{name}") for name in names)))
        values = [{f"its_{name}": value for name, value in zip(names, key, strict=True)} for key in keys]
        self.connection.execute(closing.values(recorded_to=self.revision), values)

    def _periods(self, record_pks: Sequence[int]) -> Iterator[tuple[PeriodKey, tuple[str, tuple[int, ...]]]]:
        """For each record and relation, the id of the record and the days."""
        versions = self._versions(record_pks)
        pointers = self._pointers(record_pks)
        successions = self._successions(record_pks)
        followers = [pk for found in successions.values() for pk, *_ in found]
        pointers |= self._pointers([pk for pk in followers if pk not in versions])
        self._learn_lives(pointers)
        for pk, (collection, document) in versions.items():
            whole = self._whole(collection, document, pointers[pk])
            whole = superseded(whole, [self._succession(*found, pointers) for found in successions.get(pk, ())])
            yield (pk, "", 0, pk), (document["id"], tuple(whole))
            for field, position, target in pointers[pk]:
                days = self._relation(collection, document, field, position, target, whole)
                yield (pk, field, position, target), (document["id"], days)

    def _whole(self, collection: Collection, document: Document, pointers: Iterable[tuple[str, int, int]]) -> Period:
        """When the record held by its own dates, those of its members, and of what it hangs on."""
        period = collection.plan.period(document)
        if collection.members:
            field = f"{collection.type}.{collection.members}"
            lives = {target: self.lives[target] for name, _, target in pointers if name == field}
            period = not_before_members(period, (life.first for life in lives.values()))
        for name, _, target in pointers:
            if name in collection.hanging_fields:
                period = within_life(period, self.lives[target])
        return period

    def _relation(
        self, collection: Collection, document: Document, field: str, position: int, target: int, whole: Period
    ) -> tuple[int, ...]:
        """When a relation held: as its part says, within the record, and within the life of what it points to."""
        plan = collection.plan.field(field.partition(".")[2])
        days: tuple[int, ...] = whole
        if plan.part and plan.part.held:
            days = clipped(plan.part.period(document[plan.name][position]), whole)
        if field in self.catalogue.bounded_fields:
            days = within_life(Period._make(days), self.lives[target])
        return tuple(days)

    def _succession(
        self, pk: int, collection: Collection, document: Document, position: int, pointers: Any
    ) -> Succession:
        """What the record says of the predecessor that it names at the position."""
        part = document[collection.succession or ""][position]
        began = self._whole(collection, document, pointers[pk])
        stated = part.get("basis", "stated") == "stated"
        return Succession(Span(began.begins_earliest, began.begins_latest), stated, part["relation"] == "splits")

    def _versions(self, record_pks: Sequence[int]) -> dict[int, tuple[Collection, Document]]:
        rows = self._ask(_DOCUMENTS, record_pks)
        return {pk: (self.catalogue.by_type[kind], parse_json(text)) for pk, kind, text in rows}

    def _pointers(self, record_pks: Sequence[int]) -> dict[int, list[tuple[str, int, int]]]:
        """Field, position and target of everything that these records point to."""
        found: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
        for chunk in chunked(record_pks):
            for pk, field, position, target in self._ask(_POINTERS, chunk):
                found[pk].append((field, position, target))
        return found

    def _successions(self, record_pks: Sequence[int]) -> dict[int, list[tuple[int, Collection, Document, int]]]:
        """For each record, those that name it as their predecessor, and where."""
        found: dict[int, list[tuple[int, Collection, Document, int]]] = defaultdict(list)
        fields = sorted(self.catalogue.succession_fields)
        for target, pk, kind, text, position in self._ask(_SUCCESSIONS, record_pks, fields=fields):
            found[target].append((pk, self.catalogue.by_type[kind], parse_json(text), position))
        return found

    def _learn_lives(self, pointers: dict[int, list[tuple[str, int, int]]]) -> None:
        """Learn when what relations hang on began and ended, by its recorded dates."""
        if len(self.lives) > MOST_KNOWN:
            self.lives.clear()
        bounded = self.catalogue.bounded_fields
        wanted = {target for found in pointers.values() for field, _, target in found if field in bounded}
        for chunk in chunked(sorted(wanted - self.lives.keys())):
            self.lives.update(dict.fromkeys(chunk, Life()))
            kinds = _KINDS.scalars(self.connection, keys=chunk)
            for kind in sorted(kinds):
                self.lives.update(self._lives(self.catalogue.by_type[kind], chunk))

    def _lives(self, collection: Collection, record_pks: Sequence[int]) -> Iterator[tuple[int, Life]]:
        if not {"started", "ended"} <= set(collection.dates):
            return
        for pk, first, until in self._ask(_life_of(collection), record_pks):
            yield pk, Life(BEFORE_ALL if first is None else first, AFTER_ALL if until is None else until)

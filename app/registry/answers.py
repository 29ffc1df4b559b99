"""Answers: records as they are served, made when something is written so that a read only hands them out.

An answer shows more than its own record: the names of what it points to, and lists derived from what points to it.
`affected` finds every record whose answer a revision may change, `render` makes those answers anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.registry.collection import Catalogue, Incoming, Phase
from app.registry.dates import Period
from app.registry.documents import Document, Plan, nothing_recorded, parse_json, recorded
from app.registry.records import Answer, Pointer, Record, Version, rows_of

CHUNK = 500


def _chunks(items: Sequence[int]) -> Iterable[Sequence[int]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def affected(session: Session, catalogue: Catalogue, changed: set[int], renamed: set[int], number: int) -> list[int]:
    """The records whose answers revision `number` may change.

    Those it changed; those that show a name it changed; and those whose derived lists are made of any of these,
    before the revision or after; and those with a derived field that looks further.
    """
    showing = set(changed)
    for chunk in _chunks(sorted(renamed)):
        asked = select(Pointer.record_pk).where(Pointer.target_pk.in_(chunk), Pointer.recorded_to.is_(None))
        showing.update(session.scalars(asked.distinct()))
    listing = set[int]()
    for chunk in _chunks(sorted(showing)):
        asked = select(Pointer.target_pk).where(
            Pointer.record_pk.in_(chunk),
            Pointer.field.in_(catalogue.incoming_fields),
            or_(Pointer.recorded_to.is_(None), Pointer.recorded_to == number),
        )
        listing.update(session.scalars(asked.distinct()))
    watching = set[int]()
    for chunk in _chunks(sorted(showing | listing)):
        asked = select(Pointer.record_pk).where(
            Pointer.target_pk.in_(chunk), Pointer.field.in_(catalogue.watched_fields), Pointer.recorded_to.is_(None)
        )
        watching.update(session.scalars(asked.distinct()))
    return sorted(showing | listing | watching)


class Rendered(NamedTuple):
    """The answers that came out new, by record, and the records of which there was another before."""

    documents: dict[int, Document]
    replaced: list[int]


def render(session: Session, catalogue: Catalogue, record_pks: Sequence[int], number: int) -> Rendered:
    """Make the answers of these records as of revision `number`; those that come out the same stay."""
    made = _Rendering(session, catalogue, record_pks).answers()
    asked = select(Answer.record_pk, Answer.recorded_from, Answer.body, Answer.periods)
    before = {
        row.record_pk: row
        for row in session.execute(asked.where(Answer.record_pk.in_(record_pks), Answer.recorded_to.is_(None)))
    }
    rows: list[dict[str, Any]] = []
    for pk, (body, periods, _) in made.items():
        if pk not in before or (before[pk].body, before[pk].periods) != (body, periods):
            rows.append({"record_pk": pk, "recorded_from": number, "body": body, "periods": periods})
    stale = [row["record_pk"] for row in rows if row["record_pk"] in before]
    closing = update(Answer).where(Answer.record_pk.in_(stale), Answer.recorded_to.is_(None))
    session.execute(closing.values(recorded_to=number))
    if rows:
        session.execute(insert(rows_of(Answer)), rows)
    return Rendered({row["record_pk"]: made[row["record_pk"]][2] for row in rows}, stale)


class _Rendering:
    """The answers of one chunk of records."""

    def __init__(self, session: Session, catalogue: Catalogue, record_pks: Sequence[int]) -> None:
        self.session, self.catalogue = session, catalogue
        asked = select(Version).where(Version.record_pk.in_(record_pks), Version.recorded_to.is_(None))
        self.versions = list(session.execute(_columns(asked)))
        self.incoming = self._incoming(record_pks)
        sources = {row.record_pk for rows in self.incoming.values() for row in rows}
        self.names = self._names(sorted({*record_pks, *sources}))
        self.pointed: dict[tuple[str, str], list[tuple[Document, Period]]] = {}

    def answers(self) -> dict[int, tuple[str, str, Document]]:
        """Of each record the body and the periods, as they are kept, and the body as it was before."""
        return {row.record_pk: self._answer(row) for row in self.versions}

    def _answer(self, row: Any) -> tuple[str, str, Document]:
        collection, document = self.catalogue.by_type[row.collection], parse_json(row.document)
        plan, whole = collection.plan, _period(row)
        body = plan.served(document, self._refer)
        body |= {"type": collection.type, "revision": row.recorded_from}
        if plan.field("url").read_only:  # a source's own is the address of the document
            body["url"] = self.catalogue.url(f"{row.collection}:{row.record_id}")
        periods: dict[str, Any] = {"": whole}
        for field in plan.fields:
            if field.part and field.part.held and not field.read_only:
                parts = document.get(field.name, [])
                periods[field.name] = [field.part.period(part).within(whole) for part in parts]
        for name, incoming in collection.incoming.items():
            entries = self._derive(row.record_pk, incoming, plan, name)
            body[name] = [entry for entry, _ in entries]
            periods[name] = [period for _, period in entries]
        for name, looked_up in collection.looked_up.items():
            body[name] = looked_up.make(body, self._pointing)
        for name, compute in collection.computed.items():
            body[name] = compute(body, Phase())
        # what was looked up and found empty is an answer: no party is missing
        body["not_recorded"] = [name for name in nothing_recorded(body) if name not in collection.looked_up]
        front, back = _halves(body)
        periods[FRONT] = len(front) - 1
        return f"{front[:-1]},{back[1:]}", orjson.dumps(periods, default=tuple).decode(), body

    def _derive(self, record_pk: int, incoming: Incoming, plan: Plan, name: str) -> list[tuple[Document, Period]]:
        """The entries of a derived list, in the order of their dates, then of the records they come from."""
        entry_plan = plan.field(name).part
        if entry_plan is None:
            return []
        rows = self.incoming.get((record_pk, incoming.field), [])
        return [(self._entry(row, incoming, entry_plan), _period(row)) for row in sorted(rows, key=_by_date)]

    def _entry(self, row: Any, incoming: Incoming, entry_plan: Plan) -> Document:
        """One entry: the pointing record, and what its part (else the record itself) says of the entry's fields."""
        source = self.catalogue.by_type[row.collection]
        document = parse_json(row.document)
        served = source.plan.served(document, self._refer)
        field = source.plan.field(incoming.field.partition(".")[2])
        part = served[field.name][row.position] if field.part else served
        dates = dates_of(part, field.part) if field.part and field.part.held else dates_of(served, source.plan)
        entry: Document = {incoming.key: self._refer(f"{row.collection}:{row.record_id}")}
        for name in (field.name for field in entry_plan.fields if field.name not in (incoming.key, "presence")):
            entry[name] = dates[name] if name in dates else part.get(name)
        return entry

    def _refer(self, target: str) -> Document:
        kind, _, slug = target.partition(":")
        return {"id": slug, "type": kind, "name": self.names[target], "url": self.catalogue.url(target)}

    def _incoming(self, record_pks: Sequence[int]) -> dict[tuple[int, str], list[Any]]:
        """What points to these records in the fields that derived lists are made of."""
        asked = (
            select(
                *(Pointer.target_pk, Pointer.field, Pointer.position, Pointer.record_pk, *_period_columns(Pointer)),
                *(Version.collection, Version.record_id, Version.document),
            )
            .join(Version, Version.pk == Pointer.version_pk)
            .where(
                Pointer.target_pk.in_(record_pks),
                Pointer.field.in_(self.catalogue.incoming_fields),
                Pointer.recorded_to.is_(None),
            )
        )
        found: dict[Any, list[Any]] = defaultdict(list)
        for row in self.session.execute(asked):
            found[row.target_pk, row.field].append(row)
        return found

    def _pointing(self, target: str, field: str) -> list[tuple[Document, Period]]:
        """What points to one record in one field; the documents come with their reference. Asked once a chunk."""
        if (target, field) not in self.pointed:
            self.pointed[target, field] = self._ask_pointing(target, field)
        return self.pointed[target, field]

    def _ask_pointing(self, target: str, field: str) -> list[tuple[Document, Period]]:
        kind, _, slug = target.partition(":")
        asked = (
            select(Version.collection, Version.record_id, Version.name, Version.document, *_period_columns(Pointer))
            .join(Pointer, Pointer.version_pk == Version.pk)
            .join(Record, Record.pk == Pointer.target_pk)
            .where(Record.collection == kind, Record.id == slug, Pointer.field == field, Pointer.recorded_to.is_(None))
            .order_by(Version.record_id)
        )
        found = []
        for row in self.session.execute(asked):
            self.names[f"{row.collection}:{row.record_id}"] = row.name
            found.append(
                ({"ref": self._refer(f"{row.collection}:{row.record_id}"), **parse_json(row.document)}, _period(row))
            )
        return found

    def _names(self, record_pks: Sequence[int]) -> dict[str, str]:
        """The names of these records and of all that they point to; a withdrawn record keeps its last one."""
        pointed = aliased(Pointer)
        names: dict[str, str] = {}
        for chunk in _chunks(record_pks):
            targets = select(pointed.target_pk).where(pointed.record_pk.in_(chunk), pointed.recorded_to.is_(None))
            asked = (
                select(Version.collection, Version.record_id, Version.name)
                .where(or_(Version.record_pk.in_(chunk), Version.record_pk.in_(targets)))
                .order_by(Version.recorded_from)
            )
            names.update((f"{kind}:{slug}", name) for kind, slug, name in self.session.execute(asked))
        return names


def _period_columns(table: Any) -> list[Any]:
    return [getattr(table, name) for name in Period._fields]


def _columns(asked: Any) -> Any:
    """The columns of a version that an answer is made of."""
    return asked.with_only_columns(
        *(Version.record_pk, Version.collection, Version.record_id, Version.recorded_from, Version.document),
        *_period_columns(Version),
    )


def _period(row: Any) -> Period:
    return Period(*(getattr(row, name) for name in Period._fields))


def _by_date(row: Any) -> tuple[int, int, str, int]:
    return row.begins_earliest, row.begins_latest, row.record_id, row.position


def dates_of(served: Document, plan: Plan) -> Document:
    """`started`, `ended` and `observed` of a served record or part, whatever it calls them."""
    if not plan.held:
        return {}
    starts = next((day for name in plan.held.starts for day in recorded(served, name)), None)
    return {
        "started": starts,
        "ended": served[plan.held.ends] if plan.held.ends else None,
        "observed": served[plan.held.observed] if plan.held.observed else [],
    }


FRONT = "|"
"""In `periods`: how much of the body comes before its evidence. No day changes what is behind."""


def _halves(body: Document) -> tuple[str, str]:
    """The body as two objects: all that a day may change, and the note and the evidence, which are most of it."""
    names = list(body)
    cut = names.index("note")
    halves = ({name: body[name] for name in part} for part in (names[:cut], names[cut:]))
    front, back = (orjson.dumps(half).decode() for half in halves)
    return front, back

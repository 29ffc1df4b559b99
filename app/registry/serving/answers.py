"""Answers: records as they are served, made when something is written so that a read only hands them out.

An answer shows more than its own record: the names of what it points to, and lists derived from what points to it.
`affected` finds every record whose answer a revision may change, `render` makes those answers anew.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from typing import Any, NamedTuple

import orjson
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.database import write_rows
from app.registry.collection import Catalogue, Incoming, Phase
from app.registry.documents.canonical import Document, nothing_recorded, parse_json
from app.registry.documents.fields import recorded
from app.registry.documents.plan import Plan
from app.registry.presence import Period, clipped
from app.registry.records import Answer, Pointer, Version
from app.registry.serving.references import References, chunks, period_columns
from app.registry.writing.rows import Row


def affected(session: Session, catalogue: Catalogue, changed: set[int], renamed: set[int], number: int) -> list[int]:
    """The records whose answers revision `number` may change.

    Those it changed; those that show a name it changed; and those whose derived lists are made of any of these,
    before the revision or after; and those with a derived field that looks further.
    """
    showing = set(changed)
    for chunk in chunks(sorted(renamed)):
        asked = select(Pointer.record_pk).where(Pointer.target_pk.in_(chunk), Pointer.recorded_to.is_(None))
        showing.update(session.scalars(asked.distinct()))
    listing = set[int]()
    for chunk in chunks(sorted(showing)):
        asked = select(Pointer.target_pk).where(
            Pointer.record_pk.in_(chunk),
            Pointer.field.in_(catalogue.incoming_fields),
            or_(Pointer.recorded_to.is_(None), Pointer.recorded_to == number),
        )
        listing.update(session.scalars(asked.distinct()))
    watching = set[int]()
    for chunk in chunks(sorted(showing | listing)):
        asked = select(Pointer.record_pk).where(
            Pointer.target_pk.in_(chunk), Pointer.field.in_(catalogue.watched_fields), Pointer.recorded_to.is_(None)
        )
        watching.update(session.scalars(asked.distinct()))
    return sorted(showing | listing | watching)


class Rendered(NamedTuple):
    """The answers that came out new, by record, and the records of which there was another before."""

    documents: dict[int, Document]
    replaced: list[int]


class Renderer:
    """Makes the answers of one revision, some at a time; what it learns of other records it keeps."""

    def __init__(self, session: Session, catalogue: Catalogue, number: int) -> None:
        self.session, self.catalogue, self.number = session, catalogue, number
        self.references = References(session, catalogue)

    def render(self, record_pks: Sequence[int]) -> Rendered:
        """Make the answers of these records as of the revision; those that come out the same stay."""
        made = _Rendering(self.session, self.catalogue, record_pks, self.references).answers()
        asked = select(Answer.record_pk, Answer.recorded_from, Answer.body, Answer.periods)
        current = asked.where(Answer.record_pk.in_(record_pks), Answer.recorded_to.is_(None))
        before = {row.record_pk: row for row in self.session.execute(current)}
        rows = [
            (pk, self.number, body, periods)
            for pk, (body, periods, _) in made.items()
            if pk not in before or (before[pk].body, before[pk].periods) != (body, periods)
        ]
        stale = [pk for pk, *_ in rows if pk in before]
        if stale:
            closing = update(Answer).where(Answer.record_pk.in_(stale), Answer.recorded_to.is_(None))
            self.session.execute(closing.values(recorded_to=self.number))
        write_rows(self.session, "answer", ("record_pk", "recorded_from", "body", "periods"), rows)
        return Rendered({pk: made[pk][2] for pk, *_ in rows}, stale)


class _Rendering:
    """The answers of one chunk of records."""

    def __init__(
        self, session: Session, catalogue: Catalogue, record_pks: Sequence[int], references: References | None = None
    ) -> None:
        self.session, self.catalogue = session, catalogue
        asked = select(*_VERSION).where(Version.record_pk.in_(record_pks), Version.recorded_to.is_(None))
        self.versions = list(session.execute(asked))
        self.incoming = self._incoming(record_pks)
        self.references = References(session, catalogue) if references is None else references
        self.references.learn({*record_pks, *(row.record_pk for rows in self.incoming.values() for row in rows)})
        self.refer = self.references.__getitem__
        self.looked_into: dict[tuple[str, str], Set[str]] = {}
        """The fields of a pointing record that its entries are made of, by its type and the field."""

    def answers(self) -> dict[int, tuple[str, str, Document]]:
        """Of each record the body and the periods, as they are kept, and the body as it was before."""
        return {row.record_pk: self._answer(row) for row in self.versions}

    def _answer(self, row: Any) -> tuple[str, str, Document]:
        collection, document = self.catalogue.by_type[row.collection], parse_json(row.document)
        plan, whole = collection.plan, Period._make(row[-5:])
        body = plan.served(document, self.refer)
        body |= {"type": collection.type, "revision": row.recorded_from}
        if plan.field("url").read_only:  # a source's own is the address of the document
            body["url"] = self.catalogue.url(f"{row.collection}:{row.record_id}")
        # plain tuples, which are written without a call for each
        periods: dict[str, Any] = {"": tuple(whole)}
        for name, part in plan.held_parts:
            periods[name] = [clipped(part.period(item), whole) for item in document.get(name, ())]
        for name, incoming in collection.incoming.items():
            entries = self._derive(row.record_pk, incoming, plan, name)
            body[name] = [entry for entry, _ in entries]
            periods[name] = [period for _, period in entries]
        for name, looked_up in collection.looked_up.items():
            body[name] = looked_up.make(body, self.references.pointing)
        for name, compute in collection.computed.items():
            body[name] = compute(body, Phase())
        # what was looked up and found empty is an answer: no party is missing
        body["not_recorded"] = [name for name in nothing_recorded(body) if name not in collection.looked_up]
        front, back = _halves(body)
        periods[FRONT] = len(front) - 1
        return f"{front[:-1]},{back[1:]}", orjson.dumps(periods).decode(), body

    def _derive(self, record_pk: int, incoming: Incoming, plan: Plan, name: str) -> list[tuple[Document, Row]]:
        """The entries of a derived list, in the order of their dates, then of the records they come from."""
        entry_plan = plan.field(name).part
        rows = self.incoming.get((record_pk, incoming.field))
        if entry_plan is None or not rows:
            return []
        return [(self._entry(row, incoming, entry_plan), tuple(row[-5:])) for row in sorted(rows, key=_by_date)]

    def _entry(self, row: Any, incoming: Incoming, entry_plan: Plan) -> Document:
        """One entry: the pointing record, and what its part (else the record itself) says of the entry's fields."""
        source = self.catalogue.by_type[row.collection].plan
        field = source.field(incoming.field.partition(".")[2])
        document = parse_json(row.document)
        # of the whole record, only what the entry shows is spelt out
        names, key = entry_plan.blank, (row.collection, incoming.field)
        if key not in self.looked_into:
            self.looked_into[key] = names.keys() | date_fields(source)
        served = source.served(_only(document, self.looked_into[key]), self.refer)
        part, dates = served, dates_of(served, source)
        if field.part:
            part = field.part.served(document[field.name][row.position], self.refer)
            dates = dates_of(part, field.part) if field.part.held else dates
        entry = {name: dates[name] if name in dates else part.get(name) for name in names if name != incoming.key}
        return {incoming.key: self.refer(f"{row.collection}:{row.record_id}"), **entry}

    def _incoming(self, record_pks: Sequence[int]) -> dict[tuple[int, str], list[Any]]:
        """What points to these records in the fields that derived lists are made of."""
        asked = (
            select(
                *(Pointer.target_pk, Pointer.field, Pointer.position, Pointer.record_pk),
                *(Version.collection, Version.record_id, Version.document, *period_columns(Pointer)),
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


_VERSION = (
    *(Version.record_pk, Version.collection, Version.record_id, Version.recorded_from, Version.document),
    *period_columns(Version),
)
"""The columns of a version that an answer is made of."""


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


def date_fields(plan: Plan) -> Set[str]:
    """The fields of a record, or part, that `dates_of` looks into."""
    if not plan.held:
        return frozenset()
    starts = (name.partition("/")[0] for name in plan.held.starts)
    return {*starts, *filter(None, (plan.held.ends, plan.held.observed))}


def _only(document: Document, names: Set[str]) -> Document:
    return {name: document[name] for name in document.keys() & names}


FRONT = "|"
"""In `periods`: how much of the body comes before its evidence. No day changes what is behind."""


def _halves(body: Document) -> tuple[str, str]:
    """The body as two objects: all that a day may change, and the note and the evidence, which are most of it."""
    items = list(body.items())
    cut = list(body).index("note")
    return orjson.dumps(dict(items[:cut])).decode(), orjson.dumps(dict(items[cut:])).decode()

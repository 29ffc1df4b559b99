"""How an answer is made of versions: references with names, derived lists and fields, and the days of each part."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from typing import Any, NamedTuple

import orjson
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement
from app.registry.clocks import period_columns, recorded_at
from app.registry.collection import Catalogue, Incoming, Phase, Run
from app.registry.dates import parse_edtf
from app.registry.documents.canonical import Document, nothing_recorded, parse_json
from app.registry.documents.fields import recorded
from app.registry.documents.plan import Plan
from app.registry.presence import Days, clipped
from app.registry.records import PeriodRow, Version
from app.registry.relations import FIELDS, KEYS, REVISION
from app.registry.serving.references import References
from app.registry.serving.splicing import FRONT, PLACES, STATE, front_of


class Made(NamedTuple):
    """An answer: the body and the periods, as they are kept, and what else is made of them."""

    kept: tuple[str, str]
    evidence_day: int | None
    states: dict[str, list[Run]]
    """The runs of its states by their names."""
    ref: tuple[str, str]
    """Type and id of the record."""


_VERSIONS = PreparedStatement(
    select(Version.record_pk, Version.collection, Version.record_id, Version.recorded_from, Version.document).where(
        Version.record_pk.in_(KEYS), recorded_at(Version, REVISION)
    )
)
_PERIODS = PreparedStatement(
    select(PeriodRow.record_pk, PeriodRow.field, PeriodRow.position, *period_columns()).where(
        PeriodRow.record_pk.in_(KEYS), recorded_at(PeriodRow, REVISION)
    )
)
_INCOMING = PreparedStatement(
    select(
        PeriodRow.target_pk,
        PeriodRow.field,
        PeriodRow.position,
        PeriodRow.record_pk,
        Version.collection,
        Version.record_id,
        Version.document,
        *period_columns(),
    )
    .join(Version, and_(Version.record_pk == PeriodRow.record_pk, recorded_at(Version, REVISION)))
    .where(PeriodRow.target_pk.in_(KEYS), PeriodRow.field.in_(FIELDS), recorded_at(PeriodRow, REVISION))
)


class StatedVersion(NamedTuple):
    """What is said of a record at the revision."""

    record_pk: int
    collection: str
    record_id: str
    recorded_from: int
    document: str


class PointingPart(NamedTuple):
    """A record that points to another, where in it, and for how long."""

    target_pk: int
    field: str
    position: int
    record_pk: int
    collection: str
    record_id: str
    document: str
    begins_earliest: int
    begins_latest: int
    certain_until: int
    presumed_until: int
    possible_until: int


class AnswerRendering:
    """The answers of one chunk of records."""

    def __init__(
        self, session: Session, catalogue: Catalogue, revision: int, references: References, record_pks: Sequence[int]
    ) -> None:
        self.session, self.catalogue, self.revision, self.references = session, catalogue, revision, references
        self.versions = self._versions(record_pks)
        self.periods = self._own_periods(record_pks)
        self.incoming = self._incoming(record_pks)
        self.references.learn({*record_pks, *(row.record_pk for rows in self.incoming.values() for row in rows)})
        self.refer = self.references.__getitem__
        self.looked_into: dict[tuple[str, str], Set[str]] = {}
        """The fields of a pointing record that its entries are made of, by its type and the field."""

    def answers(self) -> dict[int, Made]:
        """The answer of each record."""
        return {row.record_pk: self._answer(row) for row in self.versions}

    def _ask(self, statement: PreparedStatement, record_pks: Sequence[int], **more: Any) -> list[Any]:
        """The rows of these records at the revision."""
        return statement.rows(self.references.connection, keys=list(record_pks), revision=self.revision, **more)

    def _versions(self, record_pks: Sequence[int]) -> list["StatedVersion"]:
        return [StatedVersion(*row) for row in self._ask(_VERSIONS, record_pks)]

    def _own_periods(self, record_pks: Sequence[int]) -> dict[int, dict[tuple[str, int], Days]]:
        """For each record the days by field and position, of itself by "" and 0: of several the narrowest."""
        found: dict[int, dict[tuple[str, int], Days]] = defaultdict(dict)
        names: dict[str, str] = {}
        for pk, field, position, days in ((*row[:3], row[3:]) for row in self._ask(_PERIODS, record_pks)):
            if field not in names:
                names[field] = field.partition(".")[2]
            place, own = (names[field], position), found[pk]
            own[place] = clipped(days, own[place]) if place in own else days
        return found

    def _answer(self, row: "StatedVersion") -> Made:
        collection, document = self.catalogue.by_type[row.collection], parse_json(row.document)
        plan, own = collection.plan, self.periods[row.record_pk]
        body = plan.served(document, self.refer)
        body |= {"type": collection.type, "revision": row.recorded_from}
        if plan.field("url").read_only:  # a source's own is the address of the document
            body["url"] = self.catalogue.url(f"{row.collection}:{row.record_id}")
        # plain tuples, which are written without a call for each
        periods: dict[str, Any] = {"": own["", 0]}
        for name, part in plan.held_parts:
            periods[name] = [
                own.get((name, place)) or clipped(part.period(item), own["", 0])
                for place, item in enumerate(document.get(name, ()))
            ]
        for name, incoming in collection.incoming.items():
            entries = self._derive(row.record_pk, incoming, plan, name)
            body[name] = [entry for entry, _ in entries]
            periods[name] = [period for _, period in entries]
        for name, looked_up in collection.looked_up.items():
            body[name] = looked_up.make(body, self.references.pointing)
        for name, judged in collection.judged.items():
            body[name] = judged.make(body, self.references.look)
        states = {name: state.runs(body, periods) for name, state in collection.states.items()}
        for name, runs in states.items():
            body[name] = collection.states[name].on(runs, None)
        for name, compute in collection.computed.items():
            body[name] = compute(body, Phase())
        # what was looked up and found empty is an answer: no party is missing
        body["not_recorded"] = [name for name in nothing_recorded(body) if name not in collection.looked_up]
        items = list(body.items())
        cut = list(body).index("note")
        front, places = front_of(items[:cut], periods, states)
        periods |= {STATE + name: runs for name, runs in states.items()}
        periods |= {FRONT: len(front), PLACES: places}
        kept = f"{front},{orjson.dumps(dict(items[cut:])).decode()[1:]}", orjson.dumps(periods).decode()
        shown: Document | None = body["last_evidence"]
        day = parse_edtf(shown["on"]["edtf"]).earliest if shown else None
        return Made(kept, day, states, (row.collection, row.record_id))

    def _derive(
        self, record_pk: int, incoming: Incoming, plan: Plan, name: str
    ) -> list[tuple[Document, tuple[int, ...]]]:
        """The entries of a derived list, in the order of their dates, then of the records they come from."""
        entry_plan = plan.field(name).part
        rows = self.incoming.get((record_pk, incoming.field))
        if entry_plan is None or not rows:
            return []
        return [(self._entry(row, incoming, entry_plan), tuple(row[7:])) for row in sorted(rows, key=_by_date)]

    def _entry(self, row: "PointingPart", incoming: Incoming, entry_plan: Plan) -> Document:
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

    def _incoming(self, record_pks: Sequence[int]) -> dict[tuple[int, str], list["PointingPart"]]:
        """What points to these records in the fields that derived lists are made of."""
        found: dict[tuple[int, str], list[PointingPart]] = defaultdict(list)
        rows = self._ask(_INCOMING, record_pks, fields=sorted(self.catalogue.incoming_fields))
        for row in map(PointingPart._make, rows):
            found[row.target_pk, row.field].append(row)
        return found


def _by_date(row: PointingPart) -> tuple[int, int, str, int]:
    return row.begins_earliest, row.begins_latest, row.record_id, row.position


def dates_of(served: Mapping[str, Any], plan: Plan) -> Document:
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

"""The projection of events: when what happened, made of answers, so that the timeline is read in its order."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.analysis.timeline.events import DERIVED, Event, events
from app.analysis.timeline.tables import EventRow
from app.prepared_statements import PreparedStatement, write_rows
from app.reads.snapshots import RecordSnapshot
from app.registry.clocks import recorded_at
from app.registry.dates import AFTER_ALL, BEFORE_ALL, parse_edtf
from app.registry.documents.canonical import parse_json
from app.registry.projections import Changes, Projection, beginnings_and_ends
from app.registry.records import Answer, Record, rows_of
from app.registry.relations import FIELDS, KEYS, REVISION
from app.registry.serving.splicing import FRONT
from app.registry.serving.statements import Found

_ANSWERS = PreparedStatement(
    select(Record.pk, Record.collection, Answer.body, Answer.periods)
    .join(Answer, Answer.record_pk == Record.pk)
    .where(Record.pk.in_(KEYS), Record.collection.in_(FIELDS), recorded_at(Answer, REVISION))
    .order_by(Record.pk)
)


ORDERED_BY = ("undated", "day", "earliest", "latest", "kind", "subject_type", "subject_id")
"""What an event is sorted by and found by: one without a date comes last, and can be of any day."""


def order_of(event: Event) -> tuple[int, int, int, int, str, str, str]:
    """What an event is sorted by and found by."""
    subject = event.subject
    days = _days(event.date["edtf"]) if event.date else (1, AFTER_ALL, BEFORE_ALL, AFTER_ALL)
    return *days, event.kind.value, subject["type"], subject["id"]


@lru_cache(maxsize=65536)
def _days(edtf: str) -> tuple[int, int, int, int]:
    # what is only known to lie before a day stands at that day: nothing says that it came before all else
    earliest, latest = parse_edtf(edtf)
    return 0, latest if earliest <= BEFORE_ALL else earliest, earliest, latest


COLUMNS = ("record_pk", "number", "recorded_from", *ORDERED_BY)
_BEFORE = PreparedStatement(
    select(EventRow.record_pk, EventRow.number, *(getattr(EventRow, name) for name in ORDERED_BY)).where(
        EventRow.record_pk.in_(KEYS), recorded_at(EventRow, REVISION)
    )
)


class EventIndex(Projection):
    """When what happened."""

    name = "events"
    follows = ("answers",)
    tables: ClassVar = (EventRow,)

    def affected(self, changes: Changes) -> set[int]:
        """Those of which the answer changed."""
        return changes.outcome["answers"] | changes.withdrawn.keys()

    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Write the events of records that tell of others than before, and close those."""
        before: dict[int, list[tuple[Any, ...]]] = {}
        for pk, *told in sorted(_BEFORE.rows(self._connection, keys=list(record_pks), revision=self.revision)):
            before.setdefault(pk, []).append(tuple(told))
        made = dict(self._made(record_pks))
        stale = [pk for pk, told in before.items() if made.get(pk, []) != told]
        if stale:
            closing = update(EventRow).where(EventRow.record_pk.in_(stale), EventRow.recorded_to.is_(None))
            self.session.execute(closing.values(recorded_to=self.revision))
        new = {pk: told for pk, told in made.items() if before.get(pk, []) != told}
        rows = [(pk, number, self.revision, *order) for pk, told in new.items() for number, *order in told]
        write_rows(self._connection, rows_of(EventRow).name, COLUMNS, rows)
        return {*stale, *new}

    @property
    def _connection(self) -> Any:
        return self.session.connection()

    def _made(self, record_pks: Sequence[int]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
        asked = {"keys": list(record_pks), "fields": sorted(DERIVED), "revision": self.revision}
        for pk, kind, body, kept in _ANSWERS.rows(self._connection, **asked):
            # what is behind the front is evidence, and tells of nothing
            periods = parse_json(kept)
            answer = parse_json(body[: periods[FRONT]] + "}")
            entry: Any = RecordSnapshot(pk, self.catalogue.by_type[kind], answer, periods, Found(pk, body, kept))
            yield pk, [(number, *order_of(event)) for number, event in enumerate(events(entry))]

    @classmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Where rows begin and end."""
        return beginnings_and_ends(session, EventRow)

"""Which events are on a page of the timeline, and how many there are in all: found in SQL, no record is read."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Connection, and_, func, or_, select, tuple_

from app.analysis.timeline.tables import EventRow
from app.reads.filters import MatchedRecords
from app.registry.clocks import recorded_at
from app.registry.dates import Span
from app.registry.serving.statements import Clock

ORDER = (EventRow.undated, EventRow.day, EventRow.latest, EventRow.subject_type, EventRow.subject_id)
"""What the timeline is sorted by. Several events may be alike in that: `PlacedEvent.place` is the same."""


class PlacedEvent(NamedTuple):
    """An event, the `number`th of a record, and where it stands."""

    place: tuple[Any, ...]
    record_pk: int
    number: int


class EventQuestion(NamedTuple):
    """The events asked for."""

    when: Clock
    days: Span
    kinds: Sequence[str] | None
    undated: bool | None
    """Those without a date alone; or none of them; None: all."""
    wanted: Sequence[tuple[MatchedRecords, Sequence[int]]]
    """What each filter lets through, and the records that took the place of what it names."""

    def total(self, connection: Connection) -> int:
        """How many there are."""
        if self.days.earliest > self.days.latest:
            return 0
        return connection.scalar(select(func.count()).select_from(EventRow).where(*self._conditions())) or 0

    def page(self, connection: Connection, place: Sequence[Any] | None, most: int) -> list[PlacedEvent]:
        """So many events from a place on, and with the last of them all that stand at the same place."""
        if self.days.earliest > self.days.latest:
            return []
        asked: Any = select(*ORDER, EventRow.record_pk, EventRow.number).where(*self._conditions(in_order=True))
        asked = asked.order_by(*ORDER)
        after = [tuple_(*ORDER) >= tuple_(*place)] if place else []
        found = _placed(connection, asked.where(*after).limit(most))
        if len(found) < most:
            return found
        last = found[-1].place
        return [each for each in found if each.place != last] + _placed(
            connection, asked.where(tuple_(*ORDER) == tuple_(*last))
        )

    def _conditions(self, *, in_order: bool = False) -> Iterator[ColumnElement[bool]]:
        yield recorded_at(EventRow, self.when.revision)
        yield and_(EventRow.earliest <= self.days.latest, EventRow.latest >= self.days.earliest)
        if self.kinds is not None:
            yield EventRow.kind.in_(self.kinds)
        if self.undated is not None:
            yield EventRow.undated == int(self.undated)
        yield from (_concerning(*each, in_order=in_order) for each in self.wanted)


def _concerning(each: MatchedRecords, following: Sequence[int], *, in_order: bool) -> ColumnElement[bool]:
    """Events of the records that belong to what is asked, or of what followed it that have happened to it."""
    many = isinstance(each.belonging, CompoundSelect)
    # "+ 0": where very many belong, a page is quicker found by the days
    key: Any = EventRow.record_pk + 0 if in_order and many else EventRow.record_pk
    belonging: ColumnElement[bool] = key.in_(each.belonging)
    if not following:
        return belonging
    refs = [(ref.type, ref.id) for ref in sorted(each.refs)]
    happened = tuple_(EventRow.subject_type, EventRow.subject_id).in_(refs)
    return or_(belonging, and_(EventRow.record_pk.in_(following), happened))


def _placed(connection: Connection, asked: Any) -> list[PlacedEvent]:
    return [PlacedEvent(tuple(row[:5]), row[5], row[6]) for row in connection.execute(asked)]

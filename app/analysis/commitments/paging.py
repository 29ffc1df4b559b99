"""Which records are on a page of the answer to s.23HA, and how many there are in all: found in SQL, none is read."""

from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, tuple_, union

from app.analysis.commitments.involvement import BySignatory
from app.analysis.commitments.succession import Responsible
from app.analysis.commitments.tables import Commitment
from app.reads.snapshots import days_asked
from app.registry.clocks import recorded_at
from app.registry.dates import Span
from app.registry.serving.statements import Clock

ORDER = (Commitment.undated, Commitment.begins_earliest, Commitment.begins_latest, Commitment.record_id)


class PlacedRecord(NamedTuple):
    """A record, and where it stands in the order of the answer."""

    place: tuple[int, int, int, str]
    pk: int


class CommitmentQuestion(NamedTuple):
    """What some organisations are in on the days asked for; `only` gives more conditions on records of a type."""

    when: Clock
    ours: BySignatory
    only: Mapping[str, ColumnElement[bool]]

    def total(self, connection: Connection, kind: str) -> int:
        """How many records of a type they are in."""
        rows = list(self._rows(kind))
        if not rows:
            return 0
        several = union(*(each.with_only_columns(Commitment.record_pk) for each in rows)).subquery()
        # of one organisation they stand in order, so that none has to be remembered to be counted once
        alone = rows[0].with_only_columns(Commitment.record_id).group_by(*ORDER).subquery()
        counted = alone if len(rows) == 1 else several
        return connection.scalar(select(func.count()).select_from(counted)) or 0

    def page(self, connection: Connection, kind: str, after: Sequence[Any] | None, most: int) -> list[PlacedRecord]:
        """The first so many records of a type behind a place."""
        found = [self._page(connection, rows, after, most) for rows in self._rows(kind)]
        return list(islice((next(same) for _, same in groupby(merge(*found), key=lambda each: each.pk)), most))

    def _page(
        self, connection: Connection, rows: Select[Any], after: Sequence[Any] | None, most: int
    ) -> list[PlacedRecord]:
        asked = rows.with_only_columns(*ORDER, func.min(Commitment.record_pk)).group_by(*ORDER)
        if after:
            asked = asked.where(tuple_(*ORDER) > tuple_(*after))
        found = connection.execute(asked.order_by(*ORDER).limit(most))
        return [PlacedRecord((row[0], row[1], row[2], row[3]), row[4]) for row in found]

    def _rows(self, kind: str) -> Iterator[Select[Any]]:
        """For each organisation that records name, its parts in records of the type that held."""
        days = days_asked(self.when)
        for parties in self.ours.values():
            if held := [_involved(party, days) for party in parties if _can_be(party, days)]:
                yield select(Commitment.record_pk).where(
                    Commitment.target_pk == parties[0].signatory.pk,
                    Commitment.collection == kind,
                    recorded_at(Commitment, self.when.revision),
                    _held(days),
                    or_(*held),
                    *([self.only[kind]] if kind in self.only else ()),
                )


def _held(days: Span) -> ColumnElement[bool]:
    """Records that can have held."""
    first, until = Commitment.begins_earliest, Commitment.possible_until
    return and_(first <= days.latest, until > days.earliest, first < until)


def _can_be(party: Responsible, days: Span) -> bool:
    """Whether it can have been in anything on the days."""
    first, until = party.limits.begins_earliest, party.limits.possible_until
    return first <= days.latest and until > days.earliest and first < until


def _involved(party: Responsible, days: Span) -> ColumnElement[bool]:
    """The parts by which it can have been in something: `Responsible.involved`, in SQL."""
    until: Any = Commitment.part_until
    if party.predecessor:
        passes = until >= party.predecessor.period.presumed_until
        until = case((passes, Commitment.whole_until), else_=until)
    return and_(
        Commitment.part_from < min(party.limits.possible_until, days.latest + 1),
        until > max(party.limits.begins_earliest, days.earliest),
        Commitment.part_from < until,
    )

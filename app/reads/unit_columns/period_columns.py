"""The periods of many things at once: `Period` and `Calendar.held`, answered for all rows together."""

from functools import cached_property

from app.reads.calendar import AskedStretch, PresenceBits
from app.reads.unit_columns.bit_columns import BitColumn


class PeriodColumns:
    """When each row held, by the fields of `Period`; the bits of a `PresenceBits` stand for rows here."""

    def __init__(
        self,
        begins_earliest: BitColumn,
        begins_latest: BitColumn,
        certain_until: BitColumn,
        presumed_until: BitColumn,
        possible_until: BitColumn,
    ) -> None:
        self.begins_earliest, self.begins_latest = begins_earliest, begins_latest
        self.certain_until, self.presumed_until = certain_until, presumed_until
        self.possible_until = possible_until

    @cached_property
    def _has_days(self) -> tuple[int, int, int]:
        """The rows with a day on which they can be certain, presumed and possible."""
        begun = self.begins_latest
        certain, presumed = begun.below(self.certain_until), begun.below(self.presumed_until)
        return certain, presumed, self.begins_earliest.below(self.possible_until)

    def held(self, stretch: AskedStretch) -> PresenceBits:
        """The rows that held on some day of the stretch, by how surely they did."""
        first, last = stretch.days
        certain_days, presumed_days, possible_days = self._has_days
        possible = self.possible_until.above(first) & possible_days
        possible ^= possible & self.begins_earliest.above(last)
        begun = self.begins_latest.at_most(last)
        rests = self.certain_until.above(first)
        if stretch.single:
            certain = possible & begun & certain_days & rests
        else:
            # some day of these is one of being, though no single one may be certain
            certain = possible & rests & (begun | self.possible_until.at_most(last + 1))
        presumed = possible & begun & presumed_days & self.presumed_until.above(first)
        if since := stretch.days.presumed_since:
            presumed &= self.certain_until.above(since) | (
                self.begins_latest.rows ^ self.begins_latest.at_most(since - 1)
            )
        return PresenceBits(certain, certain | presumed, possible)

    def held_on(self, day: BitColumn) -> PresenceBits:
        """The rows that held on a day of their own, by how surely they did."""
        certain_days, presumed_days, possible_days = self._has_days
        possible = possible_days & day.below(self.possible_until)
        possible ^= possible & day.below(self.begins_earliest)
        begun = possible ^ (possible & day.below(self.begins_latest))
        certain = begun & certain_days & day.below(self.certain_until)
        return PresenceBits(certain, certain | begun & presumed_days & day.below(self.presumed_until), possible)

    @property
    def days(self) -> tuple[BitColumn, ...]:
        """The days on which presence can change."""
        return (
            self.begins_earliest,
            self.begins_latest,
            self.certain_until,
            self.presumed_until,
            self.possible_until,
        )

    def equals(self, other: "PeriodColumns") -> int:
        """The rows in which both are the same."""
        found = self.begins_earliest.rows
        for own, its in zip(self.days, other.days, strict=True):
            found &= own.equals(its)
        return found

    @cached_property
    def certain_of_no_day(self) -> int:
        """The rows that were surely there on some day before their end, though on no single one that is certain."""
        until = self.possible_until
        return self.begins_latest.rows ^ (self.begins_latest.below(until) | self.certain_until.below(until))

    def within(self, whole: "PeriodColumns") -> "PeriodColumns":
        """The periods as parts of others, row by row: `Period.within`."""
        until = self.possible_until.least(whole.possible_until)
        rows = until.rows
        apart = rows ^ self.begins_latest.below(until)
        apart &= until.below(self.possible_until)
        apart |= (rows ^ whole.begins_latest.below(until)) & until.below(whole.possible_until)
        return PeriodColumns(
            self.begins_earliest.greatest(whole.begins_earliest),
            self.begins_latest.greatest(whole.begins_latest),
            self.certain_until.least(whole.certain_until).where(rows ^ apart),
            self.presumed_until.least(whole.presumed_until),
            until,
        )

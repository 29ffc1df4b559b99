"""What some records have and lack: the counting behind coverage."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from app.reads.answers.records import ServedDate
from app.reads.record_columns.facts import WANTED, newest_date
from app.reads.snapshots import RecordSnapshot
from app.registry.presence import SHOWN, Presence


class MissingRow(TypedDict):
    """A field of which nothing is recorded in some records: the shape `Missing`."""

    type: str
    field: str
    records: int
    of: int


@dataclass
class Tally:
    """What some records of one type have, and lack."""

    presences: Counter[Presence] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    citations: Counter[str] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)
    seen: ServedDate | None = None

    def add(self, entry: RecordSnapshot, presence: Presence) -> None:
        """Count one record in."""
        self.presences[presence] += 1
        not_recorded = entry.answer["not_recorded"]
        self.lacking.update(name for name in WANTED[entry.collection.type] if name in not_recorded)
        for citation in entry.answer["citations"]:
            self.citations["competing" if citation["value"] is not None else citation["basis"]] += 1
            self.sources.add(citation["source"]["id"])
        self.seen = newest_date([self.seen, *entry.answer.get("observed", ())])

    @property
    def count(self) -> dict[str, int]:
        """How many, by presence: `{"certain": 3, "presumed": 1, "possible": 0}`."""
        return {level.value: self.presences[level] for level in SHOWN}

    def missing(self, kind: str) -> Iterator[MissingRow]:
        """What is not recorded."""
        yield from missing_rows(kind, self.lacking, self.presences.total())


def evidence_of(tallies: Iterable[Tally], published: Mapping[str, ServedDate]) -> ServedDate | None:
    """The newest date of all sources and observations."""
    return newest_date(
        date for tally in tallies for date in (tally.seen, *(published.get(source) for source in tally.sources))
    )


def missing_rows(kind: str, lacking: Mapping[str, int], of: int) -> list[MissingRow]:
    """What is not recorded of so many records of a type, most often first."""
    return most_first(
        {"type": kind, "field": name, "records": records, "of": of} for name, records in lacking.items() if records
    )


def most_first(missing: Iterable[MissingRow]) -> list[MissingRow]:
    """What is not recorded, most often first; then by type and field."""
    return sorted(missing, key=lambda item: (-item["records"], item["type"], item["field"]))

"""What some records have and lack: the counting behind coverage."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from app.reads.answers.records import ServedDate
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import parse_edtf
from app.registry.presence import SHOWN, Presence

WANTED = {
    "source": ("kind", "publisher", "published", "url", "retrieved"),
    "function": ("broader",),
    "force": ("kind", "country", "region", "website", "identifiers", "started", "governed_by", "posts"),
    "governance-body": ("kind", "started", "oversees", "officers"),
    "organisation": ("kind",),
    "person": ("appointments",),
    "appointment": ("status", "started"),
    "alliance": ("kind", "participants", "scope", "started"),
    "joint-unit": ("kind", "functions", "participants", "governance", "location", "started", "agreements"),
    "agreement": ("kind", "legal_basis_as_stated", "parties", "covers", "made", "cost_shares", "publications"),
    "business-case": ("functions", "proposes", "stages", "approvers"),
    "decision": ("body", "subject", "outcome", "decided", "reference"),
    "claim": ("subject", "amount", "claimed"),
}
"""What somebody who asks of a record wants to know: the fields whose absence is worth saying.

An end, a successor or an approval may be absent because there is none; these cannot, or hardly.
"""


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
        self.seen = newest([self.seen, *entry.answer.get("observed", ())])

    @property
    def count(self) -> dict[str, int]:
        """How many, by presence: `{"certain": 3, "presumed": 1, "possible": 0}`."""
        return {level.value: self.presences[level] for level in SHOWN}

    def missing(self, kind: str) -> Iterator[MissingRow]:
        """What is not recorded."""
        for name, records in self.lacking.items():
            yield {"type": kind, "field": name, "records": records, "of": self.presences.total()}


def newest(dates: Iterable[ServedDate | None]) -> ServedDate | None:
    """The newest of these dates: by the first day that each can be, then by the last."""
    return max(filter(None, dates), key=lambda date: parse_edtf(date["edtf"]), default=None)


def evidence_of(tallies: Iterable[Tally], published: Mapping[str, ServedDate]) -> ServedDate | None:
    """The newest date of all sources and observations."""
    return newest(
        date for tally in tallies for date in (tally.seen, *(published.get(source) for source in tally.sources))
    )


def most_first(missing: Iterable[MissingRow]) -> list[MissingRow]:
    """What is not recorded, most often first; then by type and field."""
    return sorted(missing, key=lambda item: (-item["records"], item["type"], item["field"]))

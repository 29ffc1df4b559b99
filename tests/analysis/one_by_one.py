"""Coverage counted record by record, from answers: what the columns are compared with."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from app.analysis.coverage.completeness_counts import MissingRow, missing_rows, most_first
from app.analysis.coverage.records import held
from app.reads import snapshots
from app.reads.answers.evidence import ServedSource
from app.reads.answers.records import ServedDate
from app.reads.record_columns.facts import WANTED, newest_date
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.documents.references import Ref
from app.registry.presence import SHOWN, Presence, strongest, weakest
from app.registry.serving.statements import Clock

SHARED = {"alliance": "participants", "joint-unit": "participants", "agreement": "parties"}
OF_FORCES = ("governance-body", "appointment", *SHARED)
Presences = dict[Ref, Presence]


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


def published(connection: Connection, when: Clock) -> dict[str, ServedDate]:
    """The date of every source that has one."""
    sources = (entry.answer for entry in snapshots.of_type(connection, when, ServedSource))
    return {source["id"]: source["published"] for source in sources if source["published"]}


def by_force(connection: Connection, when: Clock) -> list[Any]:
    tallies: dict[Ref, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for entry, presences in _of_forces(connection, when):
        for force, presence in presences.items():
            tallies[force][entry.collection.type].add(entry, presence)
    dates = published(connection, when)
    rows = []
    for entry, presence in held(connection, when, ("force",)):
        own = tallies[entry.ref]
        own["force"].add(entry, presence)
        counts = {kind.replace("-", "_"): own[kind].count for kind in OF_FORCES}
        rows.append(
            {
                "force": entry.reference,
                **with_presence(presence, when),
                "governance_bodies": counts.pop("governance_body"),
                **{f"{kind}s": count for kind, count in counts.items()},
                "newest_evidence": evidence_of(own.values(), dates),
                "missing": most_first(chain.from_iterable(tally.missing(kind) for kind, tally in own.items())),
            }
        )
    return rows


def _of_forces(connection: Connection, when: Clock) -> Iterator[tuple[RecordSnapshot, Presences]]:
    known: dict[Ref, Presences] = {}
    for kind in OF_FORCES:
        for entry, presence in held(connection, when, (kind,)):
            found: Presences = {}
            for ref, part in _links(entry, presence, when):
                through = {ref: part} if ref.type == "force" else known.get(ref, {})
                for force, surely in through.items():
                    found[force] = strongest((found.get(force, Presence.ABSENT), weakest((part, surely))))
            known[entry.ref] = {force: surely for force, surely in found.items() if surely is not Presence.ABSENT}
            yield entry, known[entry.ref]


def _links(entry: RecordSnapshot, presence: Presence, when: Clock) -> Iterator[tuple[Ref, Presence]]:
    kind = entry.collection.type
    if kind == "appointment":
        yield Ref.of(entry.answer["body"]), presence
        return
    name, key = ("oversees", "subject") if kind == "governance-body" else (SHARED[kind], "organisation")
    for part, period in entry.parts(name):
        yield Ref.of(part[key]), period.presence(days_asked(when))
    for reference in entry.answer.get("covers", ()):
        yield Ref.of(reference), presence

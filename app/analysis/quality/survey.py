"""How many findings each rule of quality has in each record: worked out once for a revision and the days asked for.

To know how many findings there are, every record has to be judged. That is done for so many at a time as are held in
memory at once, and what came of it is kept as numbers, from which any page is found.
"""

from array import array
from collections.abc import Container, Iterator, Sequence
from threading import Lock
from typing import NamedTuple

from cachetools import LRUCache
from sqlalchemy import Connection

from app.analysis.quality.neighbours import Neighbours
from app.analysis.quality.rule import Known, QualityRule
from app.analysis.quality.stated_documents import StatedDocuments
from app.reads import snapshots
from app.reads.snapshots import RecordSnapshot, days_asked
from app.registry.collection import Finding
from app.registry.serving.statements import Clock

KEPT = 2
"""Surveys that one process keeps: some ten bytes for each record in which something is found."""


class FindingCount(NamedTuple):
    """Where in a survey it stands, the record, the place of the rule, and how many findings it has there."""

    at: int
    record_pk: int
    rule: int
    many: int


class Survey(NamedTuple):
    """The counts by the type and id of the record, then by rule, and for each type the first that is none of it."""

    pks: "array[int]"
    rules: "array[int]"
    counts: "array[int]"
    ends: dict[str, int]

    def chosen(
        self, rules: Container[int], types: Container[str] | None, pks: Container[int] | None, first: int = 0
    ) -> Iterator[FindingCount]:
        """The counts of these rules, types and records, from one on."""
        start = 0
        for kind, end in self.ends.items():
            if types is None or kind in types:
                for at in range(max(start, first), end):
                    if self.rules[at] in rules and (pks is None or self.pks[at] in pks):
                        yield FindingCount(at, self.pks[at], self.rules[at], self.counts[at])
            start = end


class Judgement:
    """Judges records by the rules, on the days asked for."""

    def __init__(self, connection: Connection, when: Clock) -> None:
        neighbours, self.documents = Neighbours(connection, when), StatedDocuments(connection, when)
        self.known = Known(neighbours, days_asked(when), self.documents, neighbours.pointing)

    def learn(self, entries: Sequence[RecordSnapshot]) -> None:
        """Read together what the rules look at."""
        self.documents.learn(entries)

    def findings(self, rule: QualityRule, entry: RecordSnapshot) -> Iterator[Finding]:
        """What a rule finds in a record."""
        yield from rule.check(entry, self.known)


_LOCK = Lock()
_KNOWN: LRUCache[Clock, Survey] = LRUCache(KEPT)


def survey(connection: Connection, when: Clock, rules: Sequence[QualityRule]) -> Survey:
    """The survey of all records that can have held; who asks for it while it is worked out waits for it."""
    with _LOCK:
        if when not in _KNOWN:
            _KNOWN[when] = _survey(connection, when, rules)
        return _KNOWN[when]


def _survey(connection: Connection, when: Clock, rules: Sequence[QualityRule]) -> Survey:
    found = Survey(array("q"), array("B"), array("L"), {})
    judgement = Judgement(connection, when)
    for kind in sorted({kind for rule in rules for kind in rule.types}):
        own = [(place, rule) for place, rule in enumerate(rules) if kind in rule.types]
        for entries in snapshots.batches(connection, when, kind):
            judgement.learn(entries)
            for entry in entries:
                for place, rule in own if entry.held(when) else ():
                    if count := sum(1 for _ in judgement.findings(rule, entry)):
                        found.pks.append(entry.pk)
                        found.rules.append(place)
                        found.counts.append(count)
        found.ends[kind] = len(found.pks)
    return found

"""What the records of one collection have, and lack: a `Tally`, for all of them at once."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.analysis.coverage.completeness_counts import MissingRow, missing_rows
from app.analysis.coverage.records import cited_sources, held_in_columns
from app.reads import snapshots
from app.reads.answers.records import ServedDate
from app.reads.calendar import PresenceBits
from app.reads.record_columns.blocks import RecordBlock
from app.reads.record_columns.facts import WANTED, Citing, newest_evidence
from app.registry.documents.references import Ref
from app.registry.presence import SHOWN
from app.registry.serving.statements import Clock


@dataclass
class ColumnTally:
    """How many records there are by presence, what they lack, how they are cited, and how new the evidence is."""

    kind: str
    count: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, SHOWN), 0))
    lacking: Counter[str] = field(default_factory=Counter)
    citations: Counter[Citing] = field(default_factory=lambda: Counter(dict.fromkeys(Citing, 0)))
    sources: int = 0
    newest: tuple[tuple[int, int], int] = ((0, 0), 0)
    """The days that the newest evidence can be, and the key of a record that has it; 0: nothing is dated."""

    @classmethod
    def of(cls, connection: Connection, when: Clock, kind: str) -> "ColumnTally":
        """The tally of a type."""
        found = cls(kind, sources=cited_sources(connection, when, kind))
        for block, held in held_in_columns(connection, when, kind):
            found.add(block, held)
        return found

    def add(self, block: RecordBlock, held: PresenceBits) -> None:
        """Count rows of a block in."""
        certain, presumed, possible = (bits.bit_count() for bits in held)
        for level, many in zip(SHOWN, (certain, presumed - certain, possible - presumed), strict=True):
            self.count[level] += many
        for name, plane in zip(WANTED[self.kind], block.lacking.planes, strict=False):
            self.lacking[name] += (plane & held.possible).bit_count()
        for citing, column in block.citing.items():
            self.citations[citing] += column.total(held.possible)
        self.newest = max(self.newest, block.newest(held.possible))

    @property
    def missing(self) -> list[MissingRow]:
        """What is not recorded, most often first."""
        return missing_rows(self.kind, self.lacking, sum(self.count.values()))

    def newest_evidence(self, connection: Connection, when: Clock) -> ServedDate | None:
        """The newest date of all sources and observations."""
        key = self.newest[1]
        for entry in snapshots.of_pks(connection, when, [key] if key else []):
            cited = {Ref("source", citation["source"]["id"]) for citation in entry.answer["citations"]}
            sources = snapshots.of_refs(connection, when, cited)
            return newest_evidence(entry.answer, {each.ref.id: each.answer["published"] for each in sources}.get)
        return None

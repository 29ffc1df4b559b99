"""Records in columns: a row for each, when it held, what it lacks, and on what evidence it is."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from app.reads.record_columns.facts import NUMBERS, Citing, RecordFacts
from app.reads.unit_columns.bit_columns import BitColumn, BitTable, places_of, rows_of
from app.reads.unit_columns.period_columns import PeriodColumns
from app.reads.unit_columns.shelves import FactRows, Shelves
from app.registry.chunks import chunked
from app.registry.dates import AFTER_ALL
from app.registry.serving.statements import Clock

ROWS = FactRows(RecordFacts, RecordFacts.collection, RecordFacts.facts)


@dataclass(eq=False)
class RecordBlock:
    """Records of one collection by their keys, in that order; `rows` are those that count, each a bit."""

    keys: "array[int]"
    rows: int
    whole: PeriodColumns
    lacking: BitColumn
    citing: Mapping[Citing, BitColumn]
    evidence_earliest: BitColumn
    evidence_latest: BitColumn

    def newest(self, rows: int) -> tuple[tuple[int, int], int]:
        """The first and the last day that the newest evidence of these rows can be, and the key of one; 0, 0: none."""
        rows &= self.evidence_latest.above(0)
        earliest, rows = self.evidence_earliest.highest(rows)
        latest, rows = self.evidence_latest.highest(rows)
        return (earliest, latest), next((self.keys[place] for place in places_of(rows)), 0)

    def shown_between(self, first: int, last: int) -> int:
        """The rows of which the last day that the newest evidence can be, else the first, is one of these days."""
        dated = self.evidence_latest.above(0)
        known = dated & self.evidence_latest.at_most(AFTER_ALL - 1)
        found = known & self.evidence_latest.above(first - 1) & self.evidence_latest.at_most(last)
        other = dated ^ known
        return found | other & self.evidence_earliest.above(first - 1) & self.evidence_earliest.at_most(last)

    def of_keys(self, keys: Iterable[int]) -> int:
        """The rows of those of these records that have one."""
        places = ((bisect_left(self.keys, key), key) for key in keys)
        found = (place for place, key in places if place < len(self.keys) and self.keys[place] == key)
        return rows_of(found, len(self.keys))

    def of_rows(self, keys: "array[int]", rows: int) -> int:
        """The rows of those records that have these rows in a block with other keys."""
        return rows if keys == self.keys else self.of_keys(keys[place] for place in places_of(rows))

    def without(self, keys: Collection[int]) -> "RecordBlock":
        """The block without the records with these keys."""
        return replace(self, rows=self.rows ^ (self.rows & self.of_keys(keys)))


RecordBlocks = Mapping[str, RecordBlock]
"""A block for each collection that has records."""


def record_columns(connection: Connection, when: Clock, kind: str) -> list[RecordBlock]:
    """The records of a type that the registry knew at the revision; each stands in one of the blocks."""
    blocks, changed = SHELVES.nearest(connection, when)
    found = [blocks[kind].without(changed)] if kind in blocks else []
    if changed:
        batches = (ROWS.of_keys(connection, when.revision, chunk) for chunk in chunked(changed))
        newer = _blocks(batches)
        found += [newer[kind]] if kind in newer else []
    return found


def _blocks(batches: Iterable[Sequence[Any]]) -> RecordBlocks:
    tables: dict[str, BitTable] = defaultdict(BitTable)
    keys: dict[str, array[int]] = defaultdict(partial(array, "q"))
    for batch in batches:
        sorted_out: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
        for pk, kind, facts in batch:
            sorted_out[kind].append((pk, facts))
        for kind, rows in sorted_out.items():
            tables[kind].add([facts for _, facts in rows], NUMBERS.size)
            keys[kind].extend(pk for pk, _ in rows)
    return {kind: _block(keys[kind], table.columns()) for kind, table in tables.items()}


def _block(keys: "array[int]", columns: list[BitColumn]) -> RecordBlock:
    days, lacking, citing, evidence = columns[:5], columns[5], columns[6:10], columns[10:]
    return RecordBlock(
        keys=keys,
        rows=(1 << len(keys)) - 1,
        whole=PeriodColumns(*days),
        lacking=lacking,
        citing=dict(zip(Citing, citing, strict=True)),
        evidence_earliest=evidence[0],
        evidence_latest=evidence[1],
    )


def load(connection: Connection, revision: int) -> RecordBlocks:
    """All records of a revision."""
    return _blocks(ROWS.batches(connection, revision))


SHELVES = Shelves(ROWS, load)

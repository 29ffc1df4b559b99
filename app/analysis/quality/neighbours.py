"""The records that rules of quality look at besides the one that they judge, read when they are asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cachetools import LRUCache
from sqlalchemy import Connection

from app.reads import snapshots
from app.reads.snapshots import RecordSnapshot
from app.registry.documents.references import Ref
from app.registry.serving.statements import Clock

MOST_KNOWN = 2_000


class Neighbours(Mapping[Ref, RecordSnapshot]):
    """Records by what others refer to them by; they cannot be gone through."""

    def __init__(self, connection: Connection, when: Clock) -> None:
        self.connection, self.when = connection, when
        self._known: LRUCache[Ref, RecordSnapshot | None] = LRUCache(MOST_KNOWN)

    def __getitem__(self, ref: Ref) -> RecordSnapshot:
        if ref not in self._known:
            self._known[ref] = next(iter(snapshots.of_refs(self.connection, self.when, [ref])), None)
        found = self._known[ref]
        if found is None:
            raise KeyError(ref)
        return found

    def __iter__(self) -> Iterator[Ref]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def pointing(self, ref: Ref, fields: Sequence[str]) -> Iterable[RecordSnapshot]:
        """The records that refer to this one in one of these fields, in the order of type and id."""
        targets = snapshots.keys(self.connection, [ref]).values()
        arrows = snapshots.pointing(self.connection, self.when, targets, fields)
        return snapshots.of_pks(self.connection, self.when, (arrow.record_pk for arrow in arrows))

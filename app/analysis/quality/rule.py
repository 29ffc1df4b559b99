"""What a rule of quality has to work with, and what it makes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.analysis.quality.stated_documents import StatedDocuments
from app.reads.snapshots import RecordSnapshot
from app.registry.collection import Finding, Severity
from app.registry.dates import Span
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Period, Presence


@dataclass(frozen=True)
class Known:
    """What else the registry says, for rules that look beyond one record, on the days asked for."""

    entries: Mapping[Ref, RecordSnapshot]
    days: Span
    documents: StatedDocuments

    def get(self, reference: ReferenceObject) -> RecordSnapshot | None:
        """The record that a reference points to, if the registry still has it."""
        return self.entries.get(Ref.of(reference))

    def of(self, kind: str) -> Iterator[RecordSnapshot]:
        """Every record of a type."""
        return (entry for entry in self.entries.values() if entry.collection.type == kind)

    def there(self, period: Period) -> bool:
        """Whether something can have held on the days asked for."""
        return period.presence(self.days) is not Presence.ABSENT

    @cached_property
    def later_alliances(self) -> Mapping[Ref, list[RecordSnapshot]]:
        """The alliances that take the place of each."""
        found: dict[Ref, list[RecordSnapshot]] = {}
        for entry in self.of("alliance"):
            for part in entry.answer["predecessors"]:
                if part["relation"] != "expands":
                    found.setdefault(Ref.of(part["alliance"]), []).append(entry)
        return found


@dataclass(frozen=True)
class QualityRule:
    """A rule of quality; the docstring of `check` says what it looks for, `needs` which types it looks up."""

    id: str
    severity: Severity
    types: tuple[str, ...]
    remedy: str
    check: Callable[[RecordSnapshot, Known], Iterable[Finding]]
    needs: tuple[str, ...] = ()

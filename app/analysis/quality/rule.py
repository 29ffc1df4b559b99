"""What a rule of quality has to work with, and what it makes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

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
    pointing: Callable[[Ref, Sequence[str]], Iterable[RecordSnapshot]] = lambda _ref, _fields: ()
    """The records that refer to one in these fields; while records are written, none is looked for."""

    def get(self, reference: ReferenceObject) -> RecordSnapshot | None:
        """The record that a reference points to, if the registry still has it."""
        return self.entries.get(Ref.of(reference))

    def there(self, period: Period) -> bool:
        """Whether something can have held on the days asked for."""
        return period.presence(self.days) is not Presence.ABSENT


@dataclass(frozen=True)
class QualityRule:
    """A rule of quality; the docstring of `check` says what it looks for."""

    id: str
    severity: Severity
    types: tuple[str, ...]
    remedy: str
    check: Callable[[RecordSnapshot, Known], Iterable[Finding]]

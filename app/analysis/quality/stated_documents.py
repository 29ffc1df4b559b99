"""What records state: their canonical documents at a revision, for the rules that quality shares with writing."""

from sqlalchemy import Connection, select

from app.reads.snapshots import RecordSnapshot, days_asked
from app.registry.clocks import recorded_at
from app.registry.documents.canonical import Document, parse_json
from app.registry.presence import Period, Presence
from app.registry.records import Version
from app.registry.serving.statements import Clock


class StatedDocuments:
    """The canonical documents at a revision; those of a type are read together, when one is first asked for."""

    def __init__(self, connection: Connection, when: Clock) -> None:
        self.connection, self.when = connection, when
        self.by_type: dict[str, dict[str, str]] = {}

    def look(self, target: str) -> Document | None:
        """The document of "type:id", None where the registry has none."""
        kind, _, slug = target.partition(":")
        if kind not in self.by_type:
            self.by_type[kind] = self._of_type(kind)
        text = self.by_type[kind].get(slug)
        return parse_json(text) if text else None

    def _of_type(self, kind: str) -> dict[str, str]:
        asked = select(Version.record_id, Version.document).where(
            Version.collection == kind, recorded_at(Version, self.when.revision)
        )
        return dict(self.connection.execute(asked).all())

    def of(self, entry: RecordSnapshot) -> Document:
        """The document of a record, with the parts that it can have had on the days asked for. Raises KeyError."""
        document = self.look(str(entry.ref))
        if document is None:
            raise KeyError(entry.ref)
        if not self.when.days:
            return document
        dated = document.keys() & entry.periods.keys()
        return document | {name: self._there(document[name], entry.periods[name]) for name in dated}

    def _there(self, parts: list[Document], periods: list[list[int]]) -> list[Document]:
        days = days_asked(self.when)
        kept = zip(parts, periods, strict=True)
        return [part for part, bounds in kept if Period(*bounds).presence(days) is not Presence.ABSENT]

"""What records state: their canonical documents at a revision, for the rules that quality shares with writing."""

from collections.abc import Iterable
from typing import Any

from cachetools import LRUCache
from sqlalchemy import Connection, bindparam, select

from app.prepared_statements import PreparedStatement
from app.reads.snapshots import RecordSnapshot, days_asked
from app.registry.clocks import recorded_at
from app.registry.documents.canonical import Document, parse_json
from app.registry.presence import Period, Presence
from app.registry.records import Pointer, Version
from app.registry.relations import KEYS, REVISION
from app.registry.serving.statements import Clock

MOST_KNOWN, MOST_PARSED = 10_000, 500
"""More documents than that are not held at one time, as text and as objects: the collector of cycles looks at these."""
_STATED = select(Version.collection, Version.record_id, Version.document).where(recorded_at(Version, REVISION))
_TARGETS = select(Pointer.target_pk).where(Pointer.record_pk.in_(KEYS), recorded_at(Pointer, REVISION))
_OF_PKS = PreparedStatement(_STATED.where(Version.record_pk.in_(KEYS)))
_OF_TARGETS = PreparedStatement(_STATED.where(Version.record_pk.in_(_TARGETS)))
_ONE = PreparedStatement(_STATED.where(Version.collection == bindparam("kind"), Version.record_id == bindparam("slug")))


class StatedDocuments:
    """The canonical documents at a revision; those that were used least recently are read again."""

    def __init__(self, connection: Connection, when: Clock) -> None:
        self.connection, self.when = connection, when
        self._known: LRUCache[str, str | None] = LRUCache(MOST_KNOWN)
        self._parsed: LRUCache[str, Document | None] = LRUCache(MOST_PARSED)

    def learn(self, entries: Iterable[RecordSnapshot]) -> None:
        """Read the documents of these records, and of all that they point to, together."""
        asked: dict[str, Any] = {"keys": [entry.pk for entry in entries], "revision": self.when.revision}
        for statement in (_OF_TARGETS, _OF_PKS) if asked["keys"] else ():
            self._keep(statement.rows(self.connection, **asked))

    def look(self, target: str) -> Document | None:
        """The document of "type:id", None where the registry has none."""
        if target not in self._parsed:
            text = self._text(target)
            self._parsed[target] = parse_json(text) if text else None
        return self._parsed[target]

    def _text(self, target: str) -> str | None:
        if target not in self._known:
            kind, _, slug = target.partition(":")
            self._known[target] = None
            self._keep(_ONE.rows(self.connection, kind=kind, slug=slug, revision=self.when.revision))
        return self._known[target]

    def _keep(self, rows: Iterable[Any]) -> None:
        self._known.update({f"{kind}:{slug}": text for kind, slug, text in rows})

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

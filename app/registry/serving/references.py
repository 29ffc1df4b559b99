"""What an answer shows of other records: their names, and for some fields the documents that point to them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.registry.collection import Catalogue
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.presence import Period
from app.registry.records import Pointer, Record, Version

CHUNK = 500
MOST_KNOWN = 10_000
"""More names than that are not kept from one chunk of answers to the next."""


def chunks(items: Sequence[int]) -> Iterable[Sequence[int]]:
    """Keys of records, as many as a statement should have."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def period_columns(table: Any) -> list[Any]:
    """The five days."""
    return [getattr(table, name) for name in Period._fields]


class References(dict[str, Document]):
    """The reference objects to records, by "type:id", each made once: answers are written out, never changed."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        super().__init__()
        self.session, self.catalogue = session, catalogue
        self.names: dict[str, str] = {}
        self.known: set[int] = set()
        """The records whose names are known."""
        self.pointed: dict[tuple[str, str], list[tuple[Document, Period]]] = {}

    def __missing__(self, target: str) -> Document:
        made: Document = {**self.catalogue.reference(Ref.parse(target), self.names[target])}
        self[target] = made
        return made

    def learn(self, record_pks: Iterable[int]) -> None:
        """Learn the names of these records and of all that they point to; a withdrawn record keeps its last one."""
        if len(self.known) > MOST_KNOWN:
            for each in (self, self.names, self.known, self.pointed):
                each.clear()
        showing = sorted(record_pks)
        wanted = set(showing)
        for chunk in chunks(showing):
            asked = select(Pointer.target_pk).where(Pointer.record_pk.in_(chunk), Pointer.recorded_to.is_(None))
            wanted.update(self.session.scalars(asked.distinct()))
        wanted -= self.known
        for chunk in chunks(sorted(wanted)):
            named = select(Version.collection, Version.record_id, Version.name).where(Version.record_pk.in_(chunk))
            rows = self.session.execute(named.order_by(Version.recorded_from))
            self.names.update((f"{kind}:{slug}", name) for kind, slug, name in rows)
        self.known |= wanted

    def pointing(self, target: str, field: str) -> list[tuple[Document, Period]]:
        """What points to one record in one field; the documents come with their reference. Asked once."""
        if (target, field) not in self.pointed:
            self.pointed[target, field] = self._ask_pointing(target, field)
        return self.pointed[target, field]

    def _ask_pointing(self, target: str, field: str) -> list[tuple[Document, Period]]:
        kind, _, slug = target.partition(":")
        asked = (
            select(Version.collection, Version.record_id, Version.name, Version.document, *period_columns(Pointer))
            .join(Pointer, Pointer.version_pk == Version.pk)
            .join(Record, Record.pk == Pointer.target_pk)
            .where(Record.collection == kind, Record.id == slug, Pointer.field == field, Pointer.recorded_to.is_(None))
            .order_by(Version.record_id)
        )
        found = []
        for row in self.session.execute(asked):
            pointing = f"{row.collection}:{row.record_id}"
            self.names[pointing] = row.name
            found.append(({"ref": self[pointing], **parse_json(row.document)}, Period._make(row[-5:])))
        return found

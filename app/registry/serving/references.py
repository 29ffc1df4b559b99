"""What an answer shows of other records: their names, and for some fields the documents that point to them."""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, bindparam, select
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement
from app.registry.chunks import chunked
from app.registry.clocks import period_columns, recorded_at
from app.registry.collection import Catalogue
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Period
from app.registry.records import PeriodRow, Pointer, Record, Version
from app.registry.relations import KEYS, REVISION

MOST_KNOWN = 10_000
"""More names than that are not kept from one chunk of answers to the next."""

_NAMED = PreparedStatement(
    select(Version.record_pk, Version.collection, Version.record_id, Version.name)
    .where(Version.record_pk.in_(KEYS), Version.recorded_from <= REVISION)
    .order_by(Version.recorded_from)
)
"""The names that records had by a revision, the last one last: one that was withdrawn by then keeps that.

One of which all that was said by then is redacted has none, and is called by its id.
"""
_DOCUMENT = PreparedStatement(
    select(Version.document).where(
        Version.collection == bindparam("kind"), Version.record_id == bindparam("slug"), recorded_at(Version, REVISION)
    )
)
_POINTED_TO = PreparedStatement(
    select(Pointer.target_pk).where(Pointer.record_pk.in_(KEYS), recorded_at(Pointer, REVISION)).distinct()
)


def references(
    connection: Connection, catalogue: Catalogue, keys: Iterable[int], revision: int
) -> dict[int, ReferenceObject]:
    """The references to records by their keys, with the names at the revision."""
    found: dict[int, ReferenceObject] = {}
    for chunk in chunked(sorted(keys)):
        for key, kind, slug, name in _NAMED.rows(connection, keys=chunk, revision=revision):
            found[key] = catalogue.reference(Ref(kind, slug), name)
        if nameless := [key for key in chunk if key not in found]:
            asked = select(Record.pk, Record.collection, Record.id).where(Record.pk.in_(nameless))
            found |= {pk: catalogue.reference(Ref(*ref), None) for pk, *ref in connection.execute(asked)}
    return found


class References(dict[str, Document]):
    """The reference objects to records, by "type:id", each made once: answers are written out, never changed."""

    def __init__(self, session: Session, catalogue: Catalogue, revision: int) -> None:
        super().__init__()
        self.session, self.catalogue, self.revision = session, catalogue, revision
        self.connection = session.connection()
        self.names: dict[str, str] = {}
        self.known: set[int] = set()
        """The records whose names are known."""
        self.pointed: dict[tuple[str, str], list[tuple[Document, Period]]] = {}
        self.looked: dict[str, Document | None] = {}

    def __missing__(self, target: str) -> Document:
        made: Document = {**self.catalogue.reference(Ref.parse(target), self.names.get(target))}
        self[target] = made
        return made

    def learn(self, record_pks: Iterable[int]) -> None:
        """Learn the names of these records and of all that they point to; a withdrawn record keeps its last one."""
        if len(self.known) > MOST_KNOWN:
            for each in (self, self.names, self.known, self.pointed, self.looked):
                each.clear()
        showing = sorted(record_pks)
        wanted = set(showing)
        for chunk in chunked(showing):
            wanted.update(_POINTED_TO.scalars(self.connection, keys=chunk, revision=self.revision))
        wanted -= self.known
        for chunk in chunked(sorted(wanted)):
            rows = _NAMED.rows(self.connection, keys=chunk, revision=self.revision)
            self.names.update((f"{kind}:{slug}", name) for _, kind, slug, name in rows)
        self.known |= wanted

    def look(self, target: str) -> Document | None:
        """The document of another record; None where it was withdrawn. Asked once."""
        if target not in self.looked:
            kind, _, slug = target.partition(":")
            asked = {"kind": kind, "slug": slug, "revision": self.revision}
            found = _DOCUMENT.scalar(self.connection, **asked)
            self.looked[target] = parse_json(found) if found else None
        return self.looked[target]

    def pointing(self, target: str, field: str) -> list[tuple[Document, Period]]:
        """What points to one record in one field; the documents come with their reference. Asked once."""
        if (target, field) not in self.pointed:
            self.pointed[target, field] = self._ask_pointing(target, field)
        return self.pointed[target, field]

    def _ask_pointing(self, target: str, field: str) -> list[tuple[Document, Period]]:
        kind, _, slug = target.partition(":")
        asked = (
            select(Version.collection, Version.record_id, Version.name, Version.document, *period_columns())
            .join(PeriodRow, and_(PeriodRow.record_pk == Version.record_pk, recorded_at(PeriodRow, self.revision)))
            .join(Record, Record.pk == PeriodRow.target_pk)
            .where(
                Record.collection == kind,
                Record.id == slug,
                PeriodRow.field == field,
                recorded_at(Version, self.revision),
            )
            .order_by(Version.record_id, PeriodRow.position)
        )
        found = []
        for row in self.session.execute(asked):
            pointing = f"{row.collection}:{row.record_id}"
            self.names[pointing] = row.name
            found.append(({"ref": self[pointing], **parse_json(row.document)}, Period._make(row[4:])))
        return found

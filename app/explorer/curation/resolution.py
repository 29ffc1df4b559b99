"""From what people write to records: an id, or the name of one; and back from records to their names."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from app.api.dependencies import Reads
from app.catalogue import CATALOGUE
from app.explorer.curation.documents import ResolveName, is_id
from app.reads import snapshots
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.documents.fields import Refer
from app.registry.documents.references import Ref
from app.registry.serving.statements import clock


def resolver(connection: Connection, reader: Reads) -> ResolveName:
    """Gives the "type:id" for the name of a record; what names none stays as it is, to be refused in its place."""

    def resolve(text: str, types: Sequence[str]) -> str:
        if is_id(text) or not text.isprintable() or len(text) > 300:
            return text
        near = reader.find_near(connection, text, types)
        return str(near.ref) if near and near.exact else text

    return resolve


def is_free(connection: Connection, slug: str) -> bool:
    """Whether no source has, or had, this id."""
    return not snapshots.keys(connection, [Ref("source", slug)])


def referring(connection: Connection, documents: Iterable[tuple[Collection, Document]]) -> Refer:
    """Gives references with names, for all that canonical documents refer to; these documents have names themselves."""
    named: dict[str, str | None] = {}
    wanted = set[Ref]()
    for collection, document in documents:
        named[f"{collection.type}:{document.get('id')}"] = document.get("name")
        for place in collection.plan.references(document):
            wanted.add(Ref.parse(str(place.container[place.key])))
    for entry in snapshots.of_refs(connection, clock(connection), wanted):
        named.setdefault(str(entry.ref), entry.answer.get("name"))

    def refer(target: str) -> Document:
        return dict(CATALOGUE.reference(Ref.parse(target), named.get(target)))

    return refer

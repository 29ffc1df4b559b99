"""References to records by their keys: what a count over pointers shows of what it counted."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from app.catalogue import CATALOGUE
from app.registry.chunks import chunked
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.records import Version

_NAMED = (
    select(Version.record_pk, Version.collection, Version.record_id, Version.name)
    .where(Version.record_pk.in_(bindparam("keys", expanding=True)), Version.recorded_from <= bindparam("revision"))
    .order_by(Version.recorded_from)
)


def references(connection: Connection, keys: Iterable[int], revision: int) -> dict[int, ReferenceObject]:
    """The references, by the names at the revision; a record that was withdrawn by then keeps its last one."""
    found: dict[int, ReferenceObject] = {}
    for chunk in chunked(sorted(keys)):
        for key, kind, slug, name in connection.execute(_NAMED, {"keys": chunk, "revision": revision}):
            found[key] = CATALOGUE.reference(Ref(kind, slug), name)
    return found

"""References to records by their keys: what a count over pointers shows of what it counted."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from app.catalogue import CATALOGUE
from app.registry.documents.canonical import Document
from app.registry.records import Version
from app.registry.serving.statements import BATCH

_NAMED = (
    select(Version.record_pk, Version.collection, Version.record_id, Version.name)
    .where(Version.record_pk.in_(bindparam("keys", expanding=True)), Version.recorded_from <= bindparam("revision"))
    .order_by(Version.recorded_from)
)


def references(connection: Connection, keys: Iterable[int], revision: int) -> dict[int, Document]:
    """The references, by the names at the revision; a record that was withdrawn by then keeps its last one."""
    found: dict[int, Document] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), BATCH):
        asked = {"keys": wanted[start : start + BATCH], "revision": revision}
        for key, kind, slug, name in connection.execute(_NAMED, asked):
            url = CATALOGUE.url(f"{kind}:{slug}")
            found[key] = {"id": slug, "type": kind, "name": name, "url": url}
    return found

"""The properties that are proposed for records of some types; those of identifier schemes are known by revision."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Connection, select

from app.catalogue import CATALOGUE
from app.reconciliation.properties import Property, in_scheme, properties
from app.registry.clocks import recorded_at
from app.registry.documents.canonical import parse_json
from app.registry.records import Version
from app.registry.serving.statements import Clock

REMEMBERED = 100

SchemesByType = Mapping[str, frozenset[str]]
"""The schemes that records of each type have ids in."""


class PropertyProposals:
    """Proposes properties. All documents are read for their schemes, so not at each letter that somebody types.

    The revision that was asked for least recently is forgotten first.
    """

    def __init__(self) -> None:
        self._lock, self._known = Lock(), LRUCache[int, SchemesByType](REMEMBERED)

    def of(self, connection: Connection, when: Clock, types: Iterable[str]) -> list[Property]:
        """Every property that records of these types can have, each once."""
        chosen, known = [CATALOGUE.by_type[kind] for kind in types], self._schemes(connection, when.revision)
        found = {one.id: one for collection in chosen for one in properties(collection).values()}
        schemes = {scheme for collection in chosen for scheme in known.get(collection.type, ())}
        found |= {one.id: one for one in map(in_scheme, sorted(schemes))}
        return list(found.values())

    def _schemes(self, connection: Connection, revision: int) -> SchemesByType:
        with self._lock:
            schemes = self._known.get(revision)
        if schemes is None:
            schemes = _recorded(connection, revision)
            with self._lock:
                self._known[revision] = schemes
        return schemes


def _recorded(connection: Connection, revision: int) -> SchemesByType:
    asked = select(Version.collection, Version.document).where(
        recorded_at(Version, revision), Version.document.contains('"identifiers":', autoescape=True)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for kind, document in connection.execute(asked):
        found[kind].update(each["scheme"] for each in parse_json(document).get("identifiers", []))
    return {kind: frozenset(schemes) for kind, schemes in found.items()}

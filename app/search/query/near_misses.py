"""What a text may mean that names no record: what search knows, for messages that say what would be right."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.api.near_misses import NearMiss
from app.registry.documents.references import Ref
from app.registry.serving.statements import clock
from app.search.query.candidates import SearchScope
from app.search.query.matching import run_search

LIKELY = 50
"""From which score on a record is worth suggesting."""


def find_near(connection: Connection, text: str, types: Sequence[str]) -> NearMiss | None:
    """The record of these types that a text means most likely by its names, initials and short names, if any does."""
    best = run_search(connection, text, SearchScope(clock(connection), types=tuple(types))).ranked[:1]
    return next(
        (NearMiss(Ref(each.found.type, each.found.id), each.exact) for each in best if each.score >= LIKELY), None
    )

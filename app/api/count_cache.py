"""Totals of lists and their facets, remembered."""

from typing import Any

from sqlalchemy import Connection

from app.api import lists
from app.api.facets import facets
from app.api.list_shapes import Selection
from app.api.list_sql import total
from app.api.query_models import ClockQuery
from app.api.remembered import Remembered
from app.registry.collection import Catalogue
from app.registry.documents.canonical import Document

TOTALS, FACETS = 10_000, 300
"""How many are remembered."""
UNCOUNTED = lists.SHAPING - {"certainty"} | ClockQuery.names()
"""The parameters that no total depends on: those that shape a page, and the clocks, which count as they are read."""


class KnownCounts:
    """How many records the questions that are put to lists find, by clocks and filters."""

    def __init__(self) -> None:
        self._totals, self._facets = Remembered[int](TOTALS), Remembered[Document](FACETS)

    def total(self, connection: Connection, selection: Selection) -> int:
        """The total of a list."""
        return self._totals.get(_key(selection.question), lambda: total(connection, selection))

    def facets(self, connection: Connection, catalogue: Catalogue, question: lists.Question, names: str) -> Document:
        """What a list has in the fields of these names. Raises Unsupported."""
        key = (*_key(question), question.weakest, names)
        return self._facets.get(key, lambda: facets(connection, catalogue, question, names))


def _key(question: lists.Question) -> tuple[Any, ...]:
    filters = tuple(sorted(item for item in question.parameters.items() if item[0] not in UNCOUNTED))
    # not the clocks as they were asked: `as_of=today` is another day tomorrow
    return question.collection.type, question.when, filters

"""Totals of lists, remembered: an answer for a revision never changes."""

from threading import Lock
from typing import Any

from cachetools import LRUCache
from sqlalchemy import Connection

from app.api import lists
from app.api.list_shapes import Selection
from app.api.list_sql import total as count
from app.api.query_models import ClockQuery

REMEMBERED = 10_000
UNCOUNTED = lists.SHAPING - {"certainty"} | ClockQuery.names()
"""The parameters that no total depends on: those that shape a page, and the clocks, which count as they are read."""


class Totals:
    """How many records a question finds, by clocks and filters; the least recently asked is forgotten first."""

    def __init__(self) -> None:
        self._lock, self._known = Lock(), LRUCache[Any, int](REMEMBERED)

    def get(self, connection: Connection, selection: Selection) -> int:
        """The total of a list, counted if it is not known."""
        question = selection.question
        filters = tuple(sorted(item for item in question.parameters.items() if item[0] not in UNCOUNTED))
        # not the clocks as they were asked: `as_of=today` is another day tomorrow
        key = (question.collection.type, question.when, filters)
        with self._lock:
            total = self._known.get(key)
        if total is None:
            total = count(connection, selection)
            with self._lock:
                self._known[key] = total
        return total

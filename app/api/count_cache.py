"""Totals of lists, remembered: an answer for a revision never changes."""

from threading import Lock
from typing import Any

from cachetools import LRUCache
from sqlalchemy import Connection

from app.api import lists
from app.api.list_sql import Selection
from app.api.list_sql import total as count

REMEMBERED = 10_000
SHAPING = frozenset(lists.SHAPING) - {"certainty"} | {"known_at"}


class Totals:
    """How many records a question finds, by revision and filters; the least recently asked is forgotten first."""

    def __init__(self) -> None:
        self._lock, self._known = Lock(), LRUCache[Any, int](REMEMBERED)

    def get(self, connection: Connection, question: lists.Question, selection: Selection) -> int:
        """The total for a question, counted if it is not known."""
        filters = tuple(sorted(item for item in question.parameters.items() if item[0] not in SHAPING))
        key = (question.collection.type, question.when.revision, filters)
        with self._lock:
            total = self._known.get(key)
        if total is None:
            total = count(connection, question, selection)
            with self._lock:
                self._known[key] = total
        return total

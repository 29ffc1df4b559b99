"""Totals of lists, remembered: an answer for a revision never changes."""

from collections import OrderedDict
from threading import Lock
from typing import Any

from sqlalchemy import Connection

from app.api import lists
from app.api.list_sql import Selection
from app.api.list_sql import total as count

REMEMBERED = 10_000
SHAPING = frozenset(lists.SHAPING) - {"certainty"} | {"known_at"}


class Totals:
    """How many records a question finds, by revision and filters; the least recently asked is forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[Any, int] = OrderedDict()
        self._lock = Lock()

    def get(self, connection: Connection, question: lists.Question, selection: Selection) -> int:
        """The total for a question, counted if it is not known."""
        filters = tuple(sorted(item for item in question.parameters.items() if item[0] not in SHAPING))
        key = (question.collection.type, question.when.revision, filters)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        total = count(connection, question, selection)
        with self._lock:
            self._known[key] = total
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return total

"""Totals of views, remembered: what there is at a revision never changes."""

from collections.abc import Callable, Hashable
from threading import Lock

from cachetools import LRUCache

REMEMBERED = 1_000


class RememberedTotals:
    """How many of something a question finds; the least recently asked is forgotten first."""

    def __init__(self) -> None:
        self._lock, self._known = Lock(), LRUCache[Hashable, int](REMEMBERED)

    def get(self, question: Hashable, count: Callable[[], int]) -> int:
        """The total for a question, its clocks among it; counted if it is not known."""
        with self._lock:
            total = self._known.get(question)
        if total is None:
            total = count()
            with self._lock:
                self._known[question] = total
        return total

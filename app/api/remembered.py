"""Counts, remembered: what there is at a revision never changes."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Counted = TypeVar("Counted")


class Remembered(Generic[Counted]):
    """What was counted for so many questions; the least recently asked is forgotten first."""

    def __init__(self, most: int) -> None:
        self._lock, self._known = Lock(), LRUCache[Hashable, Counted](most)

    def get(self, question: Hashable, count: Callable[[], Counted]) -> Counted:
        """The count for a question, its clocks among it; counted if it is not known."""
        with self._lock:
            found = self._known.get(question)
        if found is None:
            found = count()
            with self._lock:
                self._known[question] = found
        return found

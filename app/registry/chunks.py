"""Many things, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

CHUNK = 500
"""As many keys as one statement takes, and as many documents as are held at one time."""
T = TypeVar("T")


def chunked(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of at most `size` items: of [1, 2, 3] by two, [1, 2] and [3]."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk

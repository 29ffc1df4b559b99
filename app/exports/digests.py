"""Digests of files, kept once they are known: at a revision, a file never changes."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from cachetools import LRUCache

from app.registry.serving.statements import Clock

MOST = 1000

FileKey = tuple[str, Clock, str]
"""What a file is made of: its name, the clocks, and the address it is served under."""


class Digest(NamedTuple):
    """Size in bytes and SHA-256 of a file."""

    size: int
    sha256: bytes


class MeasuredContent:
    """Bytes on their way, counted and hashed as they pass."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._content, self._size, self._hash = content, 0, sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._content:
            self._size += len(piece)
            self._hash.update(piece)
            yield piece

    @property
    def digest(self) -> Digest:
        """Size and SHA-256 of what has passed so far."""
        return Digest(self._size, self._hash.digest())


class Digests:
    """The digests that this process has worked out; the least recently asked for is forgotten first."""

    def __init__(self) -> None:
        self._lock, self._known = Lock(), LRUCache[FileKey, Digest](MOST)

    def known(self, key: FileKey) -> Digest | None:
        """The digest, if the file was written before."""
        with self._lock:
            return self._known.get(key)

    def measured(self, key: FileKey, content: Iterable[bytes]) -> Iterator[bytes]:
        """The content as it is; when it has passed whole, its digest is known."""
        measured = MeasuredContent(content)
        yield from measured
        with self._lock:
            self._known[key] = measured.digest

    def digest(self, key: FileKey, content: Iterable[bytes]) -> Digest:
        """The digest, worked out by writing the file to nowhere if need be."""
        known = self.known(key)
        if known is None:
            measured = MeasuredContent(content)
            for _ in measured:
                pass
            known = measured.digest
            with self._lock:
                self._known[key] = known
        return known

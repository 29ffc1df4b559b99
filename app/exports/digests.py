"""Digests of files, kept once they are known: at a revision, a file never changes."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

MOST = 1000

FileKey = tuple[str | None, ...]
"""What a file is made of: its name, the revision's time, the days asked for, and the address it is served under."""


class Digest(NamedTuple):
    """Size in bytes and SHA-256 of a file."""

    size: int
    sha256: bytes


class Digests:
    """The digests that this process has worked out, the latest ones."""

    def __init__(self) -> None:
        self._lock, self._known = Lock(), OrderedDict[FileKey, Digest]()

    def known(self, key: FileKey) -> Digest | None:
        """The digest, if the file was written before."""
        return self._known.get(key)

    def measured(self, key: FileKey, content: Iterable[bytes]) -> Iterator[bytes]:
        """The content as it is; when it has passed whole, its digest is known."""
        size, total = 0, sha256()
        for piece in content:
            size += len(piece)
            total.update(piece)
            yield piece
        with self._lock:
            self._known[key] = Digest(size, total.digest())
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def digest(self, key: FileKey, content: Iterable[bytes]) -> Digest:
        """The digest, worked out by writing the file to nowhere if need be."""
        if key not in self._known:
            for _ in self.measured(key, content):
                pass
        return self._known[key]

"""Merkle trees over SHA-256 as RFC 6962 has them: roots, proofs that something is inside, proofs that nothing was lost.

One hash, the root, stands for everything in the tree. A proof is a few hashes, as many as the tree is high.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

WIDTH = 32
"""Bytes of a hash."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf (RFC 6962 §2.1)."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two hashes (RFC 6962 §2.1)."""
    return sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """A tree that only grows. It keeps the hash of every complete subtree, so that nothing is hashed twice.

    Level 0 has the leaves, level `n` the subtrees of 2^n leaves.
    """

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]
        for each in leaf_hashes:
            self.append(each)

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self._levels[0]) // WIDTH

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        level, index, found = 0, self.size, leaf
        self._levels[0] += found
        while index & 1:
            found = node_hash(self.nodes(level, index - 1, 1), found)
            level, index = level + 1, index >> 1
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += found

    def nodes(self, level: int, first: int, count: int) -> bytes:
        """The hashes of so many complete subtrees that stand beside each other."""
        return bytes(self._levels[level][first * WIDTH : (first + count) * WIDTH])

    def root(self, size: int | None = None) -> bytes:
        """The root, or that of the tree as it was at an earlier size (RFC 6962 §2.1)."""
        size = self.size if size is None else size
        return self._range(0, size) if size else sha256().digest()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that a leaf is in the tree of this size: an audit path (RFC 6962 §2.1.1)."""
        begin, end, path = 0, size, list[bytes]()
        while end - begin > 1:
            middle = begin + _split(end - begin)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(begin, middle))
                begin = middle
        return path[::-1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """The proof that the tree of one size begins with all of that of a smaller one (RFC 6962 §2.1.2)."""
        begin, end, path, known = 0, second, list[bytes](), True
        while first != end:
            middle = begin + _split(end - begin)
            if first <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(begin, middle))
                begin, known = middle, False
        return [self._range(begin, end), *path[::-1]] if not known else path[::-1]

    def _range(self, begin: int, end: int) -> bytes:
        """The root over some leaves; `begin` is where a subtree begins that has room for them."""
        count = end - begin
        level = count.bit_length() - 1
        if count == 1 << level:
            return self.nodes(level, begin >> level, 1)
        middle = begin + _split(count)
        return node_hash(self._range(begin, middle), self._range(middle, end))


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << ((count - 1).bit_length() - 1)


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to (RFC 9162 §2.1.3.2); None where it is no path in a tree of this size."""
    at, last, found = index, size - 1, leaf
    if not 0 <= at <= last:
        return None
    for each in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node_hash(each, found)
            at, last = _ascended(at, last)
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(first: int, second: int, old: bytes, new: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree with the root `new` is shown to begin with that of the root `old` (RFC 9162 §2.1.4.2)."""
    if first == second:
        return old == new and not path
    if not 0 < first < second:
        return False
    hashes = [old, *path] if first & (first - 1) == 0 else list(path)
    if not hashes:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(each, before), node_hash(each, after)
            at, last = _ascended(at, last)
        else:
            after = node_hash(after, each)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old and after == new


def _ascended(at: int, last: int) -> tuple[int, int]:
    """Where a node stands once it has no right neighbour on its level: what has none goes up as it is."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last

"""The log's tree. Leaf `n` is the head of revision `n + 1`, so the size of the tree is the number of a revision."""

from collections.abc import Sequence
from hashlib import sha256
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select

from app.registry.merkle_tree import MerkleTree, leaf_hash
from app.registry.problems import Refused
from app.registry.records import Revision
from app.registry.writing.revision_heads import changes_in_form_1, head
from app.registry.writing.successions import RecordedSuccession, succession_of


class RevisionLog:
    """The tree as of the newest revision: kept in the process, and read on when revisions have been added.

    Each look asks for the last revision that is known and all after it. Where that one is not there any more, or is
    another, somebody put another database in the place of this one, and the tree is made anew.
    """

    def __init__(self) -> None:
        self._tree, self._last, self._lock = MerkleTree(), "", Lock()
        self._successions: list[RecordedSuccession] = []

    def tree(self, connection: Connection) -> MerkleTree:
        """The tree; others may add to it, so its size is to be asked once. Raises Refused where a head was changed."""
        with self._lock:
            rows = revisions_from(connection, max(self._tree.size, 1))
            if self._tree.size and (not rows or rows[0].digest != self._last):
                self._tree, self._successions = MerkleTree(), []
                rows = revisions_from(connection, 1)
            for row in rows:
                if row.number > self._tree.size:
                    self._tree.append(leaf_hash(entry(connection, row)))
                    self._last = row.digest
                    if succession := succession_of(row):
                        self._successions.append(succession)
            return self._tree

    def successions(self, size: int) -> list[RecordedSuccession]:
        """Those until that revision, the oldest first: the last one says what the log is called."""
        return [each for each in self._successions if each.revision <= size]


def revisions_from(connection: Connection, first: int, last: int | None = None) -> Sequence[Any]:
    """The revisions from a number on, in their order."""
    asked = select(*Revision.__table__.c).where(Revision.number >= first).order_by(Revision.number)
    return connection.execute(asked if last is None else asked.where(Revision.number <= last)).all()


def entry(connection: Connection, revision: Any) -> bytes:
    """The leaf of a revision: its head. Raises Refused where it does not have its digest: that is never signed."""
    # form 1 kept no hash of its changes; those revisions become no more
    changes = revision.changes if revision.salt is not None else changes_in_form_1(connection, revision.number)
    content = head(revision, changes)
    if sha256(content).hexdigest() != revision.digest:
        raise Refused("log-broken", f"revision {revision.number} is not what was written; `registry check` says more")
    return content

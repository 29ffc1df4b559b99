"""Proofs of one record: this document is what revision n wrote, and revision n is in the log (C2SP tlog-proof).

The first step is ours: from the record's line to the root over all lines in the head of its revision. The second is
everybody's: from that head, a leaf, to a checkpoint.
"""

from base64 import b64encode
from collections.abc import Iterable
from threading import Lock
from typing import Any, NamedTuple

from cachetools import LRUCache
from sqlalchemy import Connection, select

from app.log.publication import SignedTree
from app.log.revision_log import entry, revisions_from
from app.registry.clocks import recorded_at
from app.registry.documents.canonical import Document, canonical_json
from app.registry.merkle_tree import MerkleTree
from app.registry.problems import NotFound
from app.registry.records import Record, Version
from app.registry.redactions import WORD, RedactedVersion
from app.registry.writing.revision_heads import ChangeLine, change_tree, logged_lines

FORMAT = "c2sp.org/tlog-proof@v1"


class LoggedVersion(NamedTuple):
    """What a revision wrote of a record; without a document, it withdrew it, or what it wrote was redacted."""

    revision: int
    document: str | None = None
    salt: str | None = None
    redacted: int | None = None
    """The revision that redacted it."""


class LoggedChanges(NamedTuple):
    """The lines of a revision in their order, where each record's is, and the tree over them."""

    lines: list[str]
    places: dict[tuple[str, str], int]
    tree: MerkleTree

    @classmethod
    def of(cls, lines: Iterable[ChangeLine]) -> "LoggedChanges":
        """Without the documents, which are large."""
        kept, places = list[str](), dict[tuple[str, str], int]()
        for line in lines:
            # that something was redacted is no statement of the record
            if not line.outcome.startswith(WORD):
                places[line.collection, line.id] = len(kept)
            kept.append(str(line))
        return cls(kept, places, change_tree(kept))


class RecordProofs:
    """Makes proofs. The lines of a few revisions are kept: those of a large import take long to hash."""

    def __init__(self) -> None:
        self._changes: LRUCache[str, LoggedChanges] = LRUCache(8)
        self._lock = Lock()

    def proof(self, connection: Connection, found: SignedTree, kind: str, slug: str, number: int) -> Document:
        """All that proves what the registry said of the record at a revision. Raises NotFound."""
        version = _version(connection, kind, slug, number)
        row = revisions_from(connection, version.revision, version.revision)[0]
        changes = self._lines(connection, row)
        at = changes.places[kind, slug]
        said: Document = {
            "record": f"{kind}/{slug}",
            "document": version.document,
            "salt": version.salt,
            "line": changes.lines[at],
            "head": entry(connection, row).decode(),
        }
        if row.salt is None:
            said |= {"changes": None, "lines": changes.lines}
        else:
            size = len(changes.lines)
            said |= {"changes": _path(at, size, changes.tree.inclusion(at, size)), "lines": None}
        index, size = row.number - 1, found.checkpoint.size
        path = found.tree.inclusion(index, size)
        told: Document = {"revision": row.number, "reason": row.reason, "reason_salt": row.salt}
        told["redacted"] = version.redacted
        return {**said, **told, "entry": _path(index, size, path), "proof": _text(said, index, path, found.note)}

    def _lines(self, connection: Connection, row: Any) -> LoggedChanges:
        with self._lock:
            known = self._changes.get(row.digest)
        if known is None:
            known = LoggedChanges.of(logged_lines(connection, row))
            with self._lock:
                self._changes[row.digest] = known
        return known


def _version(connection: Connection, kind: str, slug: str, number: int) -> LoggedVersion:
    """What was last said of the record at the revision."""
    record = connection.execute(
        select(Record.pk, Record.withdrawn).where(Record.collection == kind, Record.id == slug)
    ).first()
    if record and record.withdrawn and record.withdrawn <= number:
        return LoggedVersion(record.withdrawn)
    found = record and (_kept(connection, record.pk, number) or _redacted(connection, record.pk, number))
    if not found:
        raise NotFound(f"there is no {kind} '{slug[:100]}' at revision {number}")
    return found


def _kept(connection: Connection, record_pk: int, number: int) -> LoggedVersion | None:
    asked = select(Version.recorded_from, Version.document, Version.salt)
    row = connection.execute(asked.where(Version.record_pk == record_pk, recorded_at(Version, number))).first()
    return LoggedVersion(*row) if row else None


def _redacted(connection: Connection, record_pk: int, number: int) -> LoggedVersion | None:
    asked = select(RedactedVersion.recorded_from, RedactedVersion.redacted)
    held = recorded_at(RedactedVersion, number)
    row = connection.execute(asked.where(RedactedVersion.record_pk == record_pk, held)).first()
    return LoggedVersion(row.recorded_from, redacted=row.redacted) if row else None


def _path(index: int, size: int, path: Iterable[bytes]) -> Document:
    return {"index": index, "size": size, "path": base64_lines(path)}


def base64_lines(hashes: Iterable[bytes]) -> list[str]:
    """Hashes as proofs have them in text."""
    return [b64encode(each).decode() for each in hashes]


def _text(said: Document, index: int, path: Iterable[bytes], note: str) -> str:
    """The proof file: with what is `said` in its extra line, it verifies by itself and without a network."""
    extra = b64encode(canonical_json(said)).decode()
    return "\n".join([FORMAT, f"extra {extra}", f"index {index}", *base64_lines(path), "", note])

"""Heads: what a revision says of itself and of all that it wrote, in the form in which it is hashed, for ever.

Form 2, since the log has proofs: the canonical JSON of `{actor, changes, form, number, previous, reason, recorded}`.
`changes` is the root of a Merkle tree (RFC 6962) over one line per change, in the order of collection and id:
`collection/id` and SHA-256(salt ‖ document), or the word `withdrawn`, with the survivor's `collection/id` behind it
after a merge. `collection/id redacted 3 5` says that what revisions 3 and 5 wrote of it is gone; their lines stay as
they were. `reason` is SHA-256(salt ‖ reason). Every version and every revision has 16 random bytes of salt, kept
beside it in hexadecimal: whoever takes document and salt away leaves a hash that confirms no guess.

Form 1, before: without `form`, the reason as it is, and `changes` the SHA-256 over the lines, each with its line feed,
withdrawals behind the others. Nothing had a salt. What was written in a form stays in it.
"""

import secrets
from collections.abc import Iterable, Iterator
from hashlib import sha256
from heapq import merge
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import aliased

from app.prepared_statements import LongStatement, PreparedStatement
from app.registry.documents.canonical import canonical_json
from app.registry.merkle_tree import MerkleTree, leaf_hash
from app.registry.records import Record, Revision, Version
from app.registry.redactions import RedactedVersion, marks_of

FORM = 2


class ChangeLine(NamedTuple):
    """What a revision did to one record, as it is hashed; they sort by collection and id."""

    collection: str
    id: str
    outcome: str
    """The hash of what it says; or `withdrawn`, or `redacted` with the revisions whose lines have no document now."""
    document: str | None = None
    salt: str | None = None
    redacted: int | None = None
    """The revision that redacted what the record said."""

    def __str__(self) -> str:
        return f"{self.collection}/{self.id} {self.outcome}"


def new_salt() -> str:
    """16 random bytes, in hexadecimal."""
    return secrets.token_hex(16)


def salted_hash(salt: str | None, text: str) -> str:
    """SHA-256(salt ‖ text); what has no salt is hashed without, and a salt that somebody spoilt has no hash."""
    try:
        return sha256(bytes.fromhex(salt or "") + text.encode()).hexdigest()
    except ValueError:
        return ""


def head(revision: Revision, changes: str) -> bytes:
    """The head of a revision that wrote `changes`: what its digest is the hash of, and a leaf of the log."""
    said = {
        "number": revision.number,
        "recorded": revision.recorded,
        "actor": revision.actor,
        "reason": revision.reason,
        "previous": revision.previous,
        "changes": changes,
    }
    if revision.salt is not None:
        said |= {"form": FORM, "reason": salted_hash(revision.salt, revision.reason)}
    return canonical_json(said)


def changes_in_form_1(connection: Connection, number: int) -> str:
    """What the revision wrote, in one hash over all lines."""
    total = sha256()
    for line in lines_in_form_1(connection, number):
        total.update(f"{line}\n".encode())
    return total.hexdigest()


def lines_in_form_1(connection: Connection, number: int) -> Iterator[ChangeLine]:
    """A line for every record that the revision wrote, then for every one that it withdrew.

    None ever redacted anything: what is said to have been shows.
    """
    return chain(_stated(connection, number), _redactions(connection, number), _withdrawn(connection, number))


def changes_in_form_2(connection: Connection, number: int) -> str:
    """What the revision wrote, in the root over its lines."""
    return change_tree(map(str, change_lines(connection, number))).root().hex()


def change_lines(connection: Connection, number: int) -> Iterator[ChangeLine]:
    """A line for all that the revision did to a record, in the order of form 2."""
    return merge(_stated(connection, number), _redactions(connection, number), _withdrawn(connection, number))


def logged_lines(connection: Connection, revision: Revision) -> Iterator[ChangeLine]:
    """The lines of a revision, in the order in which its form hashes them."""
    return (lines_in_form_1 if revision.salt is None else change_lines)(connection, revision.number)


def change_tree(lines: Iterable[str]) -> MerkleTree:
    """The tree over lines, in which it can be proved that one is among them."""
    return MerkleTree(leaf_hash(line.encode()) for line in lines)


def _stated(connection: Connection, number: int) -> Iterator[ChangeLine]:
    """A line for every record that the revision wrote, whether or not what it said is still there."""
    kept = _REDACTED.rows(connection, number=number)
    gone = (ChangeLine(kind, slug, hashed, redacted=by) for kind, slug, hashed, by in kept)
    return merge(_written(connection, number), gone)


def _redactions(connection: Connection, number: int) -> Iterator[ChangeLine]:
    for mark in marks_of(connection, number):
        yield ChangeLine(mark.collection, mark.id, mark.outcome)


def _written(connection: Connection, number: int) -> Iterator[ChangeLine]:
    for collection, slug, salt, document in _WRITTEN.each(connection, number=number):
        yield ChangeLine(collection, slug, salted_hash(salt, document), document, salt)


def _withdrawn(connection: Connection, number: int) -> Iterator[ChangeLine]:
    for collection, slug, into, into_slug in _WITHDRAWN.rows(connection, number=number):
        yield ChangeLine(collection, slug, f"withdrawn {into}/{into_slug}" if into else "withdrawn")


_WRITTEN = LongStatement(
    select(Version.collection, Version.record_id, Version.salt, Version.document).where(
        Version.recorded_from == bindparam("number")
    ),
    Version.collection,
    Version.record_id,
)
_REDACTED = PreparedStatement(
    select(RedactedVersion.collection, RedactedVersion.record_id, RedactedVersion.hash, RedactedVersion.redacted)
    .where(RedactedVersion.recorded_from == bindparam("number"))
    .order_by(RedactedVersion.collection, RedactedVersion.record_id)
)
_SURVIVOR = aliased(Record)
_WITHDRAWN = PreparedStatement(
    select(Record.collection, Record.id, _SURVIVOR.collection, _SURVIVOR.id)
    .outerjoin(_SURVIVOR, Record.merged_into == _SURVIVOR.pk)
    .where(Record.withdrawn == bindparam("number"))
    .order_by(Record.collection, Record.id)
)

"""Missing revisions written again as they were, from an exported log: a replica's, or one that somebody kept.

Each gets the digest that it had, or nothing of it is written. So nobody who follows notices that it was ever missing.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select

from app.database import reading, writing
from app.log.publication import PublishedLog, kept_checkpoint
from app.log.register_verifier import LogLine, revisions
from app.log.signed_notes import Checkpoint
from app.registry.merkle_tree import MerkleTree, leaf_hash
from app.registry.problems import Refused
from app.registry.projections import Register
from app.registry.records import Revision
from app.registry.writing.outcome import Entry, Withdrawal
from app.registry.writing.repetition import Original, repeat

LogReading = Callable[[], Iterator[LogLine]]
"""Reads the exported log from its first line on, as often as it is asked."""


class LoggedRevision(NamedTuple):
    """A revision as an exported log has it."""

    number: int
    original: Original
    entries: list[Entry]
    withdrawals: list[Withdrawal]


def replay(log: PublishedLog, register: Register, read: LogReading, say: Callable[[int], None]) -> int:
    """Write what the log lacks of the exported one; gives how many revisions that were. `say` hears of each.

    Raises Refused where the two have different histories, or where what was published is not all in the exported one;
    and what `save` raises. What was written before that stays: it is a beginning of what was published.
    """
    if last := kept_checkpoint(log.file):
        _refuse_another(read(), last)
    with reading(log.engine) as connection:
        known: dict[int, str] = {number: digest for number, digest in connection.execute(_DIGESTS)}  # noqa: C416
    count = 0
    for said, behind in revisions(_without_checkpoint(read())):
        head = json.loads(said["head"])
        if head["number"] not in known:
            found = _revision(head, said, behind)
            with writing(log.engine) as session:
                repeat(session, register, found.entries, found.withdrawals, found.original)
            say(found.number)
            count += 1
        elif known[head["number"]] != _digest(said):
            raise _other(head["number"])
    log.publish()
    return count


_DIGESTS = select(Revision.number, Revision.digest)


def _digest(said: LogLine) -> str:
    return sha256(said["head"].encode()).hexdigest()


def _other(number: int) -> Refused:
    detail = f"revision {number} is another there than here: the two have different histories; nothing can be replayed"
    return Refused("log-forked", detail)


def _without_checkpoint(lines: Iterator[LogLine]) -> Iterator[LogLine]:
    next(lines)
    return lines


def _refuse_another(lines: Iterator[LogLine], last: Checkpoint) -> None:
    """Raise Refused unless the exported log begins with what was last published."""
    heads = (line["head"].encode() for line in _without_checkpoint(lines) if "head" in line)
    tree = MerkleTree(map(leaf_hash, heads))
    if tree.size < last.size:
        raise Refused(
            "log-forked", f"it ends with revision {tree.size}, and {last.size} was published: find a newer one"
        )
    if tree.root(last.size) != last.root:
        raise Refused("log-forked", f"up to revision {last.size} it is another log than the one that was published")


def _revision(head: LogLine, said: LogLine, behind: Iterable[LogLine]) -> LoggedRevision:
    number = head["number"]
    if said["reason"] is None:
        raise Refused("log-forked", f"the reason of revision {number} was erased there: it cannot be written again")
    entries, withdrawals, salts = list[Entry](), list[Withdrawal](), dict[str, str | None]()
    for line in behind:
        record, _, outcome = line["line"].partition(" ")
        target = record.replace("/", ":", 1)
        if outcome.startswith("withdrawn"):
            into = outcome.removeprefix("withdrawn").strip().replace("/", ":", 1)
            withdrawals.append(Withdrawal(target, into or None))
            continue
        if line["document"] is None:
            raise Refused(
                "log-forked", f"what revision {number} said of {target} was erased there: find a log that has it"
            )
        entries.append(Entry(target, {"type": target.partition(":")[0], **json.loads(line["document"])}))
        salts[target] = line["salt"]
    told = {"actor": head["actor"], "reason": said["reason"], "recorded": head["recorded"], "salt": said["salt"]}
    return LoggedRevision(number, Original(**told, salts=salts, digest=_digest(said)), entries, withdrawals)

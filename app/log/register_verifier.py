"""Verify a register of police collaboration, trusting nobody who runs it. Needs Python 3.11 and this one file.

    python register_verifier.py https://registry.example.org
    python register_verifier.py log.ndjson --key 'registry.example.org/v1/log+1a2b3c4d+AX…' --against checkpoint.txt
    python register_verifier.py kent.tlog-proof --key …

It reads the log whole (`GET /v1/log/export`, or what `registry log export` wrote) and computes every hash again:

1. each document and each reason, with its salt, has the hash that stands in the log, or is marked as redacted there;
2. what a revision wrote, all together, has the hash `changes` in the head of that revision;
3. each head has the hash of the one before, and their numbers have no gap;
4. the root over all heads is the one in the checkpoint;
5. the checkpoint is signed by the key that you know (--key; needs the package `cryptography`);
6. an earlier checkpoint, which you kept (--against), is a beginning of this log: nothing was taken back.

Of one record alone, a proof (`GET /v1/forces/kent/proof`, its field `proof`) says the same in some kilobytes.
What is hashed, and how: docs/verifying.md. Exit status: 0 all holds, 1 it does not.
"""

import argparse
import base64
import hashlib
import json
import sys
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

LogLine = dict[str, Any]
Tell = Callable[[str], None]


class VerificationError(Exception):
    """What does not hold."""


def sha256(*parts: bytes) -> bytes:
    """The hash of these, one behind the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def root(hashes: list[bytes]) -> bytes:
    """The root of a Merkle tree over the hashes of its leaves (RFC 6962 §2.1)."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256()
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\x01", root(hashes[:split]), root(hashes[split:]))


def hold(fact: bool, sentence: str) -> None:
    """Raise VerificationError unless it is a fact."""
    if not fact:
        raise VerificationError(sentence)


def salted(salt: str | None, text: str) -> str:
    """The hash of a text with its salt; what older releases wrote has none."""
    return sha256(bytes.fromhex(salt or ""), text.encode()).hex()


def hash_of_changes(form: int, lines: list[str]) -> str:
    """What stands as `changes` in the head of a revision that wrote these lines."""
    if form == 1:
        return sha256("".join(f"{line}\n" for line in lines).encode()).hex()
    return root([sha256(b"\x00", line.encode()) for line in lines]).hex()


def verify_change(where: str, said: LogLine) -> bool:
    """Whether a document is the one whose hash stands in the line; False: it is gone, and its salt with it."""
    record, _, hashed = said["line"].partition(" ")
    if hashed.startswith(("withdrawn", "redacted ")):
        return True
    if said["document"] is None:
        return False
    hold(salted(said["salt"], said["document"]) == hashed, f"{where}: the document of {record} is another")
    named = json.loads(said["document"])["id"]
    hold(record.partition("/")[2] == named, f"{where}: the document of {record} is that of {named}")
    return True


def verify_head(head: LogLine, said: LogLine, number: int, previous: str | None) -> None:
    """Whether a revision follows the one before, and gave this reason; a reason can have been erased too."""
    where = f"revision {number}"
    hold(head["number"] == number, f"{where} is missing: {head['number']} stands in its place")
    hold(head["previous"] == previous, f"{where} does not follow the one before")
    if said["reason"] is not None:
        reason = said["reason"] if "form" not in head else salted(said["salt"], said["reason"])
        hold(head["reason"] == reason, f"{where}: the reason is another")


def revisions(lines: Iterable[LogLine]) -> Iterator[tuple[LogLine, list[LogLine]]]:
    """Each revision, and the changes that stand behind it."""
    said, behind = LogLine(), list[LogLine]()
    for line in chain(lines, [{"head": ""}]):
        if "head" not in line:
            behind.append(line)
            continue
        if said:
            yield said, behind
        said, behind = line, []


def verify_log(lines: Iterable[LogLine], say: Tell) -> list[bytes]:
    """The hashes of the leaves of the log, once all that it says of revisions and documents is found to hold."""
    leaves, gone, marked = list[bytes](), set[str](), set[str]()
    previous, changes = None, 0
    for number, (said, behind) in enumerate(revisions(lines), 1):
        content = said["head"].encode()
        head = json.loads(content)
        verify_head(head, said, number, previous)
        for change in behind:
            record, word, *numbers = change["line"].split(" ")
            marked.update(f"revision {each}: {record}" for each in numbers if word == "redacted")
            if not verify_change(f"revision {number}", change):
                gone.add(f"revision {number}: {record}")
        written = hash_of_changes(head.get("form", 1), [change["line"] for change in behind])
        hold(written == head["changes"], f"revision {number} wrote something else, or not all of this")
        leaves.append(sha256(b"\x00", content))
        previous, changes = sha256(content).hex(), changes + len(behind)
        if head["actor"] == "registry log succeed":
            say(f"revision {number} says that history forked: {said['reason']}")
    for each in sorted(gone ^ marked):
        hold(each in marked, f"{each} has no document, and was not redacted")
        hold(each in gone, f"{each} is said to be redacted, and is there")
    say(f"{len(leaves)} revisions hold, and {changes} changes; {len(gone)} documents were redacted, and that is marked")
    return leaves


def verify_checkpoint(note: str, leaves: list[bytes], what: str, say: Tell) -> int:
    """The size in a checkpoint, once the log is found to begin with what it says."""
    origin, number, hashed = note.split("\n")[:3]
    size = int(number)
    hold(size <= len(leaves), f"{what} is of revision {size}, and the log ends with {len(leaves)}: it was cut off")
    hold(root(leaves[:size]) == base64.b64decode(hashed), f"{what} of revision {size} is not of this log")
    say(f"{what}: {origin}, revision {size}: this log {'is' if size == len(leaves) else 'begins with'} what it says")
    return size


def verify_signature(note: str, vkey: str | None, say: Tell) -> None:
    """Whether the key signed the note (C2SP signed-note, Ed25519), where one is known."""
    if not vkey:
        return say("who signed it was not asked: give the key that you know with --key")
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only those who ask for it need the package
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    name, _, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)[1:]
    identity = sha256(f"{name}\n".encode(), b"\x01", key)[:4]
    text, _, lines = note.rpartition("\n\n")
    signatures = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines() if line.split(" ")[1] == name]
    known = [signature[4:] for signature in signatures if signature[:4] == identity]
    hold(bool(known), f"the checkpoint is not signed by this key of {name}")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(known[0], f"{text}\n".encode())
    except InvalidSignature:
        raise VerificationError(f"the signature of {name} is wrong") from None
    return say(f"signed by {name}")


def root_of_path(leaf: bytes, index: int, size: int, path: list[str]) -> bytes:
    """The root that an audit path leads to (RFC 9162 §2.1.3.2); nothing where it is none in a tree of this size."""
    last, found = size - 1, leaf
    for each in map(base64.b64decode, path):
        hold(last > 0, "a path is too long")
        if index & 1 or index == last:
            found = sha256(b"\x01", each, found)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            found = sha256(b"\x01", found, each)
        index, last = index >> 1, last >> 1
    hold(last == 0, "a path is too short")
    return found


def verify_proof(text: str, key: str | None, say: Tell) -> None:
    """Verify the proof of one record (C2SP tlog-proof): its document, its line, the head of its revision, the log."""
    before, _, note = text.partition("\n\n")
    form, extra, index, *path = before.split("\n")
    hold(form == "c2sp.org/tlog-proof@v1", "it is no proof that is known here")
    said = json.loads(base64.b64decode(extra.removeprefix("extra ")))
    head = json.loads(said["head"])
    hold(said["line"].startswith(f"{said['record']} "), "the line is of another record")
    wrote = (said["document"] or said["line"]) if verify_change("the proof", said) else "what was redacted since"
    if "form" in head:
        written = root_of_path(sha256(b"\x00", said["line"].encode()), **said["changes"]).hex()
    else:
        hold(said["line"] in said["lines"], "the line is none of its revision")
        written = hash_of_changes(1, said["lines"])
    hold(written == head["changes"], f"revision {head['number']} did not write this")
    _, size, hashed = note.split("\n")[:3]
    number = int(index.removeprefix("index ")) + 1
    hold(number == head["number"], "the head stands in another place of the log")
    logged = root_of_path(sha256(b"\x00", said["head"].encode()), number - 1, int(size), path)
    hold(logged == base64.b64decode(hashed), f"revision {number} is not in the log of this checkpoint")
    say(f"{said['record']}: revision {number} of {size} wrote {wrote}")
    verify_signature(note, key, say)


def verify_source(source: str, key: str | None, against: str | None, say: Tell) -> None:
    """Verify a register at an address, an exported log, or the proof of a record."""
    if source.endswith(".tlog-proof"):
        verify_proof(Path(source).read_text("utf-8"), key, say)
    else:
        verify(read(source), key, against, say)


def verify(lines: Iterator[LogLine], key: str | None, against: str | None, say: Tell) -> None:
    """Verify a log, by the key that is known and against a checkpoint that was kept. Raises VerificationError."""
    note = next(lines)["checkpoint"]
    leaves = verify_log(lines, say)
    size = verify_checkpoint(note, leaves, "its checkpoint", say)
    hold(size == len(leaves), f"the log has {len(leaves)} revisions, and its checkpoint is of {size}")
    verify_signature(note, key, say)
    if against:
        verify_signature(against, key, say)
        verify_checkpoint(against, leaves, "the checkpoint that you kept", say)


def read(source: str) -> Iterator[LogLine]:
    """The lines of a log, one after another: of the register at an address, or of a file."""
    if source.startswith(("https://", "http://")):
        address = f"{source.rstrip('/')}/v1/log/export"
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - one of the two schemes
            yield from map(json.loads, answer)
    else:
        with Path(source).open("rb") as file:
            yield from map(json.loads, file)


def main() -> None:
    """Verify what the command line names."""
    parser = argparse.ArgumentParser(description="Verify a register of police collaboration.")
    parser.add_argument("source", help="its address, the file of its log, or the proof of a record")
    parser.add_argument("--key", help="the public key of its log: name+id+key")
    parser.add_argument("--against", type=Path, help="the file of a checkpoint that you kept")
    told = parser.parse_args()
    try:
        verify_source(told.source, told.key, told.against.read_text("utf-8") if told.against else None, print)
    except VerificationError as error:
        sys.exit(f"IT DOES NOT HOLD: {error}")
    except (OSError, LookupError, ValueError, TypeError, AttributeError, StopIteration) as error:
        sys.exit(f"IT CANNOT BE READ AS A LOG: {error!r}")


if __name__ == "__main__":
    main()

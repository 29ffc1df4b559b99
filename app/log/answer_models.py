"""What the log answers, for the OpenAPI document."""

from pydantic import AwareDatetime, Field

from app.api.envelopes import Described, Links, Meta


class FormerLog(Described):
    """A log under its former name, and the last checkpoint that was published of it."""

    origin: str
    """What it was called."""
    size: int
    """The newest revision that was published."""
    root: str
    """The root over all until that, in Base 64."""


class LogSuccession(Described):
    """That the log goes on under a new name: revisions that were published were lost."""

    revision: int
    """The revision that says so, the first under the new name."""
    recorded: AwareDatetime
    """When."""
    origin: str
    """The new name."""
    former: FormerLog
    """What was last published under the former name; not all of it is here."""
    reason: str
    """Why."""


class LogSummary(Described):
    """A log, and where it stands."""

    origin: str
    """What it is called, for ever: the first line of its checkpoints."""
    signed: bool
    """Whether its checkpoints are signed."""
    keys: list[str]
    """The public keys, as verifiers take them (C2SP vkey), the newest first; each signs every checkpoint."""
    size: int
    """How many revisions it has."""
    root: str
    """The root over them, in Base 64."""
    successions: list[LogSuccession]
    """Each time that it went on under a new name, the oldest first; none, where nothing was ever lost."""


class LogAnswer(Described):
    """The log."""

    data: LogSummary
    meta: Meta
    links: Links


class LogRoot(Described):
    """The log at one size."""

    size: int
    """How many revisions it has."""
    root: str
    """The root over them, in Base 64."""


class LogConsistency(Described):
    """That the log of one size begins with all of that of an earlier one."""

    from_: LogRoot = Field(alias="from")
    """The earlier."""
    to: LogRoot
    """The later."""
    path: list[str]
    """The hashes that prove it, in Base 64 (RFC 6962 §2.1.2)."""


class ConsistencyAnswer(Described):
    """A proof of consistency."""

    data: LogConsistency
    meta: Meta
    links: Links


class AuditPath(Described):
    """The way from a leaf to the root of a tree."""

    index: int
    """The place of the leaf, from 0."""
    size: int
    """How many leaves the tree has."""
    path: list[str]
    """The hashes beside the way, from the leaf upwards, in Base 64 (RFC 6962 §2.1.1)."""


class LoggedRecord(Described):
    """All that proves what the registry said of a record."""

    record: str
    """The record as its line names it: type and id, `force/kent`."""
    revision: int
    """The revision that wrote it, or withdrew it."""
    reason: str
    """Why."""
    reason_salt: str | None
    """What the reason is hashed with, in hexadecimal; null: the head has it as it is (form 1)."""
    document: str | None
    """What was written: canonical JSON, as text, for its bytes are hashed; null: withdrawn, or redacted."""
    redacted: int | None
    """The revision that redacted what was written: document and salt are gone, and the line holds still."""
    salt: str | None
    """What the document is hashed with, in hexadecimal; null: it is hashed without."""
    line: str
    """`record`, and SHA-256(salt ‖ document); or `withdrawn`, with the record behind it into which it was joined."""
    head: str
    """The head of the revision: canonical JSON, as text; the leaf of the log."""
    changes: AuditPath | None
    """From the line to `changes` in the head; null in form 1."""
    lines: list[str] | None
    """In form 1 all lines of the revision: `changes` is the SHA-256 over them, each with its line feed."""
    entry: AuditPath
    """From the head to the root of the newest checkpoint."""
    proof: str
    """All of this with the checkpoint in one file: C2SP tlog-proof, with the rest in its `extra` line."""


class ProofAnswer(Described):
    """A proof of a record."""

    data: LoggedRecord
    meta: Meta
    links: Links

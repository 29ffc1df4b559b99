"""The log as it is published: under one name, signed, and never in two histories.

The last checkpoint that was published is kept in a file outside the database. A database that ends before it, or has
something else up to there, is an older backup or another register: it is read, and neither written nor signed.

The name is that of the settings, until a succession (`app.log.forks`) gives the log another one.
"""

import logging
import os
import re
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from app.database import reading
from app.log.log_keys import read_keys
from app.log.revision_log import RevisionLog
from app.log.signed_notes import Checkpoint, NoteError, SigningKey, signed, text_of
from app.log.witnesses.policy import Witness, read_witnesses
from app.log.witnesses.states import kept_cosignatures, outage
from app.registry.merkle_tree import MerkleTree
from app.registry.problems import Refused
from app.registry.writing.successions import RecordedSuccession
from app.settings import Settings, SettingsError

_LOG = logging.getLogger(__name__)
NAMELESS = "registry"
AGAIN = "run `registry log succeed` again"
WAYS_OUT = "put back a newer backup, or `registry log replay` what is missing, or `registry log succeed`"


class SignedTree(NamedTuple):
    """A tree, what it is at its newest size, the note that says so, and the successions in it."""

    tree: MerkleTree
    checkpoint: Checkpoint
    own_note: str
    """Signed by the log alone."""
    successions: list[RecordedSuccession]
    cosignatures: tuple[str, ...] = ()
    """The lines of witnesses who signed this very checkpoint."""

    @property
    def note(self) -> str:
        """As it is published."""
        return self.own_note + "".join(self.cosignatures)


class PublishedLog:
    """The log of one database. `name` is its first one; without keys its checkpoints are unsigned."""

    def __init__(self, engine: Engine, name: str, keys: list[SigningKey], file: Path | None = None) -> None:
        self.engine, self.name, self.keys, self.file = engine, name, keys, file
        self._log, self._turn = RevisionLog(), Lock()
        self._newest: tuple[Checkpoint, str] | None = None
        self.witnesses: list[Witness] = []

    def signed_tree(self, connection: Connection) -> SignedTree:
        """The tree and its newest checkpoint. Raises Refused."""
        self.guard(connection)
        return self._signed(connection)

    def _signed(self, connection: Connection) -> SignedTree:
        tree = self._log.tree(connection)
        size = tree.size
        successions = self._log.successions(size)
        checkpoint, known = Checkpoint(self._name(successions), size, tree.root(size)), self._newest
        if known is None or known[0] != checkpoint:
            known = self._newest = checkpoint, signed(str(checkpoint), self.keys)
        cosignatures = kept_cosignatures(connection, checkpoint, self.witnesses) if self.witnesses else ()
        return SignedTree(tree, checkpoint, known[1], successions, cosignatures)

    def guard(self, connection: Connection) -> None:
        """Raise Refused where the database is not the one that was published."""
        if fault := self.fault(connection):
            raise Refused("log-forked", fault, headers={"Retry-After": "60"})

    def fault(self, connection: Connection) -> str | None:
        """Why the database is not the one that was published; None where it is."""
        try:
            return self.misnamed(connection) or self.fork(connection)
        except Refused as refused:
            return refused.detail

    def fork(self, connection: Connection) -> str | None:
        """How the database differs from what was published, whoever signs; None where it does not. Raises Refused."""
        try:
            kept = kept_checkpoint(self.file)
        except (OSError, UnicodeDecodeError, NoteError) as error:
            return f"the checkpoint in {self.file} cannot be read: {error}"
        return self.difference(connection, kept, f"the checkpoint in {self.file}") if kept else None

    def outage(self, connection: Connection) -> str | None:
        """Since when no witness signs, where there are some and none does."""
        return outage(connection, self.witnesses)

    def publish(self) -> None:
        """Keep the newest checkpoint in the file. What is committed is committed: where it cannot be, that is said."""
        if self.file is None:
            return
        with self._turn, reading(self.engine) as connection:
            try:
                newest, kept = self.signed_tree(connection), kept_checkpoint(self.file)
                if kept is None or kept.size < newest.checkpoint.size:
                    replace_file(self.file, newest.note)
            except (OSError, Refused) as error:
                _LOG.error("the newest checkpoint was not kept in %s: %s", self.file, error)

    def restart(self) -> None:
        """Keep the newest checkpoint in the file, whatever stands there: it begins anew. Raises OSError, Refused."""
        with self._turn, reading(self.engine) as connection:
            if misnamed := self.misnamed(connection):
                raise Refused("log-forked", misnamed)
            if self.file:
                replace_file(self.file, self._signed(connection).note)

    def succession(self, connection: Connection) -> RecordedSuccession | None:
        """The one after which the log is called. Raises Refused."""
        tree = self._log.tree(connection)
        return next(reversed(self._log.successions(tree.size)), None)

    def difference(self, connection: Connection, kept: Checkpoint, where: str) -> str | None:
        """How the database differs from a checkpoint; None where it begins with what that says. Raises Refused."""
        tree = self._log.tree(connection)
        successions = self._log.successions(tree.size)
        if kept.origin != self._name(successions):
            if successions and is_former(successions[-1], kept):
                return f"revision {successions[-1].revision} succeeds {where}, and the file is still of before: {AGAIN}"
            return f"{where} is of another log, {kept.origin}; {WAYS_OUT}"
        if tree.size < kept.size:
            ends = f"the database ends with {tree.size}: is it an older backup?"
            return f"{where} is of revision {kept.size}, and {ends} {WAYS_OUT}"
        if kept.size and tree.root(kept.size) != kept.root:
            other = f"up to revision {kept.size} it has something else"
            return f"the database is another than that of {where}: {other}; {WAYS_OUT}"
        return None

    def _name(self, successions: list[RecordedSuccession]) -> str:
        return successions[-1].said.origin if successions else self.name

    def misnamed(self, connection: Connection) -> str | None:
        """Why the key must not sign. Raises Refused."""
        if not self.keys:
            return None
        found, signer = self.succession(connection), self.keys[0].name
        name = found.said.origin if found else self.name
        if signer == name:
            return None
        return f"the log is called {name}, and the key signs as {signer}: start the service again, or {AGAIN}"


def is_former(succession: RecordedSuccession, checkpoint: Checkpoint) -> bool:
    """Whether it is this checkpoint that the succession names as the last one of the former log."""
    said = succession.said
    named = said.former_origin, said.former_size, said.former_root
    return named == (checkpoint.origin, checkpoint.size, checkpoint.encoded_root)


def kept_checkpoint(file: Path | None) -> Checkpoint | None:
    """The last checkpoint that was published. Raises OSError, UnicodeDecodeError and NoteError."""
    if file is None:
        return None
    try:
        return Checkpoint.parse(text_of(file.read_text()))
    except FileNotFoundError:
        return None


def replace_file(file: Path, note: str) -> None:
    """Write the file so that whoever reads it finds the old note or the new one, whatever happens meanwhile."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with part.open("w") as writer:
            writer.write(note)
            writer.flush()
            os.fsync(writer.fileno())
        part.replace(file)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def published_log(engine: Engine, settings: Settings) -> PublishedLog:
    """The log as the settings have it. Raises SettingsError."""
    keys = read_keys(Path(settings.log_key_file)) if settings.log_key_file else []
    name = settings.log_origin or (keys[0].name if keys else log_origin(settings))
    # a log that was succeeded signs under a number behind its name
    if keys and not re.fullmatch(rf"{re.escape(name)}(/[0-9]+)?", keys[0].name):
        raise SettingsError(f"REGISTRY_LOG_ORIGIN is {name}, and the key signs as {keys[0].name}: one of them is wrong")
    found = PublishedLog(engine, name, keys, Path(settings.checkpoint_file) if settings.checkpoint_file else None)
    found.witnesses = read_witnesses(Path(settings.witness_file)) if settings.witness_file else []
    return found


def log_origin(settings: Settings) -> str:
    """What a log is called where nothing else is said: the address of its files, without the scheme."""
    if settings.log_origin:
        return settings.log_origin
    return f"{settings.public_url.partition('://')[2]}/v1/log" if settings.public_url else NAMELESS

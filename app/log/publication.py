"""The log as it is published: under one name, signed, and never in two histories.

The last checkpoint that was published is kept in a file outside the database. A database that ends before it, or has
something else up to there, is an older backup or another register: it is read, and neither written nor signed.
"""

import logging
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from app.database import reading
from app.log.log_keys import read_keys
from app.log.revision_log import RevisionLog
from app.log.signed_notes import Checkpoint, NoteError, SigningKey, signed, text_of
from app.registry.merkle_tree import MerkleTree
from app.registry.problems import Refused
from app.settings import Settings, SettingsError

_LOG = logging.getLogger(__name__)
NAMELESS = "registry"


class SignedTree(NamedTuple):
    """A tree, what it is at its newest size, and the note that says so."""

    tree: MerkleTree
    checkpoint: Checkpoint
    note: str


class PublishedLog:
    """The log of one database. `origin` is its name for ever; without keys its checkpoints are unsigned."""

    def __init__(self, engine: Engine, origin: str, keys: list[SigningKey], file: Path | None = None) -> None:
        self.engine, self.origin, self.keys, self.file = engine, origin, keys, file
        self._log, self._turn = RevisionLog(), Lock()
        self._newest: tuple[Checkpoint, str] | None = None

    def signed_tree(self, connection: Connection) -> SignedTree:
        """The tree and its newest checkpoint. Raises Refused."""
        self.guard(connection)
        tree = self._log.tree(connection)
        size = tree.size
        checkpoint, known = Checkpoint(self.origin, size, tree.root(size)), self._newest
        if known is None or known[0] != checkpoint:
            known = self._newest = checkpoint, signed(str(checkpoint), self.keys)
        return SignedTree(tree, checkpoint, known[1])

    def guard(self, connection: Connection) -> None:
        """Raise Refused where the database is not the one that was published."""
        if fault := self.fault(connection):
            raise Refused("log-forked", fault, headers={"Retry-After": "60"})

    def fault(self, connection: Connection) -> str | None:
        """Why the database is not the one that was published; None where it is."""
        try:
            kept = self._kept()
            return self._difference(connection, kept) if kept else None
        except (OSError, UnicodeDecodeError, NoteError) as error:
            return f"the checkpoint in {self.file} cannot be read: {error}"
        except Refused as refused:
            return refused.detail

    def publish(self) -> None:
        """Keep the newest checkpoint in the file. What is committed is committed: where it cannot be, that is said."""
        if self.file is None:
            return
        with self._turn, reading(self.engine) as connection:
            try:
                newest, kept = self.signed_tree(connection), self._kept()
                if kept is None or kept.size < newest.checkpoint.size:
                    _replace(self.file, newest.note)
            except (OSError, Refused) as error:
                _LOG.error("the newest checkpoint was not kept in %s: %s", self.file, error)

    def _difference(self, connection: Connection, kept: Checkpoint) -> str | None:
        tree, where = self._log.tree(connection), f"the checkpoint in {self.file}"
        if kept.origin != self.origin:
            return f"{where} is of another log, {kept.origin}"
        if tree.size < kept.size:
            return f"{where} is of revision {kept.size}, and the database ends with {tree.size}: is it an older backup?"
        if kept.size and tree.root(kept.size) != kept.root:
            return f"the database is another than that of {where}: up to revision {kept.size} it has something else"
        return None

    def _kept(self) -> Checkpoint | None:
        """The last checkpoint that was published."""
        if self.file is None:
            return None
        try:
            return Checkpoint.parse(text_of(self.file.read_text()))
        except FileNotFoundError:
            return None


def _replace(file: Path, note: str) -> None:
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
    origin = settings.log_origin or (keys[0].name if keys else log_origin(settings))
    if keys and keys[0].name != origin:
        raise SettingsError(
            f"REGISTRY_LOG_ORIGIN is {origin}, and the key signs as {keys[0].name}: one of them is wrong"
        )
    return PublishedLog(engine, origin, keys, Path(settings.checkpoint_file) if settings.checkpoint_file else None)


def log_origin(settings: Settings) -> str:
    """What a log is called where nothing else is said: the address of its files, without the scheme."""
    if settings.log_origin:
        return settings.log_origin
    return f"{settings.public_url.partition('://')[2]}/v1/log" if settings.public_url else NAMELESS

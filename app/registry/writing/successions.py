"""Successions: revisions that change no record, and say that the log goes on under a new name after its history forked.

What is said stands in the reason, and so in the head of the revision, which is hashed and signed like all others:

    registry.example.org/v1/log/2 succeeds registry.example.org/v1/log, last published at revision 6 with root 5dc9…=:
    the disk was lost, and the newest backup was of the night before
"""

import re
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.registry.documents.canonical import Document
from app.registry.records import Revision

ACTOR = "registry log succeed"
"""No caller of the API can have this name: theirs are ids of keys and accounts."""
_SENTENCE = re.compile(
    r"(\S+) succeeds (\S+), last published at revision (0|[1-9][0-9]{0,8}) with root ([A-Za-z0-9+/]{43}=): (.+)",
    re.DOTALL,
)
_ENDS_WITH_NUMBER = re.compile(r"(.+)/([1-9][0-9]{0,3})")


class SuccessionStatement(NamedTuple):
    """The name of the log from then on; its former name, what was last published under that, and why it goes on."""

    origin: str
    former_origin: str
    former_size: int
    former_root: str
    """In Base 64, as checkpoints have it."""
    why: str

    def __str__(self) -> str:
        published = f"last published at revision {self.former_size} with root {self.former_root}"
        return f"{self.origin} succeeds {self.former_origin}, {published}: {self.why}"


class RecordedSuccession(NamedTuple):
    """A succession, and the revision that says so."""

    revision: int
    recorded: str
    said: SuccessionStatement

    @property
    def document(self) -> Document:
        """As answers have it."""
        said = self.said
        former = {"origin": said.former_origin, "size": said.former_size, "root": said.former_root}
        told = {"revision": self.revision, "recorded": self.recorded, "origin": said.origin}
        return {**told, "former": former, "reason": said.why}


def succession_of(revision: Any) -> RecordedSuccession | None:
    """What a revision says, where it is a succession."""
    if revision.actor != ACTOR or not (found := _SENTENCE.fullmatch(revision.reason)):
        return None
    said = SuccessionStatement(found[1], found[2], int(found[3]), found[4], found[5])
    return RecordedSuccession(revision.number, revision.recorded, said)


def successions(connection: Connection) -> list[RecordedSuccession]:
    """All of them, the oldest first."""
    asked = select(*Revision.__table__.c).where(Revision.actor == ACTOR).order_by(Revision.number)
    return [found for row in connection.execute(asked) if (found := succession_of(row))]


def first_name_of(origin: str) -> str:
    """What a log was called at first, as far as its name tells: without the number."""
    numbered = _ENDS_WITH_NUMBER.fullmatch(origin)
    return numbered[1] if numbered else origin


def successor_of(origin: str) -> str:
    """The next name of a log: "…/v1/log" is followed by "…/v1/log/2", and that by "…/v1/log/3"."""
    numbered = _ENDS_WITH_NUMBER.fullmatch(origin)
    return f"{numbered[1]}/{int(numbered[2]) + 1}" if numbered else f"{origin}/2"

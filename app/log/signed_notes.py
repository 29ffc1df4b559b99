"""Signed notes and checkpoints: C2SP signed-note v1.0.0 and tlog-checkpoint v1.0.0, with Ed25519 (type 0x01).

Private keys are written as Go's `sumdb/note` writes them, so that its tools can take them.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
PRIVATE = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


class NoteError(ValueError):
    """What was given is no note, no key or no checkpoint; says why."""


class VerifyingKey(NamedTuple):
    """A public key and the name that it signs under; as text it is a vkey: `name+id+key`."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "VerifyingKey":
        """The key of a vkey. Raises NoteError."""
        key = cls(*_parts(text.strip()))
        if str(key) != text.strip():
            raise NoteError(f"the id in the key of {key.name} is not that of the key")
        return key

    @property
    def id(self) -> bytes:
        """The first four bytes of the hash over name, type and key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether the signature is of this key, over this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.public).decode()}"


class SigningKey(NamedTuple):
    """A private key and the name that it signs under."""

    name: str
    seed: bytes

    @classmethod
    def make(cls, name: str) -> "SigningKey":
        """A new key. Raises NoteError for a name that no note can have."""
        if not _NAME.fullmatch(name):
            raise NoteError(f"'{name}' is no name for a key: it must have neither blanks nor a plus sign")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """The key of a line `PRIVATE+KEY+name+id+key`. Raises NoteError."""
        if not text.startswith(PRIVATE):
            raise NoteError("it does not begin with PRIVATE+KEY+")
        key = cls(*_parts(text.strip().removeprefix(PRIVATE)))
        if str(key) != text.strip():
            raise NoteError(f"the id in the key of {key.name} is not that of the key")
        return key

    @property
    def public(self) -> VerifyingKey:
        """The key that verifies what this one signs."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifyingKey(self.name, private.public_key().public_bytes_raw())

    def line(self, text: str) -> str:
        """The signature line under a text."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"— {self.name} {b64encode(self.public.id + signature).decode()}\n"

    def __str__(self) -> str:
        return f"{PRIVATE}{self.name}+{self.public.id.hex()}+{b64encode(ED25519 + self.seed).decode()}"


def _parts(text: str) -> tuple[str, bytes]:
    """The name and the 32 bytes of a key."""
    name, _, rest = text.partition("+")
    key = _decoded(rest.partition("+")[2])
    if not _NAME.fullmatch(name) or len(key) != 33 or key[:1] != ED25519:
        raise NoteError("it is no Ed25519 key: name+id+key")
    return name, key[1:]


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except Error:
        raise NoteError(f"'{text[:60]}' is not Base 64") from None


def signed(text: str, keys: Iterable[SigningKey]) -> str:
    """The note: text, a blank line, and a signature of each key."""
    return text + "\n" + "".join(key.line(text) for key in keys)


def text_of(note: str) -> str:
    """The text of a note, whoever signed it. Raises NoteError."""
    text, _, signatures = note.rpartition("\n\n")
    if not text or not all(_SIGNATURE.fullmatch(line) for line in signatures.splitlines()):
        raise NoteError("it is no signed note: text, a blank line, signatures")
    return text + "\n"


def verified(note: str, keys: Iterable[VerifyingKey]) -> str:
    """The text of a note that one of these keys signed. Raises NoteError, also where a signature of one is wrong."""
    text, found = text_of(note), 0
    known = {(key.name, key.id): key for key in keys}
    for name, encoded in _SIGNATURE.findall(note[len(text) + 1 :]):
        signature = _decoded(encoded)
        if key := known.get((name, signature[:4])):
            if not key.verifies(text, signature[4:]):
                raise NoteError(f"the signature of {name} is wrong")
            found += 1
    if not found:
        raise NoteError("no key that is known has signed it")
    return text


class Checkpoint(NamedTuple):
    """What a log was at one size: as text, the origin, the size, and the root in Base 64."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The checkpoint that a note's text is; extension lines are left alone. Raises NoteError."""
        lines = text.split("\n")
        if len(lines) < 4 or not all(lines[:3]) or not _SIZE.fullmatch(lines[1]):
            raise NoteError("it is no checkpoint: origin, size and root, each in a line")
        if len(root := _decoded(lines[2])) != 32:
            raise NoteError("its root is no SHA-256")
        return cls(lines[0], int(lines[1]), root)

    @property
    def encoded_root(self) -> str:
        """The root in Base 64."""
        return b64encode(self.root).decode()

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{self.encoded_root}\n"

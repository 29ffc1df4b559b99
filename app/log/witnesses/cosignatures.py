"""Cosignatures v1: what a witness signs is a checkpoint and the time (C2SP tlog-cosignature, Ed25519, type 0x04)."""

from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.log.signed_notes import NoteError

COSIGNATURE = b"\x04"
TIME, SIGNATURE = 8, 64
"""Bytes of the time, in seconds since 1970, and of the signature behind it."""


class WitnessKey(NamedTuple):
    """The public key of a witness and its name; as text it is a vkey: `name+id+key`."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "WitnessKey":
        """The key of a vkey of type 0x04. Raises NoteError."""
        name, _, rest = text.partition("+")
        try:
            raw = b64decode(rest.partition("+")[2], validate=True)
        except Error:
            raw = b""
        found = cls(name, raw[1:])
        if len(raw) != 33 or raw[:1] != COSIGNATURE or str(found) != text:
            raise NoteError(f"'{text[:80]}' is no key of a witness: name+id+key, of type 4 (tlog-cosignature)")
        return found

    @property
    def id(self) -> bytes:
        """The first four bytes of the hash over name, type and key."""
        return sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    def line_of(self, text: str, lines: str) -> str:
        """The line among these with which the witness signed the text of a checkpoint. Raises NoteError."""
        for line in lines.splitlines():
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            if (dash, name) == ("—", self.name) and self._verifies(text, encoded):
                return line + "\n"
        raise NoteError(f"there is no signature of {self.name} in what it answered")

    def _verifies(self, text: str, encoded: str) -> bool:
        """Whether it is a signature of this key. Raises NoteError for one that is wrong."""
        try:
            raw = b64decode(encoded, validate=True)
        except Error:
            raise NoteError(f"the signature of {self.name} is not Base 64") from None
        if raw[:4] != self.id or len(raw) != len(self.id) + TIME + SIGNATURE:
            return False
        seconds = int.from_bytes(raw[4 : 4 + TIME], "big")
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(raw[4 + TIME :], signed_message(text, seconds))
        except InvalidSignature:
            raise NoteError(f"the signature of {self.name} is wrong") from None
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(COSIGNATURE + self.public).decode()}"


def signed_message(text: str, seconds: int) -> bytes:
    """What is signed: a line that says what it is, the time, and the text of the checkpoint."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()

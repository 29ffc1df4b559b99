"""Secrets of subscriptions: random, shown once, and kept sealed, for the registry must be able to sign with them.

They are sealed with ChaCha20-Poly1305 under a key made of REGISTRY_WEBHOOK_KEY, which is in no database and no backup.
Without that setting the key is made of the database's own secret: that keeps them out of sight, no more.
"""

import secrets
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import Connection, select

from app.registry.problems import Stale
from app.registry.records import Installation

SIZE, NONCE = 32, 12
SECRET_PREFIX, PUBLIC_PREFIX = "whsec_", "whpk_"


class SigningKeys(NamedTuple):
    """What a subscription's notices are signed with: a secret that its receiver has, and a key that nobody else has."""

    secret: bytes
    seed: bytes

    @classmethod
    def new(cls) -> "SigningKeys":
        """New ones; neither can be worked out from the other."""
        return cls(secrets.token_bytes(SIZE), secrets.token_bytes(SIZE))

    @property
    def shown_secret(self) -> str:
        """The secret as Standard Webhooks writes it; shown once."""
        return SECRET_PREFIX + b64encode(self.secret).decode()

    @property
    def private_key(self) -> Ed25519PrivateKey:
        """The private key."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def shown_public_key(self) -> str:
        """The public key as Standard Webhooks writes it."""
        return PUBLIC_PREFIX + b64encode(self.private_key.public_key().public_bytes_raw()).decode()


def decoded_key(shown: str) -> bytes:
    """The bytes of a public key as Standard Webhooks writes it."""
    return b64decode(shown.removeprefix(PUBLIC_PREFIX))


class SecretBox:
    """Seals signing keys, each for one subscription, and opens them again."""

    def __init__(self, key: str) -> None:
        self._cipher = ChaCha20Poly1305(sha256(b"registry webhooks\n" + key.encode()).digest())

    @classmethod
    def of(cls, connection: Connection, setting: str | None) -> "SecretBox":
        """The box of this database, under the setting REGISTRY_WEBHOOK_KEY if there is one."""
        return cls(setting or connection.execute(select(Installation.cursor_key)).scalar_one())

    def seal(self, keys: SigningKeys, webhook: str) -> str:
        """The keys as text that only this box opens, and only for that subscription."""
        nonce = secrets.token_bytes(NONCE)
        return b64encode(nonce + self._cipher.encrypt(nonce, keys.secret + keys.seed, webhook.encode())).decode()

    def open(self, sealed: str, webhook: str) -> SigningKeys:
        """The keys. Raises Stale, where they were sealed under another key."""
        raw = b64decode(sealed)
        try:
            found = self._cipher.decrypt(raw[:NONCE], raw[NONCE:], webhook.encode())
        except InvalidTag as error:
            raise Stale(
                f"the secret of {webhook} was sealed under another REGISTRY_WEBHOOK_KEY: set that one, or rotate it"
            ) from error
        return SigningKeys(found[:SIZE], found[SIZE:])

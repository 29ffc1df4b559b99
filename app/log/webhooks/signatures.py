"""The headers of a notice, signed as Standard Webhooks 1.0.0 says: `v1` by HMAC, `v1a` by Ed25519."""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Iterator

from app.log.webhooks.secret_box import SigningKeys


def signed_headers(message_id: str, seconds: int, body: bytes, keys: Iterable[SigningKeys]) -> dict[str, str]:
    """The headers of a message that is sent at that time; signed by each of the keys."""
    content = f"{message_id}.{seconds}.".encode() + body
    signatures = (signature for each in keys for signature in _signatures(content, each))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(signatures),
    }


def _signatures(content: bytes, keys: SigningKeys) -> Iterator[str]:
    yield "v1," + b64encode(hmac.digest(keys.secret, content, "sha256")).decode()
    yield "v1a," + b64encode(keys.private_key.sign(content)).decode()

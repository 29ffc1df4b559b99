"""`/.well-known/jwks.json`: the public keys by which notices and checkpoints are verified (RFC 7517, RFC 8037).

They are for verifying and for nothing else: a reader who fetches them from here trusts whoever runs the register.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field
from pydantic.json_schema import models_json_schema
from sqlalchemy import Connection, select

from app.api.components import REF
from app.api.dependencies import Reads
from app.api.documentation import OperationWords, fixed_operation
from app.api.envelopes import Described
from app.api.query_models import QueryModel
from app.api.responses import validated
from app.log.openapi import TAG
from app.log.publication import PublishedLog
from app.log.webhooks.models import Webhook
from app.log.webhooks.schedule import moment
from app.log.webhooks.secret_box import SecretBox, decoded_key
from app.registry.documents.canonical import Document, canonical_json
from app.registry.problems import Stale

MEDIA_TYPE = "application/jwk-set+json"


class VerificationKey(Described):
    """An Ed25519 key as a JSON Web Key."""

    kty: str
    """`OKP` (RFC 8037)."""
    crv: str
    """`Ed25519`."""
    x: str
    """The key, in base64url."""
    use: str
    """`sig`: it verifies signatures."""
    kid: str
    """Of the log, what its signatures name (`registry.example.org/v1/log+1a2b3c4d`); else a thumbprint (RFC 7638)."""


class PublicKeySet(Described):
    """The keys."""

    keys: list[VerificationKey] = Field(
        description="Those of the log, then those of webhooks; the newest of each first."
    )


def schemas() -> Document:
    """The components that only this operation refers to."""
    _, described = models_json_schema([(PublicKeySet, "validation")], ref_template=REF + "{model}")
    found: Document = described["$defs"]
    return found


KEYS: dict[str, Any] = fixed_operation(
    OperationWords(
        "get_public_keys",
        "The public keys",
        "By which checkpoints of the log and the signatures `v1a` of webhooks are verified, as a JSON Web Key Set.",
    ),
    {MEDIA_TYPE: {"schema": {"$ref": REF + PublicKeySet.__name__}}},
    tag=TAG,
    query=QueryModel,
)


def _key(raw: bytes, kid: str | None = None) -> Document:
    x = urlsafe_b64encode(raw).rstrip(b"=").decode()
    found = {"kty": "OKP", "crv": "Ed25519", "x": x}
    return {**found, "use": "sig", "kid": kid or _thumbprint(found)}


def _thumbprint(members: Document) -> str:
    """RFC 7638 section 3: the hash over the members that make the key, in their order."""
    return urlsafe_b64encode(sha256(canonical_json(members)).digest()).rstrip(b"=").decode()


def webhook_keys(connection: Connection, setting: str | None) -> Iterator[bytes]:
    """The keys of all subscriptions, and those before a rotation as long as they sign too."""
    box, now = SecretBox.of(connection, setting), moment()
    asked = select(Webhook.id, Webhook.public_key, Webhook.previous_sealed, Webhook.previous_until)
    for row in connection.execute(asked.order_by(Webhook.created.desc(), Webhook.id)):
        yield decoded_key(row.public_key)
        if row.previous_sealed and (row.previous_until or "") > now:
            # sealed under another setting, nothing can be signed with it either
            with suppress(Stale):
                yield decoded_key(box.open(row.previous_sealed, row.id).shown_public_key)


def build(reads: Reads, log: PublishedLog, setting: str | None) -> APIRouter:
    """The router of the keys."""
    router = APIRouter(default_response_class=Response)

    def get_public_keys(request: Request) -> Response:
        """The public keys."""
        QueryModel.read(request)
        keys = [_key(each.public.public, f"{each.name}+{each.public.id.hex()}") for each in log.keys]
        with reads.connection() as connection:
            keys += [_key(raw) for raw in webhook_keys(connection, setting)]
        content = orjson.dumps({"keys": keys})
        headers = {"ETag": f'"{sha256(content).hexdigest()[:24]}"', "Cache-Control": "public, max-age=300"}
        return validated(request, content, headers, MEDIA_TYPE)

    router.add_api_route("/.well-known/jwks.json", get_public_keys, methods=["GET"], **KEYS)
    return router

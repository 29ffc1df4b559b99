"""An OpenID provider for tests: it publishes keys, and signs tokens with them."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, KeyParameters, OKPKey, RSAKey

from tests.web import Page, Web, web

Key = RSAKey | ECKey | OKPKey
AUDIENCE = "https://registry.example.org"
CONFIGURATION, KEYS = "/.well-known/openid-configuration", "/keys"


@cache
def signing_key(name: str, kind: str = "RSA") -> Key:
    """A key pair with that name as its id; making one takes a while."""
    parameters: KeyParameters = {"kid": name}
    if kind == "EC":
        return ECKey.generate_key("P-256", parameters)
    if kind == "OKP":
        return OKPKey.generate_key("Ed25519", parameters)
    return RSAKey.generate_key(2048, parameters)


class SigningIssuer:
    """A provider that runs; `claims` are what its tokens say if a test says nothing else."""

    def __init__(self, server: Web) -> None:
        self.server, self.address = server, server.address("")
        self.key = signing_key("first")
        self.publish(self.key)
        self.claims = {"iss": self.address, "aud": AUDIENCE, "sub": "someone", "scope": "openid curate"}

    def publish(self, *keys: Key, **configuration: Any) -> None:
        """Let it have these public keys."""
        described = {"issuer": self.address, "jwks_uri": self.server.address(KEYS), **configuration}
        published = {"keys": [key.as_dict(private=False) for key in keys]}
        self.server.pages[CONFIGURATION] = Page(body=json.dumps(described).encode())
        self.server.pages[KEYS] = Page(body=json.dumps(published).encode())

    def times_asked(self) -> int:
        """How often it was asked for its keys."""
        return len(self.server.methods(KEYS))

    def token(self, key: Key | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token; a claim or a part of the header that is None is left out."""
        key, now = key or self.key, int(time.time())
        said = {**self.claims, "iat": now, "exp": now + 300, **claims}
        head = {"alg": "RS256", "kid": key.kid, "typ": "JWT", **(header or {})}
        protected = {name: value for name, value in head.items() if value is not None}
        payload = json.dumps({name: value for name, value in said.items() if value is not None})
        registry = jws.JWSRegistry(algorithms=[head["alg"]], strict_check_header=False)
        return jws.serialize_compact(protected, payload, key, registry=registry)


@contextmanager
def issuing() -> Iterator[SigningIssuer]:
    """A provider that runs."""
    with web({}) as server:
        yield SigningIssuer(server)

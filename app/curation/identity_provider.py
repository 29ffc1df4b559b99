"""The public keys of an OpenID provider: fetched when they are needed, kept for a time, and never asked for in a flood.

OpenID Connect Discovery 1.0 section 4; RFC 7517.
"""

import logging
import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, NamedTuple

import httpx
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from app.registry.problems import Refused
from app.setting_types import is_safe

PublicKey = RSAKey | ECKey | OKPKey
Fetch = Callable[[str], bytes]
"""Gives what is at an address. Raises OSError, ValueError or httpx.HTTPError."""

FRESH, USABLE = 600.0, 3600.0
"""Seconds after which keys are fetched anew, and for which they are used while the provider does not answer."""
APART = 30.0
"""Seconds between two fetches: so often at most can a token with an invented key id make the registry ask."""
PATIENCE = 1.0
"""Seconds that others wait while one fetches."""
SHORTEST_MODULUS = 342
"""Letters of base64url that the modulus of an RSA key of 2048 bits has."""
FETCH_SECONDS, LONGEST_ANSWER, MOST_KEYS = 5.0, 200_000, 50
_LOG = logging.getLogger(__name__)


class ProviderError(Exception):
    """The provider did not answer, or with what is no set of keys."""


class _KeySet(NamedTuple):
    keys: dict[str | None, PublicKey]
    fetched: float


def fetch(address: str) -> bytes:
    """What is at an address, never more than is taken and never for longer than is waited. Redirects lead nowhere."""
    ends, found = time.monotonic() + FETCH_SECONDS, bytearray()
    outside = address.startswith("https:")  # a proxy does not know the way to this machine itself
    with (
        httpx.Client(timeout=FETCH_SECONDS, trust_env=outside, verify=outside) as client,
        client.stream("GET", address, headers={"Accept": "application/json"}) as response,
    ):
        response.raise_for_status()
        for chunk in response.iter_bytes():
            found += chunk
            if len(found) > LONGEST_ANSWER or time.monotonic() > ends:
                raise ProviderError(f"{address} answers with too much, or too slowly")
    return bytes(found)


class IdentityProvider:
    """The keys with which a provider signs."""

    def __init__(self, issuer: str, get: Fetch = fetch, now: Callable[[], float] = time.monotonic) -> None:
        self.issuer, self._fetch, self._now = issuer, get, now
        self._lock, self._known, self._tried = Lock(), _KeySet({}, float("-inf")), float("-inf")

    def key(self, key_id: str | None) -> PublicKey | None:
        """The key of that id; None: it has none. Without an id, the only key there is.

        Raises Refused while no keys are known, because the provider does not answer.
        """
        if self._age(self._known.fetched) > FRESH or self._find(key_id) is None:
            self._renew()
        if self._age(self._known.fetched) > USABLE:
            wait = max(1, int(APART - self._age(self._tried)))
            detail = "the identity provider does not answer; keys of this register work"
            raise Refused("unavailable", detail, headers={"Retry-After": str(wait)})
        return self._find(key_id)

    def _find(self, key_id: str | None) -> PublicKey | None:
        keys = self._known.keys
        if key_id is None:
            return next(iter(keys.values())) if len(keys) == 1 else None
        return keys.get(key_id)

    def _age(self, moment: float) -> float:
        return self._now() - moment

    def _renew(self) -> None:
        """Fetch the keys, unless that was done, or tried, just now."""
        if self._age(self._tried) < APART or not self._lock.acquire(timeout=PATIENCE):
            return
        try:
            if self._age(self._tried) >= APART:
                self._tried = self._now()
                self._known = _KeySet(self._fetched(), self._now())
        except ProviderError as error:
            # said once a fetch, and nothing of what was answered
            _LOG.warning("the identity provider %s: %s", self.issuer, error)
        finally:
            self._lock.release()

    def _fetched(self) -> dict[str | None, PublicKey]:
        described = self._object(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if described.get("issuer") != self.issuer:
            raise ProviderError("its configuration names another issuer")
        address = described.get("jwks_uri")
        if not isinstance(address, str) or not is_safe(address):
            raise ProviderError("its configuration names no https address of keys")
        keys = self._object(address).get("keys")
        found = dict(_read(keys[:MOST_KEYS])) if isinstance(keys, list) else {}
        if not found:
            raise ProviderError("it has no key with which tokens could be signed")
        return found

    def _object(self, address: str) -> dict[str, Any]:
        try:
            found = orjson.loads(self._fetch(address))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise ProviderError(f"{address}: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise ProviderError(f"{address} is no JSON object")
        return found


def _read(keys: list[Any]) -> Iterator[tuple[str | None, PublicKey]]:
    """The keys that can be read and are for signing; others are passed over, for a set may hold what we know not."""
    for data in keys:
        if not isinstance(data, dict) or data.get("kty") not in ("RSA", "EC", "OKP") or data.get("use") == "enc":
            continue
        if data["kty"] == "RSA" and len(str(data.get("n"))) < SHORTEST_MODULUS:
            continue
        key_id = data.get("kid")
        try:
            key = JWKRegistry.import_key(data)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if isinstance(key, PublicKey) and (key_id is None or isinstance(key_id, str)):
            yield key_id, key

"""The keys of a provider over time: when they are fetched anew, and how long they serve without it."""

import json
import threading
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from app.curation import identity_provider
from app.curation.identity_provider import APART, FRESH, USABLE, IdentityProvider
from app.registry.problems import Refused
from tests.signing_issuer import CONFIGURATION, KEYS, Key, issuing, signing_key
from tests.web import Page

WEAK = urlsafe_b64encode((2**1023 + 1).to_bytes(128)).rstrip(b"=").decode()
"""The modulus of an RSA key of 1024 bits."""
ISSUER = "https://issuer.example.org"


class Provider:
    """A provider and a clock, both of which the test moves."""

    def __init__(self, *keys: Key) -> None:
        self.time, self.down, self.fetched = 1000.0, False, 0
        self.published = [key.as_dict(private=False) for key in keys]
        self.provider = IdentityProvider(ISSUER, self.get, lambda: self.time)

    def get(self, address: str) -> bytes:
        if self.down:
            raise httpx.ConnectTimeout("nobody is there")
        if address.endswith("openid-configuration"):
            return json.dumps({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}).encode()
        self.fetched += 1
        return json.dumps({"keys": self.published}).encode()

    def has(self, key_id: str | None) -> bool:
        return self.provider.key(key_id) is not None


def test_keys_are_fetched_once_and_anew_when_they_are_old() -> None:
    found = Provider(signing_key("first"))
    assert (found.has("first"), found.has("first"), found.fetched) == (True, True, 1)
    found.time += FRESH + 1
    assert (found.has("first"), found.fetched) == (True, 2)


def test_a_key_that_was_withdrawn_is_forgotten() -> None:
    found = Provider(signing_key("first"))
    assert found.has("first")
    found.published = [signing_key("second").as_dict(private=False)]
    found.time += FRESH + 1
    assert (found.has("first"), found.has("second")) == (False, True)


def test_an_unknown_key_is_asked_for_once_in_a_while() -> None:
    found = Provider(signing_key("first"))
    assert not any(found.has(f"made up {number}") for number in range(50))
    assert found.fetched == 1
    found.time += APART + 1
    found.published.append(signing_key("second").as_dict(private=False))
    assert (found.has("second"), found.fetched) == (True, 2)


class AwaitedLock:
    """A lock that is held until so many wait for it."""

    def __init__(self, waiting: int) -> None:
        self.all_there, self.lock = threading.Barrier(waiting, timeout=10), threading.Lock()

    def acquire(self, timeout: float) -> bool:
        self.all_there.wait()
        return self.lock.acquire(timeout=timeout)

    def release(self) -> None:
        self.lock.release()


def test_those_who_ask_at_once_make_it_ask_once() -> None:
    found = Provider(signing_key("first"))
    found.provider._lock = AwaitedLock(2)  # type: ignore[assignment]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(found.has, ("first", "first"))) == [True, True]
    assert found.fetched == 1


def test_while_the_provider_is_down_its_keys_serve_for_a_time() -> None:
    found = Provider(signing_key("first"))
    assert found.has("first")
    found.down, found.time = True, found.time + USABLE - 1
    assert found.has("first")
    found.time += 2
    with pytest.raises(Refused) as refused:
        found.has("first")
    assert (refused.value.slug, refused.value.headers) == ("unavailable", {"Retry-After": "28"})
    found.down, found.time = False, found.time + APART
    assert found.has("first")


def test_a_token_need_not_name_the_only_key() -> None:
    assert Provider(signing_key("first")).has(None)
    assert not Provider(signing_key("first"), signing_key("second")).has(None)


@pytest.mark.parametrize(
    "useless",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "x"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "x"},
        {**signing_key("enc").as_dict(private=False), "use": "enc", "kid": "x"},
        {"kty": "RSA", "n": WEAK, "e": "AQAB", "kid": "x"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "x"},
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA", "kid": "x"},
        {"kty": ["RSA"], "kid": "x"},
        "text",
    ],
)
def test_a_key_that_is_of_no_use_does_not_hide_the_others(useless: Any) -> None:
    found = Provider(signing_key("first"))
    found.published.insert(0, useless)
    assert (found.has("x"), found.has("first")) == (False, True)


BROKEN: dict[str, dict[str, Page]] = {
    "gone": {CONFIGURATION: Page(404)},
    "failing": {CONFIGURATION: Page(500)},
    "silent": {CONFIGURATION: Page(breaks=True)},
    "no JSON": {CONFIGURATION: Page(body=b"<html>")},
    "a list": {CONFIGURATION: Page(body=b"[]")},
    "another's": {CONFIGURATION: Page(body=b'{"issuer": "https://other.example.org", "jwks_uri": "https://x.org/k"}')},
    "redirected": {CONFIGURATION: Page(302, {"Location": "/moved"})},
    "no keys": {KEYS: Page(body=b'{"keys": []}')},
    "keys that are none": {KEYS: Page(body=b'{"keys": [1, {"kty": "oct", "k": "AAAA"}, {"kty": "RSA", "n": "?"}]}')},
    "too many bytes": {KEYS: Page(body=b" " * 300_000 + b'{"keys": []}')},
    "slow": {KEYS: Page(seconds=0.6)},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_provider_that_answers_badly_is_one_that_does_not_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_provider, "FETCH_SECONDS", 0.3 if name == "slow" else 5.0)
    with issuing() as issuer:
        issuer.server.pages.update(BROKEN[name])
        with pytest.raises(Refused, match="does not answer"):
            IdentityProvider(issuer.address).key("first")


def test_keys_at_an_address_that_can_be_changed_on_the_way_are_not_fetched() -> None:
    with issuing() as issuer:
        issuer.publish(issuer.key, jwks_uri="http://keys.example.org/keys")
        with pytest.raises(Refused, match="does not answer"):
            IdentityProvider(issuer.address).key("first")

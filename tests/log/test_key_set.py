"""The public keys in one place: those that sign the log, and those of webhooks, also for a day after a rotation."""

from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from app.log.signed_notes import SigningKey
from app.log.webhooks import subscriptions
from tests.log.webhooks.receiving import KEY, subscribers
from tests.registry_in_use import serving

PATH = "/.well-known/jwks.json"


def raw(key: dict[str, str]) -> bytes:
    return urlsafe_b64decode(key["x"] + "=")


def test_all_that_signs_is_there_and_no_secret(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SigningKey.make("registry.example.org/v1/log")
    (tmp_path / "log.key").write_text(f"{key}\n")
    told = {"log_key_file": str(tmp_path / "log.key"), "webhook_key": KEY, "private": True}
    with subscribers(database_url) as here, serving(database_url, **told) as client:
        webhook, _ = here.subscribe("http://127.0.0.1:9/hook")
        former = here.shown(webhook)["public_key"]
        answer = client.get(PATH)
        assert answer.headers["content-type"] == "application/jwk-set+json"
        log, first = answer.json()["keys"]
        assert log == {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": urlsafe_b64encode(key.public.public).decode().rstrip("="),
            "use": "sig",
            "kid": f"registry.example.org/v1/log+{key.public.id.hex()}",
        }
        assert raw(first) == b64decode(former.removeprefix("whpk_"))
        named = f'{{"crv":"Ed25519","kty":"OKP","x":"{first["x"]}"}}'
        assert first["kid"] == urlsafe_b64encode(sha256(named.encode()).digest()).decode().rstrip("=")
        here.change(subscriptions.rotate, here.box, webhook)
        newest = here.shown(webhook)["public_key"]
        keys = client.get(PATH).json()["keys"]
        expected = [b64decode(each.removeprefix("whpk_")) for each in (newest, former)]
        assert [raw(each) for each in keys[1:]] == expected
        assert client.get(PATH, headers={"If-None-Match": client.get(PATH).headers["etag"]}).status_code == 304
        monkeypatch.setattr(subscriptions, "BOTH_SIGN_FOR", -1)
        here.change(subscriptions.rotate, here.box, webhook)
        assert len(client.get(PATH).json()["keys"]) == 2


def test_where_nothing_signs_there_are_no_keys(database_url: str) -> None:
    with serving(database_url) as client:
        assert client.get(PATH).json() == {"keys": []}

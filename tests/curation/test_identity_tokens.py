"""Tokens of an OpenID provider: taken if it signed them for this register, now; else refused, and never a failure."""

import base64
import hmac
import json
import time
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.curation import identity_provider
from app.curation.identity_provider import IdentityProvider
from app.curation.identity_tokens import IdentityTokens
from app.curation.models import Account
from app.database import connect, reading
from app.registry.problems import Refused
from app.settings import Settings
from tests.bearers import bearing, key
from tests.registry_in_use import SOURCE, force, save, serving, unit
from tests.signing_issuer import AUDIENCE, CONFIGURATION, SigningIssuer, issuing, signing_key
from tests.web import Page

MANY = "1000/second"


@pytest.fixture(scope="module")
def issuer() -> Iterator[SigningIssuer]:
    with issuing() as found:
        found.publish(found.key, *(signing_key(f"a {kind} key", kind) for kind in ("EC", "OKP", "RSA")))
        yield found


def told(issuer: SigningIssuer, **more: Any) -> dict[str, Any]:
    """The settings of a register that takes the issuer's tokens."""
    return {"oidc_issuer": issuer.address, "oidc_audience": AUDIENCE, "failed_key_rate": MANY, **more}


@pytest.fixture(scope="module")
def registry(module_url: str, issuer: SigningIssuer) -> Iterator[httpx.Client]:
    save(module_url, SOURCE, force("kent"), force("essex"), unit("dogs", "kent", "essex"), unit("labs", "essex"))
    with serving(module_url, **told(issuer)) as client:
        yield client


def written(client: httpx.Client, token: str) -> httpx.Response:
    """What comes of a write that writes nothing."""
    source = {"id": "letter", "name": "A letter"}
    asked = {"reason": "a test", "dry_run": "true"}
    return client.post("/v1/sources", json=source, params=asked, headers=bearing(token))


def faults(answer: httpx.Response) -> str:
    return str(answer.json()["detail"])


def test_a_token_of_the_issuer_may_write(registry: httpx.Client, issuer: SigningIssuer) -> None:
    assert written(registry, issuer.token()).status_code == 200


@pytest.mark.parametrize(
    ("kind", "algorithm"), [("EC", "ES256"), ("OKP", "Ed25519"), ("OKP", "EdDSA"), ("RSA", "PS256")]
)
def test_every_signature_with_a_public_key_is_taken(
    registry: httpx.Client, issuer: SigningIssuer, kind: str, algorithm: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the test signs in the old name; the registry reads it without a word
        token = issuer.token(signing_key(f"a {kind} key", kind), {"alg": algorithm})
    assert written(registry, token).status_code == 200


def encoded(value: object) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(token: str, algorithm: str = "none") -> str:
    return f"{encoded({'alg': algorithm, 'kid': 'first'})}.{token.split('.')[1]}."


def with_secret(secret: bytes, payload: str) -> str:
    """A token whose signature is made of a text that everyone knows."""
    signed = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{payload}"
    return f"{signed}.{encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"


NOW = int(time.time())
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "expired": ({"exp": NOW - 600}, "expired"),
    "without an end": ({"exp": None}, "exp"),
    "that ends at no number": ({"exp": "tomorrow"}, "exp"),
    "not valid yet": ({"nbf": NOW + 6000}, "not yet valid"),
    "issued in the future": ({"iat": NOW + 6000}, "future"),
    "for another register": ({"aud": "https://other.example.org"}, "aud"),
    "for an address that begins alike": ({"aud": f"{AUDIENCE}/"}, "aud"),
    "for nobody": ({"aud": None}, "aud"),
    "of another issuer": ({"iss": "https://issuer.example.org"}, "iss"),
    "of no issuer": ({"iss": None}, "iss"),
    "of nobody": ({"sub": None}, "sub"),
    "of an empty subject": ({"sub": ""}, "sub"),
    "of a number": ({"sub": 7}, "sub"),
    "of a long subject": ({"sub": "x" * 300}, "subject is too long"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_token_is_refused(registry: httpx.Client, issuer: SigningIssuer, name: str) -> None:
    claims, reason = REFUSED[name]
    answer = written(registry, issuer.token(**claims))
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
    assert reason in faults(answer)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_clocks_may_differ_a_little(registry: httpx.Client, issuer: SigningIssuer) -> None:
    now = int(time.time())
    assert written(registry, issuer.token(exp=now - 10, nbf=now + 10, iat=now + 10)).status_code == 200


def test_one_of_several_audiences_is_enough(registry: httpx.Client, issuer: SigningIssuer) -> None:
    assert written(registry, issuer.token(aud=["https://other.example.org", AUDIENCE])).status_code == 200


CRITICAL = {"alg": "RS256", "kid": "first", "crit": ["x"], "x": 1}
DEEP = b'{"alg":' + b"[" * 3000


def forged(issuer: SigningIssuer) -> dict[str, str]:
    good = issuer.token()
    head, payload, signature = good.split(".")
    more = encoded({**issuer.claims, "scope": "admin", "exp": NOW + 900})
    return {
        "another's signature": issuer.token(signing_key("other"), {"kid": "first"}),
        "other claims": f"{head}.{more}.{signature}",
        "no signature": f"{head}.{payload}.",
        "alg none": unsigned(good),
        "alg None": unsigned(good, "None"),
        "alg a list": f"{encoded({'alg': ['RS256'], 'kid': 'first'})}.{payload}.{signature}",
        "HS256 with the public key": with_secret(issuer.key.as_pem(private=False), payload),
        "another hash": issuer.token(header={"alg": "RS512"}),
        "another kind of key": issuer.token(signing_key("an EC key", "EC"), {"alg": "ES256", "kid": "first"}),
        "an extension that must be known": f"{encoded(CRITICAL)}.{payload}.{signature}",
        "a token that logs out": issuer.token(header={"typ": "logout+jwt"}),
        "a type that is a number": f"{encoded({'alg': 'RS256', 'kid': 'first', 'typ': 7})}.{payload}.{signature}",
        "an encrypted one": "a.b.c.d.e",
        "two parts": "a.b",
        "empty parts": "..",
        "no text": "\xff\xfe",
        "a header that is a list": f"{encoded(['alg'])}.{payload}.{signature}",
        "a deep header": f"{encoded(DEEP)}.{payload}.{signature}",
        "claims that are no object": f"{head}.{encoded([1])}.{signature}",
    }


def test_no_forgery_is_taken(registry: httpx.Client, issuer: SigningIssuer) -> None:
    for name, token in forged(issuer).items():
        answer = registry.post("/v1/sources", headers=[(b"Authorization", f"Bearer {token}".encode("latin-1"))])
        assert answer.status_code == 401, name


def test_a_huge_token_is_not_read(registry: httpx.Client, issuer: SigningIssuer) -> None:
    answer = written(registry, issuer.token(filler="x" * 20_000))
    assert (answer.status_code, "longer than 8000" in faults(answer)) == (401, True)


def test_a_register_without_an_issuer_takes_keys_alone(database_url: str, issuer: SigningIssuer) -> None:
    save(database_url, SOURCE)
    with serving(database_url) as client:
        assert written(client, issuer.token()).status_code == 401
        assert written(client, key(database_url, "curate")).status_code == 200


def test_keys_go_on_beside_tokens(module_url: str, registry: httpx.Client) -> None:
    assert written(registry, key(module_url, "curate")).status_code == 200
    assert written(registry, "pcr_k-0123456789_no").status_code == 401


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("curate", 200),
        ("openid profile curate", 200),
        (["curate", 7, None], 200),
        (["admin"], 200),
        ("read propose", 403),
        ("curator CURATE curate,", 403),
        ("", 403),
        (None, 403),
        ({"curate": True}, 403),
        (True, 403),
    ],
)
def test_scopes_are_those_of_the_claim(
    registry: httpx.Client, issuer: SigningIssuer, claim: object, status: int
) -> None:
    assert written(registry, issuer.token(scope=claim)).status_code == status


def test_the_claim_and_a_prefix_can_be_set(module_url: str, registry: httpx.Client, issuer: SigningIssuer) -> None:
    with serving(module_url, **told(issuer, oidc_scopes_claim="roles", oidc_scopes_prefix="registry:")) as client:
        assert written(client, issuer.token(roles=["registry:curate"])).status_code == 200
        assert written(client, issuer.token(roles=["curate"])).status_code == 403
        assert written(client, issuer.token(scope="registry:curate")).status_code == 403


@pytest.fixture(scope="module")
def limiting(module_url: str, registry: httpx.Client, issuer: SigningIssuer) -> Iterator[httpx.Client]:
    """A register where a claim names the forces of the caller."""
    with serving(module_url, **told(issuer, oidc_forces_claim="forces")) as client:
        yield client


@pytest.mark.parametrize(
    ("claims", "dogs", "labs"),
    [
        ({"forces": ["kent"]}, 200, 403),
        ({"forces": "kent essex"}, 200, 200),
        ({"forces": []}, 403, 403),
        ({"forces": {"kent": 1}}, 403, 403),
        ({"forces": ["kent", "../essex", 7]}, 200, 403),
        ({}, 403, 403),
        ({"forces": ["kent"], "scope": "admin"}, 403, 403),
        ({"forces": ["kent"], "scope": "admin curate"}, 200, 403),
    ],
)
def test_a_claim_limits_the_caller_to_forces(
    limiting: httpx.Client, issuer: SigningIssuer, claims: dict[str, Any], dogs: int, labs: int
) -> None:
    asked = {"reason": "a test", "dry_run": "true"}
    headers = {**bearing(issuer.token(**claims)), "If-Match": "*", "Content-Type": "application/merge-patch+json"}
    for slug, status in (("dogs", dogs), ("labs", labs)):
        answer = limiting.patch(f"/v1/joint-units/{slug}", json={"note": "x"}, params=asked, headers=headers)
        assert answer.status_code == status, slug


def test_who_is_limited_to_no_force_may_not_even_make_a_source(limiting: httpx.Client, issuer: SigningIssuer) -> None:
    assert written(limiting, issuer.token()).status_code == 403
    assert written(limiting, issuer.token(forces=["kent"])).status_code == 200


def accounts(url: str) -> list[Any]:
    engine = connect(url)
    try:
        with reading(engine) as connection:
            return list(connection.execute(select(*Account.__table__.c).where(Account.subject.is_not(None))))
    finally:
        engine.dispose()


def test_revisions_name_an_account_that_says_nothing_of_the_person(database_url: str, issuer: SigningIssuer) -> None:
    save(database_url, SOURCE)
    with serving(database_url, **told(issuer)) as client:
        assert written(client, issuer.token(scope="openid", sub="a visitor")).status_code == 403
        assert accounts(database_url) == []  # who may do nothing leaves nothing
        for slug, subject in (("first", "anna@example.org"), ("second", "anna@example.org"), ("third", "ben")):
            token = issuer.token(sub=subject, email="anna@example.org", name="Anna")
            source = {"id": slug, "name": slug}
            answer = client.post("/v1/sources", json=source, params={"reason": "a test"}, headers=bearing(token))
            assert answer.status_code == 201, answer.text
        actors = [
            client.get(f"/v1/sources/{slug}/history").json()["data"][0]["actor"]
            for slug in ("first", "second", "third")
        ]
    kept = accounts(database_url)
    assert actors[0] == actors[1] != actors[2]
    assert {row.id for row in kept} == set(actors)
    assert all(row.id.startswith("a-") and row.name is None and len(row.subject) == 64 for row in kept)
    assert "anna" not in repr(kept).lower()


def test_a_key_that_is_rotated_in_is_fetched(
    module_url: str, registry: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity_provider, "APART", 0.0)
    with issuing() as another, serving(module_url, **told(another)) as client:
        old, new = another.token(), another.token(signing_key("second"))
        assert (written(client, old).status_code, written(client, new).status_code) == (200, 401)
        another.publish(signing_key("second"))
        assert (written(client, new).status_code, written(client, old).status_code) == (200, 401)


def test_a_flood_of_unknown_keys_asks_once(module_url: str, registry: httpx.Client) -> None:
    with issuing() as another, serving(module_url, **told(another)) as client:
        for number in range(20):
            assert written(client, another.token(header={"kid": f"made up {number}"})).status_code == 401
        assert written(client, another.token()).status_code == 200
        assert another.times_asked() == 1


def test_nothing_is_asked_for_a_token_that_could_not_be_taken() -> None:
    with issuing() as another:
        tokens = IdentityTokens(Settings(**told(another)), IdentityProvider(another.address))
        for token in (unsigned(another.token()), "no-token", "x" * 9000):
            with pytest.raises(Refused, match="token"):
                tokens.identity(token)
        assert another.times_asked() == 0


def test_without_the_keys_of_the_issuer_there_is_no_answer_yet(module_url: str, registry: httpx.Client) -> None:
    with issuing() as another, serving(module_url, **told(another)) as client:
        token = another.token()
        another.server.pages[CONFIGURATION] = Page(breaks=True)
        answer = written(client, token)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
        assert 1 <= int(answer.headers["Retry-After"]) <= 30
        assert written(client, key(module_url, "curate")).status_code == 200


def test_while_the_issuer_is_down_its_known_keys_serve(module_url: str, registry: httpx.Client) -> None:
    with issuing() as another, serving(module_url, **told(another)) as client:
        assert written(client, another.token()).status_code == 200
        another.server.pages.clear()
        assert written(client, another.token()).status_code == 200

"""Tokens of an OpenID provider: whose they are, and what they allow (RFC 7519, RFC 8725, RFC 9068)."""

import re
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from joserfc import jws
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwt import JWTClaimsRegistry
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.api.callers import Scope, not_allowed, unauthenticated
from app.curation.identity_provider import IdentityProvider, PublicKey
from app.curation.keys import moment, new_id
from app.curation.models import Account
from app.settings import Settings

ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
"""Signatures with public keys alone; with `HS256` the public key could serve as the secret, and `none` is none."""
TYPES = (None, "jwt", "at+jwt", "application/at+jwt")
"""What `typ` may say: other tokens of the same provider, such as those that log people out, are for something else."""
LEEWAY = 30
"""Seconds by which clocks may differ."""
LONGEST_TOKEN, LONGEST_SUBJECT = 8000, 255
_BROKEN = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What the library raises for texts that are no tokens."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Claims = dict[str, Any]


class Identity(NamedTuple):
    """Who a token speaks of: `subject` is a digest of provider and person, and says nothing of either."""

    subject: str
    scopes: frozenset[Scope]
    forces: frozenset[str] | None
    until: int
    """When it expires, in seconds since 1970."""


def _signature(name: str) -> str:
    return "Ed25519" if name == "EdDSA" else name


class _Signatures(jws.JWSRegistry):
    """The library's signatures, of which `EdDSA` is taken by the name that says which one it is (RFC 9864)."""

    def get_alg(self, name: str) -> Any:
        """The signature of that name."""
        return super().get_alg(_signature(name))


class IdentityTokens:
    """Reads the tokens of one provider that are meant for this register."""

    def __init__(self, settings: Settings, provider: IdentityProvider) -> None:
        self.provider, self.settings = provider, settings
        self.signatures = _Signatures(algorithms=ALGORITHMS, strict_check_header=False)
        self.rules = JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": settings.oidc_audience or ""},
            sub={"essential": True},
            exp={"essential": True},
        )

    def identity(self, text: str) -> Identity:
        """Whose token it is, and what it allows. Raises Refused for one that is not valid, or allows nothing."""
        claims = self._claims(text)
        scopes, forces = self._scopes(claims), self._forces(claims)
        if forces is not None:
            scopes -= {Scope.ADMIN}  # what an administrator does is of no force
        if not scopes:
            raise not_allowed(f"the token has no scope of this register in `{self.settings.oidc_scopes_claim}`")
        named = f"{self.provider.issuer}\n{claims['sub']}"
        return Identity(sha256(named.encode()).hexdigest(), frozenset(scopes), forces, int(claims["exp"]))

    def _claims(self, text: str) -> Claims:
        """What the token says, once it is sure that the provider says so, and to this register."""
        if len(text) > LONGEST_TOKEN:
            raise unauthenticated(f"the token is longer than {LONGEST_TOKEN} characters")
        try:
            token = jws.extract_compact(text.encode("ascii"), registry=self.signatures)
            key = self._key(token.headers())
            genuine = key is not None and jws.validate_compact(token, key, registry=self.signatures)
            claims = orjson.loads(token.payload) if genuine else None
        except _BROKEN as error:
            raise unauthenticated("the key is not known here, and is no token that is taken") from error
        if not isinstance(claims, dict):
            raise unauthenticated("the token is not signed by a key of the identity provider")
        self._refuse_others(claims)
        return claims

    def _key(self, header: Claims) -> PublicKey | None:
        """The key that signed, if the header names one of a kind that is taken; the provider is asked for no other."""
        kind, key_id = header.get("typ"), header.get("kid")
        if header["alg"] not in ALGORITHMS or (kind.lower() if kind else None) not in TYPES:
            raise ValueError("not a token that is taken")
        if key_id is not None and not isinstance(key_id, str):
            raise ValueError("not the id of a key")
        key = self.provider.key(key_id)
        meant = None if key is None else key.alg
        return key if meant is None or _signature(meant) == _signature(header["alg"]) else None

    def _refuse_others(self, claims: Claims) -> None:
        """Raise Refused for a token of another time, another provider or another register."""
        try:
            self.rules.validate(claims)
        except ExpiredTokenError as error:
            raise unauthenticated("the token has expired") from error
        except JoseError as error:
            raise unauthenticated(f"the token is not for this register, now: {error.description}") from error
        if len(claims["sub"]) > LONGEST_SUBJECT:
            raise unauthenticated("the token's subject is too long")

    def _scopes(self, claims: Claims) -> set[Scope]:
        named, prefix = _texts(claims.get(self.settings.oidc_scopes_claim)), self.settings.oidc_scopes_prefix
        return {scope for scope in Scope if f"{prefix}{scope}" in named}

    def _forces(self, claims: Claims) -> frozenset[str] | None:
        """The forces to which the token is limited. One that should name them and does not is limited to none."""
        if self.settings.oidc_forces_claim is None:
            return None
        return frozenset(filter(_SLUG.fullmatch, _texts(claims.get(self.settings.oidc_forces_claim))))


def _texts(value: object) -> set[str]:
    """The texts of a claim: a list of them, or one with spaces between."""
    if isinstance(value, str):
        return set(value.split())
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()


def account_with(connection: Connection, subject: str) -> str | None:
    """The id of the account with this subject, if there is one."""
    return connection.execute(select(Account.id).where(Account.subject == subject)).scalar()


def make_account(session: Session, subject: str) -> str:
    """The id of the account with this subject, a new one where there is none: no name is kept, and no address."""
    if (found := account_with(session.connection(), subject)) is not None:
        return found
    account = Account(id=new_id("a"), subject=subject, created=moment())
    session.add(account)
    session.flush()
    return account.id

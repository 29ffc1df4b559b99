"""Who asks, and what they may do: the scopes, and the dependency that an endpoint names the one it needs with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.rate_limits import address_of, rate_limits
from app.api.request_facts import note_actor
from app.registry.problems import Fault, Refused


class Scope(StrEnum):
    """What a caller may do."""

    READ = "read"
    PROPOSE = "propose"
    CURATE = "curate"
    APPROVE = "approve"
    ADMIN = "admin"


IMPLIED: dict[Scope, frozenset[Scope]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.PROPOSE: frozenset({Scope.READ, Scope.PROPOSE}),
    Scope.CURATE: frozenset({Scope.READ, Scope.PROPOSE, Scope.CURATE}),
    Scope.APPROVE: frozenset({Scope.READ, Scope.APPROVE}),
    Scope.ADMIN: frozenset(Scope),
}
"""What each scope holds besides."""


@dataclass(frozen=True)
class Caller:
    """Who asks: `actor` is what revisions name, `account` the person or team behind it, who may have several keys.

    `forces`: the ids of the forces to which every change is limited; None: to none. `until`: when the token expires
    that says so, in seconds since 1970; None: it is asked for at each request.
    """

    actor: str
    account: str
    scopes: frozenset[Scope]
    forces: frozenset[str] | None = None
    until: int | None = None

    def may(self, scope: Scope) -> bool:
        """Whether one of the scopes is this one, or holds it."""
        return any(scope in IMPLIED[own] for own in self.scopes)


Authenticate = Callable[[Request, str], Caller]
"""Gives the caller for a bearer token. Raises Refused for one that is not valid."""

FindSignedIn = Callable[[Request], Caller | None]
"""Gives who has signed in on a page, by the request's cookie; None: nobody, or no longer."""

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key of this register: `registry keys create` makes one."
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
_CHALLENGE = 'Bearer realm="registry"'


def unauthenticated(detail: str) -> Refused:
    """The problem with a key that is missing or not valid (RFC 6750 section 3)."""
    fault = Fault("header/Authorization", detail)
    return Refused("unauthenticated", detail, (fault,), headers={"WWW-Authenticate": _CHALLENGE})


def not_allowed(detail: str) -> Refused:
    """The problem with a key that is valid, and not for this."""
    return Refused("not-allowed", detail, (Fault("header/Authorization", detail),))


def caller_of(request: Request, credentials: Credentials) -> Caller | None:
    """Who asks, if they say so. Raises Refused for a key that is not valid, also where none is needed.

    On pages, who has signed in.
    """
    if request.headers.get("authorization") is None:
        return signed_in(request)
    return proven(request, credentials.credentials if credentials else "")


def proven(request: Request, token: str) -> Caller:
    """Who has the key or the token. Raises Refused for one that is not valid.

    Where an address sent too many that are not valid, no more are looked at: so no key can be found by trying.
    """
    failed, address = rate_limits(request).failed_keys, address_of(request)
    failed.refuse_spent(request, address)
    try:
        return _authenticated(request, token)
    except Refused as refused:
        if refused.slug == "unauthenticated":
            refused.headers["WWW-Authenticate"] = f'{_CHALLENGE}, error="invalid_token"'
            failed.count(request, address)
        raise


def signed_in(request: Request) -> Caller | None:
    """Who has signed in on a page: never for `/v1`, which knows no cookies."""
    path = request.scope["path"]
    if path == "/v1" or path.startswith("/v1/"):
        return None
    find: FindSignedIn = request.app.state.signed_in
    return find(request)


def _authenticated(request: Request, token: str) -> Caller:
    if not token:
        raise unauthenticated("the header is not `Authorization: Bearer` and a key")
    authenticate: Authenticate = request.app.state.authenticate
    caller = authenticate(request, token)
    note_actor(request, caller.actor)
    return caller


MaybeCaller = Annotated[Caller | None, Depends(caller_of)]
"""Who asks, if they say so."""


def required(caller: Caller | None, *scopes: Scope) -> Caller:
    """The caller, who has one of the scopes. Raises Refused."""
    named = " or ".join(scopes)
    if caller is None:
        raise unauthenticated(f"needs a key with the scope {named}")
    if not any(caller.may(scope) for scope in scopes):
        raise not_allowed(f"needs a key with the scope {named}; this one has {', '.join(sorted(caller.scopes))}")
    return caller


def needs(*scopes: Scope) -> Any:
    """The dependency of an endpoint for callers with one of the scopes; what is no read is counted as a write."""

    async def check(request: Request, caller: MaybeCaller) -> Caller:  # which waits for nothing, and needs no thread
        found = required(caller, *scopes)
        if request.method != "GET":
            rate_limits(request).writes.count(request, found.actor)
        return found

    check.scopes = scopes  # type: ignore[attr-defined]
    return Depends(check)


Viewer = Annotated[Caller, needs(Scope.READ)]
Proposer = Annotated[Caller, needs(Scope.PROPOSE)]
Curator = Annotated[Caller, needs(Scope.CURATE)]
Approver = Annotated[Caller, needs(Scope.APPROVE)]
Admin = Annotated[Caller, needs(Scope.ADMIN)]


def count_report(request: Request, caller: MaybeCaller) -> Caller | None:
    """Who reports something, once it is counted. Raises Refused where it is one too many."""
    limits = rate_limits(request)
    if caller is None:
        limits.reports.count(request, address_of(request))
    else:
        limits.writes.count(request, caller.actor)
    return caller


async def _counted_report(request: Request, caller: MaybeCaller) -> Caller | None:
    return count_report(request, caller)


CountedCaller = Annotated[Caller | None, Depends(_counted_report)]
"""Who reports something: with a key a write like others, without one counted by address."""

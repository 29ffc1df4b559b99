"""Who asks, and what they may do: the scopes, and the dependency that an endpoint names the one it needs with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

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

    `forces`: the ids of the forces to which every change is limited; None: to none.
    """

    actor: str
    account: str
    scopes: frozenset[Scope]
    forces: frozenset[str] | None = None

    def may(self, scope: Scope) -> bool:
        """Whether one of the scopes is this one, or holds it."""
        return any(scope in IMPLIED[own] for own in self.scopes)


Authenticate = Callable[[Request, str], Caller]
"""Gives the caller for a bearer token. Raises Refused for one that is not valid."""

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key of this register: `registry keys create` makes one."
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


def unauthenticated(detail: str) -> Refused:
    """The problem with a key that is missing or not valid (RFC 6750 section 3)."""
    fault = Fault("header/Authorization", detail)
    return Refused("unauthenticated", detail, (fault,), headers={"WWW-Authenticate": 'Bearer realm="registry"'})


def caller_of(request: Request, credentials: Credentials) -> Caller | None:
    """Who asks, if they say so. Raises Refused for a key that is not valid, also where none is needed."""
    if credentials is None:
        if request.headers.get("authorization") is not None:
            raise unauthenticated("the header is not `Authorization: Bearer` and a key")
        return None
    authenticate: Authenticate = request.app.state.authenticate
    return authenticate(request, credentials.credentials)


MaybeCaller = Annotated[Caller | None, Depends(caller_of)]
"""Who asks, if they say so."""


def required(caller: Caller | None, scope: Scope) -> Caller:
    """The caller, who may do this. Raises Refused."""
    if caller is None:
        raise unauthenticated(f"needs a key with the scope {scope}")
    if not caller.may(scope):
        detail = f"needs a key with the scope {scope}; this one has {', '.join(sorted(caller.scopes))}"
        raise Refused("not-allowed", detail, (Fault("header/Authorization", detail),))
    return caller


def needs(scope: Scope) -> Any:
    """The dependency of an endpoint that only callers with the scope may use."""

    def check(caller: MaybeCaller) -> Caller:
        return required(caller, scope)

    check.scope = scope  # type: ignore[attr-defined]
    return Depends(check)


Viewer = Annotated[Caller, needs(Scope.READ)]
Proposer = Annotated[Caller, needs(Scope.PROPOSE)]
Curator = Annotated[Caller, needs(Scope.CURATE)]
Approver = Annotated[Caller, needs(Scope.APPROVE)]
Admin = Annotated[Caller, needs(Scope.ADMIN)]

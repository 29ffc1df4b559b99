"""Who takes part in the work on proposals and reports: whoever has one of several scopes."""

from typing import Annotated, Any

from fastapi import Depends

from app.api.callers import Caller, MaybeCaller, Scope, unauthenticated
from app.registry.problems import Fault, Refused


def needs_one_of(*scopes: Scope) -> Any:
    """The dependency of an endpoint for callers with any of the scopes."""
    named = " or ".join(scopes)

    def check(caller: MaybeCaller) -> Caller:
        if caller is None:
            raise unauthenticated(f"needs a key with the scope {named}")
        if not any(caller.may(scope) for scope in scopes):
            detail = f"needs a key with the scope {named}; this one has {', '.join(sorted(caller.scopes))}"
            raise Refused("not-allowed", detail, (Fault("header/Authorization", detail),))
        return caller

    check.scope = scopes[0]  # type: ignore[attr-defined]
    return Depends(check)


Participant = Annotated[Caller, needs_one_of(Scope.PROPOSE, Scope.APPROVE)]
"""Whoever may read proposals and say something of them."""
Triager = Annotated[Caller, needs_one_of(Scope.CURATE, Scope.APPROVE)]
"""Whoever may read reports and say what becomes of them."""

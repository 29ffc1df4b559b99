"""Who takes part in the work on proposals and reports: whoever has one of several scopes."""

from typing import Annotated

from app.api.callers import Caller, Scope, needs

Participant = Annotated[Caller, needs(Scope.PROPOSE, Scope.APPROVE)]
"""Whoever may read proposals and say something of them."""
Triager = Annotated[Caller, needs(Scope.CURATE, Scope.APPROVE)]
"""Whoever may read reports and say what becomes of them."""

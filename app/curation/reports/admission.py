"""Who may report something: with a key that may propose, or anyone, where the settings say so; each is counted."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.callers import Caller, CountedCaller, Scope, required

ANYONE = Caller("anyone", "", frozenset())
"""Stands for a reader without a key."""


def reporter(request: Request, caller: CountedCaller) -> Caller:
    """Who reports something. Raises Refused."""
    if request.app.state.public_reports:
        return caller or ANYONE
    return required(caller, Scope.PROPOSE)


Reporter = Annotated[Caller, Depends(reporter)]

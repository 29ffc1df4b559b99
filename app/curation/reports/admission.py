"""Who may report something: with a key that may propose, or anyone, where the settings say so.

Whoever limits how many reports may come does it here: every report passes once, before its body is read.
"""

from typing import Annotated

from fastapi import Depends, Request

from app.api.callers import Caller, MaybeCaller, Scope, required

ANYONE = Caller("anyone", "", frozenset())
"""Stands for a reader without a key."""


def reporter(request: Request, caller: MaybeCaller) -> Caller:
    """Who reports something. Raises Refused."""
    if request.app.state.public_reports:
        return caller or ANYONE
    return required(caller, Scope.PROPOSE)


Reporter = Annotated[Caller, Depends(reporter)]

"""From the token of a request to the caller."""

from contextlib import suppress

from fastapi import Request
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.api.callers import Authenticate, Caller
from app.curation.desk import Desk
from app.curation.keys import authenticated, note_use
from app.registry.problems import Refused


def authenticator(desk: Desk) -> Authenticate:
    """What gives the caller for a bearer token."""

    def authenticate(request: Request, token: str) -> Caller:
        with desk.reading() as connection:
            caller, unnoted = authenticated(connection, token)
        if unnoted:
            # nobody is turned away, or waits for another's write, because it cannot be noted
            with suppress(DatabaseError, PoolTimeoutError, Refused), desk.writing(patience=0) as session:
                note_use(session, caller.actor)
        return caller

    return authenticate

"""From the token of a request to the caller: a key of this register, or a token of an identity provider."""

from contextlib import suppress

from fastapi import Request
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.api.callers import Authenticate, Caller, unauthenticated
from app.curation.desk import Desk
from app.curation.identity_provider import IdentityProvider
from app.curation.identity_tokens import IdentityTokens, account_with, make_account
from app.curation.keys import PREFIX, authenticated, note_use, still_valid
from app.registry.problems import Refused
from app.settings import Settings


def authenticator(desk: Desk, settings: Settings) -> Authenticate:
    """What gives the caller for a bearer token."""
    issuer = settings.oidc_issuer
    tokens = IdentityTokens(settings, IdentityProvider(issuer)) if issuer else None

    def authenticate(request: Request, token: str) -> Caller:
        if token.startswith(f"{PREFIX}_"):
            return _of_key(desk, token)
        if tokens is None:
            raise unauthenticated("the key is not known here")
        return _of_token(desk, tokens, token)

    return authenticate


def _of_key(desk: Desk, text: str) -> Caller:
    with desk.reading() as connection:
        found = authenticated(connection, text)
    return _noted(desk, found)


def caller_of_key(desk: Desk, key_id: str) -> Caller:
    """Who has the key of this id, which was shown before. Raises Refused where it has ended."""
    with desk.reading() as connection:
        found = still_valid(connection, key_id)
    return _noted(desk, found)


def _noted(desk: Desk, found: tuple[Caller, bool]) -> Caller:
    caller, unnoted = found
    if unnoted:
        # nobody is turned away, or waits for another's write, because it cannot be noted
        with suppress(DatabaseError, PoolTimeoutError, Refused), desk.writing(patience=0) as session:
            note_use(session, caller.actor)
    return caller


def _of_token(desk: Desk, tokens: IdentityTokens, text: str) -> Caller:
    identity = tokens.identity(text)
    with desk.reading() as connection:
        account = account_with(connection, identity.subject)
    if account is None:
        with desk.writing() as session:
            account = make_account(session, identity.subject)
    return Caller(account, account, identity.scopes, identity.forces, identity.until)

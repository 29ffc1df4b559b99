"""Callers for tests: keys of a register, and what a request with one says."""

from datetime import datetime

from app.api.callers import Scope
from app.curation import keys
from app.database import connect, writing

Headers = dict[str, str]


def bearing(token: str, **more: str) -> Headers:
    """The headers of a request with the token; `if_match="3"` adds `If-Match: "3"`."""
    named = {name.replace("_", "-"): f'"{value}"' for name, value in more.items()}
    return {"Authorization": f"Bearer {token}", **named}


def key(
    url: str,
    *scopes: str,
    holder: str = "a team",
    forces: tuple[str, ...] | None = None,
    expires: datetime | None = None,
    revoked: bool = False,
) -> str:
    """A new key of the register at the URL, as its holder has it."""
    engine = connect(url)
    try:
        with writing(engine) as session:
            made, text = keys.create(session, holder, map(Scope, scopes), forces=forces, expires=expires)
            if revoked:
                keys.revoke(session, made.id)
            return text
    finally:
        engine.dispose()

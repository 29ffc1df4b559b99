"""What the address of the database says: which file it is, and how it may be printed, without any password."""

from pathlib import Path
from urllib.parse import quote, quote_plus, unquote, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SECRET = ("password", "sslpassword", "passphrase", "oauth_client_secret")
"""Parameters behind the "?" of an address that no log may hold."""
HIDDEN = "***"


def shown(url: str) -> str:
    """The address without its passwords."""
    address = make_url(url)
    named = {name: HIDDEN for name in address.query if name.lower() in SECRET}
    return address.update_query_dict(named).render_as_string(hide_password=True).replace(quote_plus(HIDDEN), HIDDEN)


def without_password(url: str) -> str:
    """The address as PostgreSQL's own programs take it, with no password in it nor a place for one."""
    address = make_url(url).set(drivername="postgresql")._replace(password=None)
    return address.difference_update_query(
        [name for name in address.query if name.lower() in SECRET]
    ).render_as_string()


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None: the address is of a server."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return None
    name = address.database or ""
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)


def without_secrets(text: str, url: str) -> str:
    """A text, such as what a driver says of a failure, without the passwords of the address."""
    for secret in sorted(_secrets(url), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _secrets(url: str) -> set[str]:
    """The passwords, as they are and as they stand in an address."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return set()
    found = [address.password, *(value for name, value in address.query.items() if name.lower() in SECRET)]
    plain = {str(value) for value in found if value}
    return plain | {written(each) for each in plain for written in (quote, quote_plus)}

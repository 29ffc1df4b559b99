"""One file, from a path or over HTTP, with bounds on its size, on redirects and on the time it may take."""

import time
from pathlib import Path

import httpx

from app import __version__
from app.upkeep.force_list import ListingError

LARGEST = 5_000_000
MOST_REDIRECTS = 5
PATIENCE = 30.0
"""Seconds that a file may take in all; a server may be silent for a third of that."""


def user_agent(purpose: str, contact: str | None = None) -> str:
    """How the registry names itself to the servers that it asks (RFC 9110 section 10.1.5)."""
    return f"police-collaboration-registry/{__version__} ({'; '.join(filter(None, (purpose, contact)))})"


def is_address(name: str) -> bool:
    """Whether this is an address rather than a path."""
    return "://" in name


def content_of(name: str) -> bytes:
    """The content of the file at a path or an address. Raises ListingError."""
    try:
        return _fetched(name) if is_address(name) else _file(Path(name))
    except OSError as error:
        raise ListingError(f"it cannot be read: {error.strerror or error}") from error
    except httpx.TimeoutException as error:
        raise ListingError("the server took too long") from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise ListingError(f"it cannot be fetched: {error}") from error


def _file(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    return _bounded(content)


def _fetched(address: str) -> bytes:
    url = httpx.URL(address)
    if url.scheme not in ("http", "https") or url.userinfo:
        raise ListingError("only addresses that begin with https:// or http://, without a password, are fetched")
    # not compressed: a few bytes could unfold to any size
    headers = {"User-Agent": user_agent("comparing lists of forces"), "Accept-Encoding": "identity"}
    client = httpx.Client(
        headers=headers, timeout=PATIENCE / 3, follow_redirects=True, max_redirects=MOST_REDIRECTS, trust_env=True
    )
    with client, client.stream("GET", url) as response:
        if response.status_code != 200:
            raise ListingError(f"the server answered {response.status_code} {response.reason_phrase}")
        return _body(response)


def _body(response: httpx.Response) -> bytes:
    content, until = b"", time.monotonic() + PATIENCE
    for piece in response.iter_raw():
        content = _bounded(content + piece)
        if time.monotonic() > until:
            raise ListingError("the server took too long")
    return content


def _bounded(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise ListingError(f"it is larger than {LARGEST // 1_000_000} MB")
    return content

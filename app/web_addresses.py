"""Addresses of the web that others name: which of them may be asked, and where they lead."""

import asyncio
import socket
from ipaddress import ip_address

import httpx

LARGEST_PORT = 65_535


class ForbiddenError(ValueError):
    """An address that is not asked for: not of the web, or in a private network."""


def web_address(text: str) -> httpx.URL:
    """The address. Raises ForbiddenError for one that is not of the web, or that carries a password."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise ForbiddenError(f"is not an address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > LARGEST_PORT:
        raise ForbiddenError("is not an address of the web")
    if url.userinfo:
        raise ForbiddenError("carries a user name or a password")
    return url


async def places_of(url: httpx.URL, allow_private: bool) -> list[str]:
    """The network addresses of a host, in the order to try them in; what was looked at is what is then connected to.

    Raises ForbiddenError when any of them is not public (RFC 6890), OSError when the name leads nowhere.
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM
        )
    except UnicodeError as error:
        raise OSError("no host can have that name") from error
    places = list(dict.fromkeys(str(place[0]) for *_, place in found))
    if not allow_private and not all(map(_is_public, places)):
        raise ForbiddenError("is in a private network")
    return places


def _is_public(place: str) -> bool:
    address = ip_address(place)
    return address.is_global and not address.is_multicast

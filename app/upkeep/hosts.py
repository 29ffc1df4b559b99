"""The hosts that addresses lead to: where they are, and whose turn it is to ask them."""

import asyncio
import socket
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

import httpx

LARGEST_PORT = 65_535


class ForbiddenError(ValueError):
    """An address that is not asked for: not of the web, or in a private network."""


class PostponedError(Exception):
    """The host asks for more patience than there is: it is left alone for the rest of the run."""


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


class Turns:
    """One request at a time to a host, and `delay` seconds between two; a host may ask for more."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.free_at: dict[str, float] = {}
        self.left_alone: set[str] = set()

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        """A turn at the host, as soon as there is one. Raises PostponedError."""
        clock = asyncio.get_running_loop()
        async with self.locks[host]:
            if host in self.left_alone:
                raise PostponedError(host)
            await asyncio.sleep(max(0.0, self.free_at.get(host, 0.0) - clock.time()))
            try:
                yield
            finally:
                self.free_at[host] = clock.time() + self.delay

    def wait(self, host: str, seconds: float) -> None:
        """Let the host rest for so long."""
        self.free_at[host] = asyncio.get_running_loop().time() + max(seconds, self.delay)

    def leave_alone(self, host: str) -> None:
        """Ask nothing more of the host in this run."""
        self.left_alone.add(host)

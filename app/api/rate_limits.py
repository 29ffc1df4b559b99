"""How many requests one caller may send, and what answers say of it.

Counted in the memory of each process for itself: with several, a caller gets several times as much. That keeps off
whoever tries keys or floods the register; it is no accounting.
"""

import math
import time
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import NamedTuple

from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.registry.problems import Refused
from app.settings import Settings

_ALLOWANCES = "registry.allowances"


class Allowance(NamedTuple):
    """What a caller may still do: `remaining` of `quota` requests, until `reset` seconds from now."""

    quota: int
    window: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """How answers say it (draft-ietf-httpapi-ratelimit-headers-10: here alone, for it may change yet)."""
        return {
            "RateLimit-Policy": f'"default";q={self.quota};w={self.window}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset}',
        }


class Counts(MemoryStorage):
    """Counts of requests, which are forgotten as others are counted.

    The library's own storage starts a thread for that at nearly every count, which takes longer than the count.
    """

    SWEPT_EVERY = 60.0

    def __init__(self) -> None:
        super().__init__()
        self._swept, self._turn = time.monotonic(), Lock()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count so many in the window of a key, which lasts `expiry` seconds from its first; the count so far."""
        now = time.time()
        with self._turn:
            self._sweep(now)
            if self.expirations.get(key, 0) <= now:
                self.storage[key], self.expirations[key] = 0, now + expiry
            self.storage[key] += amount
            return self.storage[key]

    def _sweep(self, now: float) -> None:
        if time.monotonic() - self._swept < self.SWEPT_EVERY:
            return
        self._swept = time.monotonic()
        for key in [key for key, ends in list(self.expirations.items()) if ends <= now]:
            self.clear(key)


class RateLimit:
    """One limit. The window of a caller begins with its first request, so what answers say of it is exact.

    The library's moving window would keep an empty list of every address for ever.
    """

    def __init__(self, storage: Counts, name: str, rate: str) -> None:
        self.name, self.item = name, parse(rate)
        self.limiter = FixedWindowRateLimiter(storage)

    def count(self, request: Request, who: str) -> None:
        """Count a request. Raises Refused where it is one too many."""
        good = self.limiter.hit(self.item, self.name, who)
        self._tell(request, who, spent=not good)

    def spend(self, who: str) -> Allowance | None:
        """Count a request that answers by itself; what is left, None where it is one too many."""
        if not self.limiter.hit(self.item, self.name, who):
            return None
        return _allowance(self.item, self.limiter.get_window_stats(self.item, self.name, who))

    def refuse_spent(self, request: Request, who: str) -> None:
        """Raise Refused where nothing is left; the request is not counted."""
        if not self.limiter.test(self.item, self.name, who):
            self._tell(request, who, spent=True)

    def _tell(self, request: Request, who: str, *, spent: bool) -> None:
        """Say on the answer what is left. Raises Refused where that is nothing."""
        allowance = _allowance(self.item, self.limiter.get_window_stats(self.item, self.name, who))
        request.scope.get(_ALLOWANCES, []).append(allowance)
        if spent:
            detail = f"more than {self.item.amount} {self.name} in {self.item.get_expiry()} seconds"
            raise Refused("too-many-requests", detail, headers={"Retry-After": str(allowance.reset)})


def _allowance(item: RateLimitItem, stats: tuple[float, int]) -> Allowance:
    ends, remaining = stats
    reset = max(1, math.ceil(ends - time.time()))
    return Allowance(item.amount, item.get_expiry(), max(0, remaining), min(reset, item.get_expiry()))


class RateLimits:
    """The limits of this process."""

    def __init__(self, settings: Settings) -> None:
        storage = Counts()
        self.writes = RateLimit(storage, "writes", settings.write_rate)
        self.reports = RateLimit(storage, "reports", settings.report_rate)
        self.failed_keys = RateLimit(storage, "requests with a key that is not valid", settings.failed_key_rate)
        self.requests = RateLimit(storage, "requests", settings.read_rate) if settings.read_rate else None


def rate_limits(request: Request) -> RateLimits:
    """The limits of this process."""
    found: RateLimits = request.app.state.rate_limits
    return found


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from, as it is counted: of IPv6 the first half, for the rest is everyone's own to choose.

    It is the address that the server believes, which hears of others from the proxies that it is told to believe.
    """
    text = request.client.host if request.client else ""
    try:
        address = ip_address(text)
    except ValueError:
        return text[:60] or "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))


class RateHeaders:
    """Says on an answer what is left of what its request was counted for; of several limits, of the scarcest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        allowances: list[Allowance] = []

        async def telling(message: Message) -> None:
            if allowances and message["type"] == "http.response.start":
                scarcest = min(allowances, key=lambda each: each.remaining)
                MutableHeaders(scope=message).update(scarcest.headers)
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        else:
            await self.app({**scope, _ALLOWANCES: allowances}, receive, telling)

"""Asking for addresses: politely, many hosts at a time, one request at a time to each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx

from app.evidence.schemas import CheckOutcome
from app.upkeep.hosts import PostponedError, Turns
from app.web_addresses import ForbiddenError, places_of, web_address

HOSTS_AT_A_TIME = 8
MOST_REDIRECTS = 5
MOST_PATIENCE = 60.0
"""Seconds that a host may ask us to wait (Retry-After, RFC 9110 section 10.2.3) before it is left for another run."""
TIMEOUT = 20.0
"""Seconds until the head of an answer must be there."""

PERMANENT = frozenset({301, 308})
GONE = frozenset({404, 410})
REFUSED = frozenset({401, 402, 403, 407, 429, 451})
BUSY = frozenset({429, 503})
REDIRECTS = PERMANENT | {302, 303, 307}
LONGEST_LOCATION = 2000
MOST_PLACES = 3
"""Network addresses of one host that are tried."""


class CheckResult(NamedTuple):
    """What came of asking for an address. Without an `outcome` it was not asked, for the `reason` given."""

    address: str
    outcome: CheckOutcome | None
    status: int | None = None
    location: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class RequestPolicy:
    """How to ask: who asks, how many seconds to let pass between two requests to a host, and what not to ask for."""

    user_agent: str
    delay: float = 1.0
    allow_private: bool = False


Hear = Callable[[CheckResult], Awaitable[None]]


def ask_all(addresses: Iterable[str], policy: RequestPolicy, hear: Hear) -> None:
    """Ask for every address once, and hand over what was heard, one at a time. What `hear` raises ends it."""
    try:
        asyncio.run(_ask_all(addresses, policy, hear))
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


async def _ask_all(addresses: Iterable[str], policy: RequestPolicy, hear: Hear) -> None:
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        by_host.setdefault(_host(address), []).append(address)
    gate, one_at_a_time, asker = asyncio.Semaphore(HOSTS_AT_A_TIME), asyncio.Lock(), Asker(policy)

    async def visit(mine: list[str]) -> None:
        async with gate:
            for address in mine:
                heard = await asker.ask(address)
                async with one_at_a_time:
                    await hear(heard)

    async with asker.transport, asyncio.TaskGroup() as visits:
        for mine in by_host.values():
            visits.create_task(visit(mine))


def _host(address: str) -> str:
    try:
        return web_address(address).host
    except ForbiddenError:
        return ""


@dataclass
class _Trail:
    """Where following an address has led so far."""

    address: str
    status: int | None = None
    location: str | None = None
    moved: bool = False

    def heard(self, outcome: CheckOutcome | None, reason: str = "") -> CheckResult:
        short = self.location if len(self.location or "") <= LONGEST_LOCATION else None
        return CheckResult(self.address, outcome, self.status, short, reason)

    def judged(self, status: int) -> CheckResult:
        """What a last status says."""
        if status < 300:
            return self.heard(CheckOutcome.MOVED if self.moved else CheckOutcome.OK)
        if status in GONE:
            return self.heard(CheckOutcome.GONE)
        return self.heard(CheckOutcome.REFUSED if status in REFUSED else CheckOutcome.ERROR)


class Asker:
    """Asks for one address after another."""

    def __init__(self, policy: RequestPolicy) -> None:
        self.policy = policy
        self.turns = Turns(policy.delay)
        # no client: it would follow a redirect half the way; no proxy: what that connects to cannot be looked at first;
        # and no connection is used twice: it is good for one name, and many names share a network address
        self.transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    async def ask(self, address: str) -> CheckResult:
        """What comes of asking for it, redirects followed."""
        trail = _Trail(address)
        try:
            return await self._follow(trail)
        except PostponedError as error:
            return CheckResult(address, None, reason=f"{error} asks to be left alone for now")
        except ForbiddenError as error:
            # a redirect that leads where nobody may go is the server's mistake; an address that does is not asked for
            return trail.heard(CheckOutcome.ERROR if trail.status else None, str(error))
        except (httpx.TransportError, OSError) as error:
            trail.status = None
            return trail.heard(CheckOutcome.UNREACHABLE, str(error) or type(error).__name__)

    async def _follow(self, trail: _Trail) -> CheckResult:
        url = web_address(trail.address)
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._answer(url)
            trail.status = answer.status_code
            if answer.status_code not in REDIRECTS or "location" not in answer.headers:
                return trail.judged(answer.status_code)
            url = _onward(url, answer.headers["location"])
            trail.location, trail.moved = str(url), trail.moved or answer.status_code in PERMANENT
        return trail.heard(CheckOutcome.ERROR, "redirects without end")

    async def _answer(self, url: httpx.URL) -> httpx.Response:
        answer = await self._patiently("HEAD", url)
        # some servers know pages by GET alone, so no page is called missing for want of a HEAD
        again = answer.status_code >= 400 and answer.status_code not in (410, 429)
        return await self._patiently("GET", url) if again else answer

    async def _patiently(self, method: str, url: httpx.URL) -> httpx.Response:
        """The answer, asked for once more if the host says to wait for it. Raises PostponedError."""
        for _ in range(2):
            async with self.turns.at(url.host), asyncio.timeout(TIMEOUT):
                answer = await self._send(method, url)
            seconds = _patience_asked(answer)
            if seconds is None:
                return answer
            if seconds > MOST_PATIENCE:
                break
            self.turns.wait(url.host, seconds)
        self.turns.leave_alone(url.host)
        raise PostponedError(url.host)

    async def _send(self, method: str, url: httpx.URL) -> httpx.Response:
        """Ask the host at one of its network addresses; of the answer only the head is read."""
        failure: Exception = OSError("the name leads nowhere")
        for place in (await places_of(url, self.policy.allow_private))[:MOST_PLACES]:
            try:
                answer = await self.transport.handle_async_request(self._request(method, url, place))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
            else:
                await answer.aclose()
                return answer
        raise failure

    def _request(self, method: str, url: httpx.URL, place: str) -> httpx.Request:
        """A request to a network address in the name of the host, which the certificate must bear too."""
        named = {"Host": url.netloc.decode("ascii"), "User-Agent": self.policy.user_agent}
        return httpx.Request(
            method,
            url.copy_with(host=place),
            headers={**named, "Accept": "*/*", "Connection": "close"},
            extensions={
                "sni_hostname": url.raw_host.decode("ascii"),
                "timeout": httpx.Timeout(TIMEOUT, connect=TIMEOUT / 3).as_dict(),
            },
        )


def _onward(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads. Raises ForbiddenError."""
    try:
        return web_address(str(url.join(location)))
    except (httpx.InvalidURL, ValueError) as error:
        raise ForbiddenError(f"redirects to what is no address of the web: {location[:200]}") from error


def _patience_asked(answer: httpx.Response) -> float | None:
    """The seconds that a busy host asks us to wait: a number or a date (RFC 9110 section 10.2.3)."""
    stated = answer.headers.get("retry-after", "").strip()
    if answer.status_code not in BUSY or not stated:
        return None
    if stated.isascii() and stated.isdigit():
        return float(stated)
    try:
        until = parsedate_to_datetime(stated)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())

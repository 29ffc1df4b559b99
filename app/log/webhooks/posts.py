"""Posting to an address that somebody named: never where the registry itself may go and they may not."""

import asyncio
import time
from typing import NamedTuple

import httpx

from app import __version__
from app.web_addresses import ForbiddenError, places_of, web_address

TIMEOUT = 15.0
"""Seconds in which a receiver must have answered, its name looked up and all."""
MOST_PLACES = 3
"""Network addresses of a host that are tried."""


class PostResult(NamedTuple):
    """What came of it: the status, or why there is none."""

    status: int | None
    error: str | None
    milliseconds: int
    retry_after: str | None = None


def post(url: str, headers: dict[str, str], body: bytes, *, private: bool) -> PostResult:
    """Post once. Only 2xx is a success: a redirect is not followed, for it may lead anywhere."""
    began, status, retry_after = time.monotonic(), None, None
    error: str | None = None
    try:
        answer = asyncio.run(_post(url, headers, body, private=private))
        status, retry_after = answer.status_code, answer.headers.get("retry-after")
        error = None if 200 <= status < 300 else _refusal(status)
    except TimeoutError:
        error = f"no answer in {TIMEOUT:g} seconds"
    except ForbiddenError as forbidden:
        error = f"the address {forbidden}"
    except (httpx.TransportError, OSError) as failure:
        error = str(failure) or type(failure).__name__
    return PostResult(status, error and error[:300], int((time.monotonic() - began) * 1000), retry_after)


def _refusal(status: int) -> str:
    return f"answered {status}" + (", and redirects are not followed" if 300 <= status < 400 else "")


async def _post(url: str, headers: dict[str, str], body: bytes, *, private: bool) -> httpx.Response:
    address = web_address(url)
    failure: Exception = OSError("the name leads nowhere")
    # no client and no proxy: what is connected to must be what was looked at
    async with asyncio.timeout(TIMEOUT), httpx.AsyncHTTPTransport() as transport:
        for place in (await places_of(address, private))[:MOST_PLACES]:
            try:
                answer = await transport.handle_async_request(_request(address, place, headers, body))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
            else:
                await answer.aclose()
                return answer
    raise failure


def _request(address: httpx.URL, place: str, headers: dict[str, str], body: bytes) -> httpx.Request:
    """A request to a network address in the name of the host, which the certificate must bear too."""
    named = {
        "Host": address.netloc.decode("ascii"),
        "User-Agent": f"police-collaboration-registry/{__version__}",
        "Content-Type": "application/json",
        "Connection": "close",
    }
    extensions = {
        "sni_hostname": address.raw_host.decode("ascii"),
        "timeout": httpx.Timeout(TIMEOUT, connect=TIMEOUT / 3).as_dict(),
    }
    target = address.copy_with(host=place)
    return httpx.Request("POST", target, headers={**named, **headers}, content=body, extensions=extensions)

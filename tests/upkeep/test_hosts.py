"""Where nobody is asked, and how patient one is."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from app.upkeep.link_checks import _is_old
from app.upkeep.link_requests import _patience_asked, _Trail
from app.web_addresses import ForbiddenError, places_of, web_address


def places(address: str, *, allow_private: bool = False) -> list[str]:
    return asyncio.run(places_of(httpx.URL(address), allow_private))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
        *("255.255.255.255", "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]"),
        *("224.0.0.1", "239.255.255.250", "[ff02::1]", "[ff0e::1]"),
    ],
)
def test_no_private_network_and_no_group_of_hosts_is_asked(host: str) -> None:
    with pytest.raises(ForbiddenError, match="private network"):
        places(f"http://{host}/")
    assert places(f"http://{host}/", allow_private=True)


@pytest.mark.parametrize(
    ("host", "place"), [("93.184.216.34", "93.184.216.34"), ("[2606:2800:220::1]", "2606:2800:220::1")]
)
def test_a_public_host_is(host: str, place: str) -> None:
    assert places(f"https://{host}/page") == [place]


@pytest.mark.parametrize(
    "text",
    ["ftp://example.org/", "http://", "http://u:p@example.org/", "mailto:a@b", "http://example.org:65536/", "/a"],
)
def test_what_is_no_address_of_the_web(text: str) -> None:
    with pytest.raises(ForbiddenError):
        web_address(text)


def test_the_last_port_is_one() -> None:
    assert web_address("http://example.org:65535/").port == 65535


@pytest.mark.parametrize(
    ("status", "moved", "outcome"),
    [
        (200, False, "ok"),
        (299, False, "ok"),
        (200, True, "moved"),
        (300, False, "error"),
        (404, False, "gone"),
        (410, True, "gone"),
        (400, False, "error"),
        (401, False, "refused"),
        (403, False, "refused"),
        (429, False, "refused"),
        (451, False, "refused"),
        (500, False, "error"),
        (503, False, "error"),
    ],
)
def test_what_a_last_status_says(status: int, moved: bool, outcome: str) -> None:
    assert _Trail("http://example.org/", moved=moved).judged(status).outcome == outcome


@pytest.mark.parametrize(("length", "kept"), [(2000, True), (2001, False)])
def test_a_location_is_kept_unless_it_is_very_long(length: int, kept: bool) -> None:
    heard = _Trail("http://example.org/", location="x" * length).judged(200)
    assert (heard.location is not None) is kept


@pytest.mark.parametrize(
    ("status", "stated", "seconds"),
    [
        (429, "7", 7.0),
        (503, " 0 ", 0.0),
        (503, "soon", None),
        (503, "٣", None),
        (429, "", None),
        (500, "7", None),
        (200, "7", None),
        (429, "Thu, 01 Jan 2004 00:00:00 GMT", 0.0),
    ],
)
def test_the_patience_that_a_busy_host_asks_for(status: int, stated: str, seconds: float | None) -> None:
    answer = httpx.Response(status, headers=[(b"retry-after", stated.encode())])
    assert _patience_asked(answer) == seconds


def test_patience_until_a_day() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    seconds = _patience_asked(httpx.Response(429, headers={"retry-after": until}))
    assert seconds is not None
    assert 80 < seconds <= 90


@pytest.mark.parametrize(
    ("checked", "old"), [(None, True), ("2026-04-01", True), ("2026-04-02", False), ("2026-03-31", True)]
)
def test_an_address_is_due_after_so_many_days(checked: str | None, old: bool) -> None:
    assert _is_old(checked, date(2026, 5, 1), 30) is old

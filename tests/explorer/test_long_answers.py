"""Pages of large registers: a long list is not counted by what it has, and a long report goes on behind its page."""

import re
from html import unescape

import httpx
import pytest

from app.explorer import lists, report

REPORT = "/forces/hertfordshire/collaborations?as_of=2012-06-01"
NEXT = re.compile(r'href="([^"]+)">Next joint units<')


def units_of(page: httpx.Response) -> list[str]:
    """The units in the table of a report, in their order."""
    return re.findall(r'<th scope="row"><a href="/joint-units/([a-z0-9-]+)', page.text)


def test_a_long_list_is_not_counted(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = '<p class="small"><b>Kind</b>'
    assert counted in client.get("/joint-units?force=hertfordshire").text
    monkeypatch.setattr(lists, "MOST_FACETED", 3)
    assert counted not in client.get("/joint-units?force=hertfordshire&limit=49").text
    assert counted in client.get("/joint-units?force=hertfordshire&facets=kind&limit=49").text


def test_a_long_report_goes_on(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get(REPORT)
    assert "are shown here" not in whole.text
    monkeypatch.setattr(report, "MOST_OF_PART", 4)
    page, walked = client.get(REPORT.replace("06-01", "06-02")), []
    whole = client.get(f"{REPORT.replace('06-01', '06-02')}&limit=200")
    total = len(units_of(whole))
    assert total > 8
    assert f"4 of {total} are shown here" in page.text
    walked += units_of(page)
    while found := NEXT.search(page.text):
        page = client.get(unescape(found[1]))
        assert page.status_code == 200
        assert len(units_of(page)) <= 4
        walked += units_of(page)
    assert sorted(walked) == sorted(units_of(whole))
    assert len(set(walked)) == total

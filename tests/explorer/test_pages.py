"""Pages of all collections: what they show, what they forbid, how they are kept, and what they do with bad requests."""

import re
from html import unescape

import httpx
import pytest

from app.catalogue import CATALOGUE
from app.explorer.assets import DIGEST, POLICY
from tests.api.test_answer_headers import BROWSER
from tests.registry_in_use import SOURCE, force, save, serving, withdraw

UNIT = "/joint-units/bh-major-crime-unit"
LISTS = [f"/{collection.path}" for collection in CATALOGUE]
LINK = re.compile(r'<a [^>]*href="([^"]+)"')


def links_of(page: httpx.Response) -> list[str]:
    return [unescape(link) for link in LINK.findall(page.text)]


@pytest.mark.parametrize("path", ["/", "/how-to-read", UNIT, f"{UNIT}/history", *LISTS])
def test_a_page_forbids_everything_from_elsewhere_and_everything_inline(client: httpx.Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["referrer-policy"] == "same-origin"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|=\"(javascript|data):", page.text)
    assert page.text.startswith("<!doctype html>")
    assert len(page.content) <= 150_000


@pytest.mark.parametrize("path", ["/", UNIT, "/joint-units", "/forces/hertfordshire"])
@pytest.mark.parametrize("clocks", ["as_of=2012", "as_of=2012-06-01&known_at=1"])
def test_every_link_carries_the_clocks(client: httpx.Client, path: str, clocks: str) -> None:
    page = client.get(f"{path}?{clocks}")
    # pages of curators are about what is recorded now
    apart = ("#", "/docs", "http", "/v1/", "mailto:", "/propose", "/proposals", "/looks-wrong")
    lost = [link for link in links_of(page) if not link.startswith(apart) and "as_of=" not in link]
    # the one that takes them out, and those to another revision of the same day
    assert [link for link in lost if link.partition("?")[0] != path] == []


def test_a_page_and_its_json_name_each_other(client: httpx.Client) -> None:
    page = client.get(f"{UNIT}?as_of=2010-06-01")
    data = f"/v1{UNIT}?as_of=2010-06-01&presumed_for=P5Y"
    assert f'<link rel="alternate" type="application/json" href="{data.replace("&", "&amp;")}">' in page.text
    assert client.get(data).json()["data"]["presence"] == "certain"
    assert f'<{data}>; rel="alternate"' in page.headers["link"]


def test_a_record_stands_with_its_evidence(client: httpx.Client) -> None:
    text = client.get(f"{UNIT}?as_of=2010-06-01").text
    assert "Bedfordshire and Hertfordshire Major Crime Unit</h1>" in text
    assert "On 1 June 2010:" in text
    assert "A source says otherwise:</b> 19 November 2007" in text
    assert "which of them says so is not recorded" in text or "paragraph 5" in text
    assert '<a class="no" href="#s1">' in text
    assert 'id="s1"' in text


def test_a_page_is_kept_until_something_changes(client: httpx.Client) -> None:
    page = client.get(UNIT)
    assert client.get(UNIT, headers={"If-None-Match": page.headers["etag"]}).status_code == 304
    assert page.headers["etag"] != client.get(f"{UNIT}?as_of=2012").headers["etag"]


def test_files_are_kept_for_ever(client: httpx.Client) -> None:
    for name, most in (("explorer.css", 20_000), ("explorer.js", 6_000), ("mark.svg", 1_000)):
        answer = client.get(f"/static/{DIGEST}/{name}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert len(answer.content) <= most
    assert client.get("/static/0000/explorer.css").status_code == 404


def test_what_a_form_left_empty_is_taken_out(client: httpx.Client) -> None:
    answer = client.get("/joint-units?as_of=2012&kind=&name=")
    assert (answer.status_code, answer.headers["location"]) == (303, "/joint-units?as_of=2012")


def test_a_bad_parameter_is_told_on_a_page_with_the_same_status(client: httpx.Client) -> None:
    page = client.get("/joint-units?colour=red", headers=BROWSER)
    assert page.status_code == 422
    assert "colour" in page.text
    assert page.headers["content-security-policy"] == POLICY
    told = client.get("/joint-units?colour=red", headers={"Accept": "application/json"})
    assert told.headers["content-type"] == "application/problem+json"


def test_pages_of_a_list_lead_to_each_other(client: httpx.Client) -> None:
    first = client.get("/joint-units?as_of=2012&limit=5")
    following = next(link for link in links_of(first) if "cursor=" in link)
    second = client.get(following)
    assert second.status_code == 200
    assert "/forces/bedfordshire?as_of=2012" in second.text
    shown = [set(re.findall(r'<th scope="row"><a href="([^"?]+)', page.text)) for page in (first, second)]
    assert shown[0]
    assert shown[1]
    assert not shown[0] & shown[1]


HOSTILE = "</title><script>alert(1)</script>\"'{{ 7*7 }}"


def test_what_is_gone_or_merged_and_what_is_hostile(database_url: str) -> None:
    save(database_url, SOURCE, force("kent", name=HOSTILE, note=HOSTILE), force("essex"), force("dorset"))
    withdraw(database_url, "force:essex")
    withdraw(database_url, "force:dorset", "force:kent")
    with serving(database_url) as client:
        gone = client.get("/forces/essex", headers=BROWSER)
        assert gone.status_code == 410
        assert "a duplicate" in gone.text
        assert "known_at=1" in gone.text
        merged = client.get("/forces/dorset?as_of=2012")
        assert (merged.status_code, merged.headers["location"]) == (308, "/forces/kent?as_of=2012")
        for path in ("/forces/kent", "/forces", "/forces/kent/history"):
            page = client.get(path)
            assert "<script>alert" not in page.text
            assert "{{ 7*7 }}" in unescape(page.text)


def test_the_site_map_names_every_page_where_the_register_has_an_address(client: httpx.Client, loaded_url: str) -> None:
    assert client.get("/sitemap.xml").status_code == 404
    with serving(loaded_url, public_url="https://registry.example/police") as found:
        answer = found.get("/sitemap.xml")
        assert answer.headers["content-type"] == "application/xml"
        assert f"<loc>https://registry.example/police{UNIT}</loc>" in answer.text
        assert "Sitemap: https://registry.example/police/sitemap.xml" in found.get("/robots.txt").text
        page = found.get(f"/police{UNIT}?as_of=2012")
        assert f'<meta property="og:url" content="https://registry.example/police{UNIT}?as_of=2012">' in page.text
        assert 'href="/police/forces/bedfordshire?as_of=2012"' in page.text
        assert found.get(f"/police/v1{UNIT}").json()["links"]["page"] == f"/police{UNIT}"

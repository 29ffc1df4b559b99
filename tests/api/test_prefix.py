"""Behind a proxy, under a path: every address in an answer leads back through the proxy."""

import re
import socket
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import urljoin

import httpx
import pytest

from app.api.prefix import prefixed
from app.settings import get_settings
from tests.proxy import behind_proxy
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

PREFIX = "/police"


@pytest.fixture(scope="module", params=["strips", "keeps"])
def proxied(request: pytest.FixtureRequest, loaded_url: str) -> Iterator[httpx.Client]:
    """A client of a proxy that strips the prefix, and of one that does not."""
    with (
        serving(loaded_url, root_path=PREFIX) as service,
        behind_proxy(service, PREFIX, strips=request.param == "strips") as client,
    ):
        yield client


def addresses(answer: httpx.Response) -> list[str]:
    """Every address of the registry's own in an answer, whichever kind it is of."""
    kind = answer.headers["content-type"]
    if "html" in kind:
        return re.findall(r'(?:href|src|data-description)="(/[^"]*)"', answer.text)
    if "xml" in kind:
        return re.findall(r">(/[^<]*)<", answer.text)
    if "csv" in kind:
        return re.findall(r"(?:^|,)(/[^,\r]*)", answer.text, re.MULTILINE)
    return re.findall(r'"(/[^"{]*/(?:v1|problems|docs|openapi\.json)[^"{]*|/(?:v1|problems)[^"{]*)"', answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/docs",
        "/problems",
        "/problems/not-found",
        "/v1",
        "/v1/forces?limit=2",
        "/v1/forces/bedfordshire?as_of=2012-01-01",
        "/v1/forces/bedfordshire/",
        "/v1/forces/bedfordshire/history",
        "/v1/forces/bedfordshire/collaborations?as_of=2012-01-01",
        "/v1/joint-units?format=ndjson",
        "/v1/network?as_of=2012",
        "/v1/network?as_of=2012&format=graphml",
        "/v1/exports",
        "/v1/exports?as_of=2012",
        "/v1/exports/register.ndjson/manifest",
        "/v1/search?q=dogs",
        "/v1/reconcile/entities/force:bedfordshire",
    ],
)
def test_every_address_leads_back_through_the_proxy(proxied: httpx.Client, path: str) -> None:
    answer = proxied.get(PREFIX + path)
    assert answer.status_code == 200
    found = addresses(answer)
    assert found
    assert [address for address in found if not address.startswith(f"{PREFIX}/")] == []
    for address in list(dict.fromkeys(found))[:8]:
        if "series" not in address and "?q" not in address and "claims" not in address:
            assert proxied.get(address.replace("&amp;", "&")).status_code in (200, 422), address


def test_pages_follow_each_other(proxied: httpx.Client) -> None:
    seen, address = 0, f"{PREFIX}/v1/joint-units?limit=7"
    while address:
        answer = proxied.get(address)
        seen += len(answer.json()["data"])
        address = answer.json()["links"]["next"]
        if address:
            assert answer.headers["link"] == f'<{address}>; rel="next"'
    assert seen == proxied.get(f"{PREFIX}/v1/joint-units?limit=1").json()["meta"]["total"] > 7


def test_a_problem_names_its_page_and_the_request(proxied: httpx.Client) -> None:
    problem = proxied.get(f"{PREFIX}/v1/forces/nobody").json()
    assert problem["instance"] == f"{PREFIX}/v1/forces/nobody"
    assert proxied.get(problem["type"]).status_code == 200
    assert f"did you mean {PREFIX}/v1/forces?" in proxied.get(f"{PREFIX}/v1/force").json()["detail"]


def test_programs_find_their_way(proxied: httpx.Client) -> None:
    root = f"{str(proxied.base_url).rstrip('/')}{PREFIX}"
    described = proxied.get(f"{PREFIX}/openapi.json").json()
    assert urljoin(f"{root}/openapi.json", described["servers"][0]["url"]) == root
    catalogue = proxied.get(f"{PREFIX}/.well-known/api-catalog").json()["linkset"][1]
    assert catalogue["anchor"] == f"{root}/v1"
    manifest = proxied.get(f"{PREFIX}/v1/reconcile").json()
    assert manifest["identifierSpace"] == f"{root}/v1/reconcile/entities/"
    suggesting = manifest["suggest"]["entity"]
    assert proxied.get(f"{suggesting['service_url']}{suggesting['service_path']}?prefix=bed").status_code == 200
    linked = proxied.get(f"{PREFIX}/v1/exports/register.jsonld").json()
    assert f"{root}/v1/forces/bedfordshire" in str(linked)
    assert f"{PREFIX}{PREFIX}" not in str(linked)


def test_a_file_is_what_its_manifest_says(proxied: httpx.Client) -> None:
    manifest = proxied.get(f"{PREFIX}/v1/exports/register.ndjson/manifest").json()["data"]
    content = proxied.get(manifest["url"]).content
    assert (len(content), sha256(content).hexdigest()) == (manifest["bytes"], manifest["sha256"])
    assert set(re.findall(rb'"url":"(/[a-z]+/)', content)) == {b"/police/"}


def test_a_duplicate_leads_to_what_stays(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("dogs", "alpha"))
    withdraw(database_url, "force:beta", merge_into="force:alpha")
    with serving(database_url, root_path=PREFIX) as service, behind_proxy(service, PREFIX, strips=True) as client:
        merged = client.get(f"{PREFIX}/v1/forces/beta/history?limit=1")
        assert (merged.status_code, merged.headers["location"]) == (308, f"{PREFIX}/v1/forces/alpha/history?limit=1")
        page = client.get(f"{PREFIX}/v1/reconcile/entities/force:beta")
        assert page.headers["location"] == f"{PREFIX}/v1/reconcile/entities/force:alpha"


def test_the_public_address_counts_with_its_path(loaded_url: str) -> None:
    public = "https://registry.example.org/police"
    with serving(loaded_url, public_url=public, contact="https://registry.example.org/contact") as client:
        assert client.get("/openapi.json").json()["servers"] == [{"url": public}]
        assert client.get("/v1/forces?limit=1").json()["links"]["self"] == "/police/v1/forces?limit=1"
        assert client.get("/police/.well-known/api-catalog").json()["linkset"][1]["anchor"] == f"{public}/v1"
        assert f"Canonical: {public}/.well-known/security.txt" in client.get("/.well-known/security.txt").text
        assert (
            "connect-src 'self' https://registry.example.org;" in client.get("/docs").headers["content-security-policy"]
        )


@pytest.mark.parametrize(("trusted", "scheme"), [("127.0.0.1", "https"), ("10.0.0.0/8", "http")])
def test_forwarded_headers_are_believed_of_known_proxies_alone(loaded_url: str, trusted: str, scheme: str) -> None:
    with (
        serving(loaded_url, forwarded_allow_ips=trusted) as service,
        behind_proxy(service, "", strips=True, headers={"X-Forwarded-Proto": "https"}) as client,
    ):
        anchor = client.get("/.well-known/api-catalog").json()["linkset"][1]["anchor"]
        assert anchor.startswith(f"{scheme}://127.0.0.1:")


def test_what_is_no_request_gets_a_problem_with_the_prefix_too(
    loaded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_ROOT_PATH", PREFIX)
    get_settings.cache_clear()
    with (
        serving(loaded_url, root_path=PREFIX) as client,
        socket.create_connection((client.base_url.host, client.base_url.port), timeout=10) as connection,
    ):
        connection.sendall(b"what is this?\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b"")).decode()
    get_settings.cache_clear()
    assert answer.startswith("HTTP/1.1 400 ")
    assert "x-content-type-options: nosniff" in answer
    assert '"type":"/police/problems/bad-request"' in answer


def test_without_a_prefix_nothing_is_touched(client: httpx.Client) -> None:
    assert client.get("/v1/forces/bedfordshire").json()["links"]["self"] == "/v1/forces/bedfordshire"
    assert client.get("/police/v1/forces").status_code == 404


def test_a_prefix_is_whole_steps(loaded_url: str) -> None:
    with serving(loaded_url, root_path=PREFIX) as client:
        assert client.get("/police/healthz").status_code == 200
        assert client.get("/police").text == client.get("/police/").text == client.get("/").text
        for path in ("/policehealthz", "/police-v1/forces"):
            assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("media_type", "content", "expected"),
    [
        ("application/json", b'{"a":"/v1/b","c":["/problems/d"]}', b'{"a":"/p/v1/b","c":["/p/problems/d"]}'),
        ("application/problem+json", b'{"type": "/problems/d"}', b'{"type": "/p/problems/d"}'),
        ("application/json", b'{"note":"see \\"/v1/b\\", or /v1/c"}', b'{"note":"see \\"/v1/b\\", or /v1/c"}'),
        ("application/json", b'{"a":"/v1","b":"/v1?c","d":"/v1x"}', b'{"a":"/p/v1","b":"/p/v1?c","d":"/v1x"}'),
        ("application/json", b'{"a":"/p/v1/b","c":"http://x/v1/d"}', b'{"a":"/p/v1/b","c":"http://x/v1/d"}'),
        ("application/x-ndjson", b'{"a":"/v1/b"}\n', b'{"a":"/p/v1/b"}\n'),
        ("text/csv; charset=utf-8", b'x,/v1/b\r\n/v1/c,"/v1/d?e,f"\r\n', b'x,/p/v1/b\r\n/p/v1/c,"/p/v1/d?e,f"\r\n'),
        ("application/graphml+xml", b"<d>/v1/b</d><d>a /v1/c</d>", b"<d>/p/v1/b</d><d>a /v1/c</d>"),
        ("text/turtle", b"</v1/b>", b"</v1/b>"),
    ],
)
def test_what_is_an_address(media_type: str, content: bytes, expected: bytes) -> None:
    assert prefixed(content, media_type, "/p") == expected
    assert prefixed(expected, media_type, "/p") == expected
    assert prefixed(content, media_type, "") == content

"""With the cache and without it, every read there is answers the same: status, headers and every byte."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.layers import kept_reads
from tests.api.test_every_read import address
from tests.api.test_parameter_examples import READS
from tests.registry_in_use import SOURCE, force, save, serving, unit

OF_THE_MOMENT = {"date", "x-request-id"}
KEPT = [(path, operation) for path, operation in READS if path in set(kept_reads())]
VALUES = {
    "as_of": ["today", "2012", "2013-05-01"],
    "known_at": ["1", "2"],
    "presumed_for": ["P5Y"],
    "limit": ["1", "3"],
    "format": ["json", "csv", "ndjson"],
    "fields": ["id,name", "name"],
    "sort": ["-name", "id"],
    "certainty": ["certain", "possible"],
    "force": ["alpha", "alpha,beta", "all:alpha,beta"],
    "name": ["a", "Dogs"],
    "id": ["alpha", "dogs"],
}
ACCEPTED = [None, "application/json", "text/csv;q=0.5, */*;q=0.1", "application/x-ndjson"]
CODINGS = [None, "gzip", "br, gzip", "zstd;q=0.5, gzip;q=0.4", "identity"]


@pytest.fixture(scope="module")
def both(module_url: str) -> Iterator[tuple[str, httpx.Client, httpx.Client]]:
    """The database, and two services on it: one that keeps answers, and one that keeps none."""
    save(module_url, SOURCE, force("alpha"), force("beta"), force("kent"))
    save(module_url, *(unit(f"unit-{number}", "alpha", "beta", started="2012-04") for number in range(12)))
    with serving(module_url) as cached, serving(module_url, cache_size=0) as plain:
        yield module_url, cached, plain


def ask(client: httpx.Client, path: str, query: str, headers: dict[str, str]) -> Any:
    request = client.build_request("GET", path + query, headers={"host": "registry.example", **headers})
    if "accept-encoding" not in headers:
        del request.headers["accept-encoding"]
    if "accept" not in headers:
        del request.headers["accept"]
    answer = client.send(request, stream=True)
    raw = b"".join(answer.iter_raw())
    headers_said = sorted((name, value) for name, value in answer.headers.multi_items() if name not in OF_THE_MOMENT)
    answer.close()
    if answer.status_code >= 400:  # problems name their request
        return answer.status_code, [item for item in headers_said if item[0] != "content-length"], len(raw)
    return answer.status_code, headers_said, raw


@st.composite
def requests(draw: st.DrawFn, operation: Any, path: str) -> tuple[str, str, dict[str, str]]:
    url, needed = address(path, operation)
    names = [each["name"] for each in operation["parameters"] if each["in"] == "query" and each["name"] in VALUES]
    chosen = draw(st.permutations(names))[: draw(st.integers(0, min(4, len(names))))] if names else []
    pairs = [*needed.items(), *((name, draw(st.sampled_from(VALUES[name]))) for name in chosen if name not in needed)]
    query = urlencode(draw(st.permutations(pairs)))
    headers = {"accept": draw(st.sampled_from(ACCEPTED)), "accept-encoding": draw(st.sampled_from(CODINGS))}
    return url, f"?{query}" if query else "", {name: value for name, value in headers.items() if value}


@pytest.mark.parametrize(("path", "operation"), KEPT, ids=[path for path, _ in KEPT])
def test_the_same_before_and_after_a_write(
    both: tuple[str, httpx.Client, httpx.Client], path: str, operation: Any
) -> None:
    url, cached, plain = both
    asked: list[tuple[str, str, dict[str, str]]] = []

    @settings(max_examples=5, deadline=None, derandomize=True, database=None)
    @given(requests(operation, path))
    def same(request: tuple[str, str, dict[str, str]]) -> None:
        asked.append(request)
        expected = ask(plain, *request)
        assert ask(cached, *request) == expected
        assert ask(cached, *request) == expected
        if tag := dict(expected[1]).get("etag"):
            address, query, headers = request
            known = (address, query, {**headers, "if-none-match": f'"other", {tag}'})
            assert ask(cached, *known) == ask(plain, *known)
            assert ask(cached, *known)[0] == 304

    same()
    save(url, unit(f"unit-{len(asked)}", "alpha", "beta", name=path))
    for request in asked[:6]:
        assert ask(cached, *request) == ask(plain, *request)

"""A register that is read with a key alone: every route below /v1, and no shared cache keeps an answer."""

from collections.abc import Iterator

import httpx
import pytest

from app.api.private_reading import is_data
from app.main import create_app
from app.settings import Settings
from tests.bearers import Headers, bearing, key
from tests.registry_in_use import SOURCE, force, save, serving
from tests.routes import KnownRoute, routes_of

APP = create_app(Settings(database_url="sqlite:///never-opened.db", private=True))
ROUTES = routes_of(APP)
DATA = [route for route in ROUTES if is_data(route.path)]
PAGES = [each for each in ROUTES if each not in DATA and "{digest}" not in each.path and each.method == "GET"]


def named(route: KnownRoute) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def private(module_url: str) -> Iterator[httpx.Client]:
    save(module_url, SOURCE, force("kent"))
    with serving(module_url, private=True, failed_key_rate="10000/second", contact="a@example.org") as client:
        yield client


@pytest.fixture(scope="module")
def reader(module_url: str, private: httpx.Client) -> Headers:
    return bearing(key(module_url, "read"))


def test_the_walk_is_of_the_whole_application() -> None:
    assert (len(DATA) > 150, len(PAGES) > 10) == (True, True)


@pytest.mark.parametrize("route", DATA, ids=named)
def test_nothing_is_told_without_a_key(private: httpx.Client, route: KnownRoute) -> None:
    for headers in ({}, {"Authorization": "Bearer pcr_k-0000000000_no"}):
        answer = private.request(route.method, route.address, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["type"] == "/problems/unauthenticated"
        assert "Authorization" in answer.headers["Vary"]


@pytest.mark.parametrize("route", [each for each in DATA if each.method == "GET"], ids=named)
def test_a_reader_reads(private: httpx.Client, reader: Headers, route: KnownRoute) -> None:
    answer = private.get(route.address, headers=reader)
    if route.scopes <= {"read"}:
        assert answer.status_code < 500
        assert answer.status_code not in (401, 403)
    assert answer.headers["Cache-Control"] in ("private, no-cache", "no-store")
    assert "Authorization" in answer.headers["Vary"]


@pytest.mark.parametrize("route", PAGES, ids=named)
def test_pages_stay_open(private: httpx.Client, route: KnownRoute) -> None:
    assert private.request(route.method, route.address).status_code in (200, 204)


def test_what_shows_records_to_people_is_no_open_page() -> None:
    assert {"/", "/{collection:collection}", "/{collection:collection}/{id}"} <= {route.path for route in DATA}


@pytest.mark.parametrize("method", ["HEAD", "GET"])
@pytest.mark.parametrize("path", ["/v1/forces/", "/v1/forces/kent/", "//v1/forces", "/v1//forces", "/V1/forces"])
def test_no_way_of_writing_a_path_leads_round_it(private: httpx.Client, method: str, path: str) -> None:
    answer = private.request(method, path)
    assert answer.status_code in (401, 404)
    assert b"Kent" not in answer.content


def test_a_known_tag_opens_nothing(private: httpx.Client, reader: Headers) -> None:
    tag = private.get("/v1/forces", headers=reader).headers["ETag"]
    assert private.get("/v1/forces", headers={"If-None-Match": tag}).status_code == 401
    assert private.get("/v1/forces", headers={**reader, "If-None-Match": tag}).status_code == 304


def test_the_description_says_so() -> None:
    assert APP.openapi()["security"] == [{"key": []}]

"""Who may do what: every route, with every kind of caller; and no route that writes can be forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.catalogue import CATALOGUE
from app.main import create_app
from app.settings import Settings
from tests.bearers import Headers, bearing, key
from tests.registry_in_use import SOURCE, force, save, serving
from tests.routes import KnownRoute, dependencies, routes_of

ROUTES = routes_of(create_app(Settings(database_url="sqlite:///never-opened.db")))
WRITES = [route for route in ROUTES if route.writes]
SCOPED = [route for route in ROUTES if route.scopes]
PATHS = frozenset(collection.path for collection in CATALOGUE)
OF_RECORDS = [route for route in WRITES if PATHS.intersection(route.path.split("/")[2:3])]
OPEN_WRITES = frozenset({"/v1/reports", "/sign-in", "/sign-out", "/looks-wrong/{collection:collection}/{id}"})
"""Paths that anyone may write to, by a limit of their own."""
HOLDERS = {
    "read": {"read", "propose", "curate", "approve", "admin"},
    "propose": {"propose", "curate", "admin"},
    "curate": {"curate", "admin"},
    "approve": {"approve", "admin"},
    "admin": {"admin"},
}
"""By scope that a route needs, the keys that have it."""
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
UNTAKEN = {"bad": "pcr_k-0000000000_no", "of another kind": "eyJhbGciOiJub25lIn0.e30.", "empty": ""}


def named(route: KnownRoute) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def asker(module_url: str) -> Iterator[httpx.Client]:
    save(module_url, SOURCE, force("kent"), force("essex"))
    with serving(module_url, write_rate="10000/second", failed_key_rate="10000/second") as client:
        yield client


@pytest.fixture(scope="module")
def callers(module_url: str, asker: httpx.Client) -> dict[str, Headers]:
    found = {scope: bearing(key(module_url, scope)) for scope in HOLDERS}
    found["none"] = {}
    found["expired"] = bearing(key(module_url, "admin", expires=YESTERDAY))
    found["revoked"] = bearing(key(module_url, "admin", revoked=True))
    found |= {name: {"Authorization": f"Bearer {token}".strip()} for name, token in UNTAKEN.items()}
    found["of another scheme"] = {"Authorization": "Basic YTpi"}
    return found


def test_the_matrix_has_every_write() -> None:
    assert len(OF_RECORDS) >= 5 * len(PATHS)
    assert {"/v1/revisions", "/v1/revisions/{id}/revert"} <= {route.path for route in WRITES}


@pytest.mark.parametrize("route", WRITES, ids=named)
def test_a_route_that_writes_names_its_scope(route: KnownRoute) -> None:
    scopes = route.scopes or route.page_scopes
    assert scopes or route.path in OPEN_WRITES, f"{named(route)} can be used by anyone"


@pytest.mark.parametrize("route", OF_RECORDS, ids=named)
def test_records_are_written_by_curators_and_redacted_by_administrators(route: KnownRoute) -> None:
    assert route.scopes == {"admin" if route.path.endswith("/redact") else "curate"}


@pytest.mark.parametrize("route", SCOPED, ids=named)
def test_the_caller_is_looked_at_before_the_body(route: KnownRoute) -> None:
    assert route.dependant is not None
    calls = [each.call for each in dependencies(route.dependant)]
    scope = next(place for place, call in enumerate(calls) if hasattr(call, "scopes"))
    bodies = [place for place, call in enumerate(calls) if "body" in getattr(call, "__name__", "")]
    assert all(scope < place for place in bodies)


@pytest.mark.parametrize("route", SCOPED, ids=named)
def test_each_caller_gets_what_is_due(asker: httpx.Client, callers: dict[str, Headers], route: KnownRoute) -> None:
    due = set().union(*(HOLDERS[scope] for scope in route.scopes))
    for name, headers in callers.items():
        answer = asker.request(route.method, route.address, headers=headers, content=b"{")
        if name not in HOLDERS:
            assert (answer.status_code, "WWW-Authenticate" in answer.headers) == (401, True), name
        elif name not in due:
            assert answer.status_code == 403, name
        else:
            assert answer.status_code not in (401, 403, 429), name
            assert answer.status_code < 500, name


@pytest.mark.parametrize("route", [each for each in ROUTES if each.method == "GET" and not each.scopes], ids=named)
def test_reading_is_for_everyone(asker: httpx.Client, route: KnownRoute) -> None:
    answer = asker.get(route.address)
    assert answer.status_code not in (401, 403, 429)
    assert answer.status_code < 500 or route.path == "/readyz"

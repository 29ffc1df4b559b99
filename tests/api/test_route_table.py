"""A path finds in the table the route that it would find among all."""

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Match, Mount

from app.api.route_table import ANY, Beginning, RouteTable, parted
from app.main import create_app
from app.settings import Settings
from tests.routes import routes_of

STRANGE = (
    "/",
    "//",
    "/v1",
    "/v1/",
    "/v1//",
    "/v1/forces/",
    "/nothing",
    "/v1/nothing/x",
    "/forces",
    "/forces/kent/",
    "/v1/log/",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('routes')}/none.db"))


def found(router: APIRouter, method: str, path: str) -> object:
    """What a router does with a request: the match, and the endpoint that it ends at."""
    for match in (Match.FULL, Match.PARTIAL):
        for route in router.routes:
            scope = {"type": "http", "method": method, "path": path, "headers": []}
            if route.matches(scope)[0] is match:
                inner = getattr(route, "original_router", None)
                return match, [each for each in inner.routes if each.matches(scope)[0] is match][:1] if inner else route
    return None


def test_every_route_is_found(app: FastAPI) -> None:
    table = RouteTable(app.router)
    paths = {route.address for route in routes_of(app)} | set(STRANGE)
    assert len(paths) > 150
    for path in sorted(paths):
        branch = table._branch(path)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            assert found(branch, method, path) == found(app.router, method, path), (method, path)


def test_few_routes_are_tried(app: FastAPI) -> None:
    table = RouteTable(app.router)
    for path, most in (("/v1/joint-units", 8), ("/v1/joint-units/x", 8), ("/v1/nothing", 8), ("/forces/kent", 8)):
        assert len(table._branch(path).routes) <= most < len(app.router.routes) / 5
    for number in range(50):
        table._branch(f"/nothing-{number}/at-all")
        table._branch(f"/v1/nothing-{number}")
    assert len(table._branches) < 6


@pytest.mark.parametrize(
    ("path", "beginning"),
    [
        ("/", ("", "")),
        ("/v1", ("v1", "")),
        ("/v1/forces/{id}", ("v1", "forces")),
        ("/v1/{collection}/{id}/proof", ("v1", None)),
        ("/{collection:collection}/{id}", ANY),
    ],
)
def test_beginnings(path: str, beginning: Beginning) -> None:
    assert Beginning.of(path) == beginning


def test_what_comes_later_is_found_too() -> None:
    router = APIRouter()
    router.add_api_route("/a/b", lambda: "first")
    table = RouteTable(router)
    assert table._branch("/a/c").routes == []
    router.add_api_route("/a/c", lambda: "second")
    router.routes.append(Mount("/mounted", FastAPI()))
    assert table._branch("/a/c").routes == router.routes[1:]
    assert table._branch("/mounted/x/y").routes == router.routes[2:]


def test_a_router_is_parted_in_order() -> None:
    router = APIRouter(tags=["kept"])
    for path in ("/a", "/a/b", "/a/b/{id}", "/c", "/a/b/d"):
        router.add_api_route(path, lambda: None)
    parts = list(parted(router))
    paths = [" ".join(getattr(route, "path", "") for route in part.routes) for part in parts]
    assert paths == ["/a", "/a/b /a/b/{id}", "/c", "/a/b/d"]
    assert all(part.tags == ["kept"] for part in parts)

"""The routes that a path may be meant for, found by its first two steps: to try two hundred takes longer than a read.

The framework tries one route after the other. It still does, and answers as ever (the first that fits is taken, 405
names every method), but tries only those that begin like the path.
"""

from collections.abc import Iterator
from copy import copy
from itertools import groupby
from typing import NamedTuple

from fastapi import APIRouter
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send


class Beginning(NamedTuple):
    """The first two steps of a path: ("v1", "forces"), or ("v1", "") of "/v1"; None: any step."""

    first: str | None
    second: str | None

    @classmethod
    def of(cls, path: str) -> "Beginning":
        """That of a path, or of the template of a route: ("v1", "forces") of "/v1/forces/{id}"."""
        _, first, second, *_ = f"{path}//".split("/", 3)
        if "{" in first:
            return ANY
        return cls(first, None if "{" in second else second)


ANY = Beginning(None, None)


class RouteTable:
    """In the place of a router: hands each request to one with those of its routes that the path may be meant for."""

    def __init__(self, router: APIRouter) -> None:
        self.router = router
        self._beginnings: list[tuple[BaseRoute, set[Beginning]]] = []
        self._known: set[Beginning] = set()
        self._branches: dict[Beginning, APIRouter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope.get("root_path"):
            await self.router.app(scope, receive, send)
            return
        scope.setdefault("router", self.router)
        await self._branch(scope["path"]).app(scope, receive, send)

    def _branch(self, path: str) -> APIRouter:
        if len(self._beginnings) != len(self.router.routes):
            self._learn()
        first, second = Beginning.of(path)
        # one branch for all paths of which no route names the steps, or there could be as many as anyone asks for
        asked = next((each for each in (Beginning(first, second), Beginning(first, None)) if each in self._known), ANY)
        if asked not in self._branches:
            self._branches[asked] = copy(self.router)
            self._branches[asked].routes = [route for route, begin in self._beginnings if begin & _takers(asked)]
        return self._branches[asked]

    def _learn(self) -> None:
        self._beginnings = [(route, _beginnings(route)) for route in self.router.routes]
        named = {each for _, begin in self._beginnings for each in begin}
        self._known = named | {Beginning(each.first, None) for each in named}
        self._branches.clear()


def _takers(asked: Beginning) -> set[Beginning]:
    """How routes begin that a path with this beginning may be meant for."""
    return {asked, Beginning(asked.first, None), ANY}


def _beginnings(route: BaseRoute) -> set[Beginning]:
    """How the paths of a route, or of all routes of a router, begin."""
    routes = getattr(getattr(route, "original_router", None), "routes", [route])
    return {_beginning(each) for each in routes}


def _beginning(route: BaseRoute) -> Beginning:
    # of what is no plain route, such as what is mounted, nothing is said
    return Beginning.of(route.path) if isinstance(route, Route) else ANY


def parted(router: APIRouter) -> Iterator[APIRouter]:
    """A router as several, one for each beginning of paths, with all routes in their order."""
    for _, routes in groupby(router.routes, key=_beginning):
        part = copy(router)
        part.routes = list(routes)
        yield part

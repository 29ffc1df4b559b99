"""Every route of the application, with what it depends on."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

ENDLESS = frozenset({"/v1/changes/events"})
"""Answers that have no end by themselves: tests/log/test_event_streams.py reads them."""
READS_BY_POST = frozenset({"/v1/reconcile"})
"""Paths that are asked by POST and write nothing."""
FILLED = {
    "{id}": "kent",
    "{file}": "register.ndjson",
    "{collection}": "forces",
    "{collection:collection}": "forces",
    "{slug}": "conflict",
    "{name}": "docs.js",
}


class KnownRoute(NamedTuple):
    """A method of a path; its callers need one of `scopes`; none: nothing."""

    method: str
    path: str
    scopes: frozenset[str]
    dependant: Dependant | None

    @property
    def page_scopes(self) -> frozenset[str] | None:
        """What who has signed in needs for what is sent there; None: it is no page of curators."""
        found = [getattr(each.call, "page_scopes", None) for each in dependencies_of(self)]
        return next((frozenset(map(str, each)) for each in found if each is not None), None)

    @property
    def address(self) -> str:
        """A path of this kind."""
        found = self.path
        for name, value in FILLED.items():
            found = found.replace(name, value)
        return found if self.path.count("revisions/") == 0 else found.replace("kent", "1")

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD") and self.path not in READS_BY_POST


def dependencies(dependant: Dependant) -> Iterator[Dependant]:
    """What a route depends on, and what that depends on, in order."""
    for each in dependant.dependencies:
        yield each
        yield from dependencies(each)


def dependencies_of(route: KnownRoute) -> list[Dependant]:
    return list(dependencies(route.dependant)) if route.dependant else []


def scopes_of(dependant: Dependant | None) -> frozenset[str]:
    found = [getattr(each.call, "scopes", ()) for each in dependencies(dependant)] if dependant else []
    return frozenset(map(str, next(filter(None, found), ())))


def routes_of(app: FastAPI) -> list[KnownRoute]:
    found: list[KnownRoute] = []
    for context in iter_route_contexts(app.routes):
        route: Any = context
        for method in sorted(route.methods or ()):
            if method != "HEAD" and route.path not in ENDLESS:
                dependant = getattr(route, "dependant", None)
                found.append(KnownRoute(method, route.path, scopes_of(dependant), dependant))
    return found

"""What a page is asked, and what becomes of a request that cannot be answered with one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, ParamSpec

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from app.api.dependencies import Reads
from app.api.pagination import Step
from app.api.parameters import Parameters, parse
from app.api.prefix import address, prefix_of
from app.api.query_models import ClockQuery
from app.explorer.links import LAPSE, PageLinks, lapse_of
from app.registry.problems import Gone, Merged
from app.registry.serving.statements import Clock

P = ParamSpec("P")
UNSAID = ("presumed_for", LAPSE)
"""What pages add to a question."""


class PageQuery(NamedTuple):
    """What was asked: by the model of the API, and as the reader gave it."""

    query: Any
    given: Parameters

    def step(self, connection: Connection, reader: Reads, request: Request) -> Step[Any]:
        """The page of a walk that is asked for."""
        return reader.walks.step(connection, "/v1" + request.scope["path"], self.query)

    def links(self, request: Request, step: Step[Any] | None = None) -> PageLinks:
        """Where the page leads: a cursor keeps the question, and so the clocks."""
        given = self.given
        if step is not None and "cursor" in given:
            given = {name: value for name, value in step.query.given.items() if (name, value) != UNSAID}
        return PageLinks(prefix_of(request), request.scope["path"], given)


def asked(request: Request, model: type[ClockQuery], *, own: tuple[str, ...] = ()) -> PageQuery:
    """The question of a page: what the API takes there, and a presumption that lapses. Raises Unsupported.

    `own`: parameters that say how the page shows the answer.
    """
    given = parse(request.scope["query_string"], model.names() | set(own))
    dated = not model.naming_days().isdisjoint(given)
    parameters = {name: value for name, value in given.items() if name not in own}
    query = model.of({**parameters, **lapse_of(given, dated=dated)}).asked_by(request)
    return PageQuery(query, given)


def lapsing(when: Clock) -> Clock:
    """The clocks, with a presumption that lapses where no day is asked for: then a page speaks of today."""
    return when if when.days else when._replace(presumed_for=when.presumed_for or LAPSE)


def page(endpoint: Callable[P, Response]) -> Callable[P, Response]:
    """The endpoint of a page: empty fields of a form are taken out, a merged record leads to the one that stays."""

    @wraps(endpoint)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        request: Any = kwargs["request"]
        if (tidy := _tidied(request)) is not None:
            return RedirectResponse(tidy, 303)
        try:
            return endpoint(*args, **kwargs)
        except Merged as error:
            return RedirectResponse(_survivor(request, error.survivor), 308)
        except Gone as error:
            problem: Response = request.app.state.pages.problem(
                request, 410, title="This record was withdrawn", detail=error.detail, tombstone=error.tombstone
            )
            return problem

    return answer


def _tidied(request: Request) -> str | None:
    """The address without what a form left empty, None where there is nothing of the sort."""
    pairs = request.scope["query_string"].split(b"&")
    kept = [pair for pair in pairs if not pair.endswith(b"=")]
    if kept == pairs:
        return None
    query = b"&".join(kept).decode("latin-1")
    return address(request, request.scope["path"]) + (f"?{query}" if query else "")


def _survivor(request: Request, survivor: str) -> str:
    below = "".join(f"/{step}" for step in request.scope["path"].split("/")[3:])
    query = f"?{request.url.query}" if request.url.query else ""
    return address(request, survivor.removeprefix("/v1") + below + query)

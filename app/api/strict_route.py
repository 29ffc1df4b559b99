"""Routes whose query strings are read strictly, before the framework makes a query model of them."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.api.parameters import Parameters, decoded


class StrictRequest(Request):
    """A request whose query string is text throughout, or is refused; nothing of it is lost on the way."""

    @property
    def query_params(self) -> dict[str, list[str]]:  # type: ignore[override]
        """Every parameter with all its values. Raises Unsupported for a broken one.

        Starlette's own reading mends what is broken and keeps the last of several values.
        """
        if not hasattr(self, "_found"):
            self._found = decoded(self.scope["query_string"])
        return self._found

    @property
    def given(self) -> Parameters:
        """The parameters as they were given, in their order: what a link to the same answer says again."""
        return {name: ",".join(values) for name, values in self.query_params.items()}


class StrictRoute(APIRoute):
    """A route of which FastAPI reads the query model from a strict request."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler that FastAPI makes, given a strict request."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly

"""Walks through a list, page by page: the parameters, the clocks and the place, held together by a signed cursor."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection

from app.api import cursor
from app.api.parameters import Parameters, invalid
from app.api.query_models import ClockQuery, PagedQuery
from app.registry.serving.statements import TODAY, Clock, today

WALKED = ("limit", "cursor")
AnyQuery = TypeVar("AnyQuery", bound=ClockQuery)


class Step(NamedTuple, Generic[AnyQuery]):
    """One page of a walk: what is asked, by which clocks, and behind which item."""

    path: str
    query: AnyQuery
    when: Clock
    after: list[Any] | None


class Walks:
    """The walks through the lists of one database; `key` gives its secret."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self.key = key

    def step(self, connection: Connection, path: str, query: AnyQuery) -> Step[AnyQuery]:
        """The page asked for. A cursor pins the question and the revision; only `limit` may change on the way.

        Raises Unsupported for a cursor of another list, or one given with another question.
        """
        text = query.cursor if isinstance(query, PagedQuery) else None
        if text is None:
            return Step(path, query, query.clock(connection), None)
        pinned = cursor.read(self.key(), path, text)
        for name, value in _dated(query.given).items():
            if name not in WALKED and pinned.question.get(name) != value:
                raise invalid(name, "is not what the cursor was made for; leave it out or start again without cursor")
        parameters = pinned.question | {name: value for name, value in query.given.items() if name == "limit"}
        asked = query.going_on(parameters)
        return Step(path, asked, asked.clock(connection, pinned.revision), pinned.after)

    def following(self, step: Step[Any], after: list[Any]) -> str:
        """The address of the page behind the item `after`."""
        pinned = cursor.Cursor(_dated(step.query.given, step.when.as_of), step.when.revision, after)
        return f"{step.path}?cursor={cursor.write(self.key(), step.path, pinned)}"


def _dated(parameters: Parameters, day: str | None = None) -> Parameters:
    """The parameters with the day itself for `as_of=today`: a walk goes on on the day on which it began."""
    if parameters.get("as_of") != TODAY:
        return parameters
    return parameters | {"as_of": day or today()}

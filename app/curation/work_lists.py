"""Lists of what waits for people, newest first and by number, page by page with a signed cursor."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.api import cursor
from app.api.pagination import WALKED
from app.api.parameters import DEFAULT_LIMIT, Parameters, choose, invalid, split
from app.api.query_models import Limit, QueryModel, TextParameter
from app.registry.documents.canonical import Document


class WorkQuery(QueryModel):
    """What is read page by page."""

    limit: Limit = DEFAULT_LIMIT
    """Items on a page."""
    cursor: TextParameter = None
    """Where to go on, from `links.next`."""


AnyWorkQuery = TypeVar("AnyWorkQuery", bound=WorkQuery)


class WorkPage(NamedTuple):
    """One page: the numbers of what stands on it, how many there are in all, and the address of the next page."""

    numbers: list[int]
    total: int
    following: str | None


class WorkAnswer(NamedTuple):
    """One page as it is answered."""

    data: list[Document]
    meta: Document
    following: str | None


class WorkList:
    """One list, at its address; `key` gives the secret with which cursors are signed."""

    def __init__(self, path: str, number: Any, key: Callable[[], bytes]) -> None:
        self.path, self.number, self.key = path, number, key

    def question(self, query: AnyWorkQuery) -> tuple[AnyWorkQuery, int | None]:
        """What is asked, and behind which number. Raises Unsupported for a cursor that was made for something else."""
        if query.cursor is None:
            return query, None
        pinned = cursor.read(self.key(), self.path, query.cursor)
        for name, value in query.given.items():
            if name not in WALKED and pinned.question.get(name) != value:
                raise invalid(name, "is not what the cursor was made for; leave it out or start again without cursor")
        limit = {name: value for name, value in query.given.items() if name == "limit"}
        return type(query).of(pinned.question | limit), int(pinned.after[0])

    def page(self, session: Session, asked: Select[int], query: WorkQuery, behind: int | None) -> WorkPage:
        """The page behind a number."""
        total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
        rest = asked if behind is None else asked.where(self.number < behind)
        numbers = list(session.scalars(rest.order_by(self.number.desc()).limit(query.limit + 1)))
        page = numbers[: query.limit]
        return WorkPage(page, total, self._following(query, page[-1]) if len(numbers) > len(page) else None)

    def _following(self, query: WorkQuery, after: int) -> str:
        question: Parameters = {name: value for name, value in query.given.items() if name != "cursor"}
        return f"{self.path}?cursor={cursor.write(self.key(), self.path, cursor.Cursor(question, 0, [after]))}"


def chosen(name: str, value: str, known: tuple[str, ...]) -> list[str]:
    """The values of a filter. Raises Unsupported for one that is not known."""
    return [choose(name, each, known) for each in split(name, value)]


def is_true(name: str, value: str | None) -> bool:
    """Whether a filter is set. Raises Unsupported for what is neither true nor false."""
    return value is not None and choose(name, value, ("true", "false")) == "true"

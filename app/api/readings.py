"""What a request reads, before it is answered: endpoints make JSON and files of it, and the explorer pages."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.api import list_matches, lists
from app.api.dependencies import Reads
from app.api.list_parameters import chosen_fields
from app.api.list_shapes import selected
from app.api.list_sql import page
from app.api.pagination import Step
from app.api.parameters import Parameters, invalid, limit_of
from app.api.parts import every_page, in_lists, parted
from app.api.query_models import ClockQuery, ListQuery
from app.api.view import PageWanted, Parted, Shown, View, Walked, answered
from app.registry.collection import Catalogue, Collection
from app.registry.documents.canonical import Document
from app.registry.serving.as_of import PartMatch
from app.registry.serving.statements import Clock, Found, find


class ListReading(NamedTuple):
    """A page of a list: the rows that were found, and one more where there is a next page."""

    question: lists.Question
    rows: Sequence[Any]
    matches: Sequence[PartMatch]
    fields: list[str] | None
    total: int | None
    """How many there are in all; None where it is not said."""
    counted: Document
    """What `meta` says of facets."""
    following: str | None
    """The address of the next page."""

    @property
    def when(self) -> Clock:
        """The clocks that applied."""
        return self.question.when

    @property
    def shown(self) -> Sequence[Any]:
        """The rows of the page itself: body, periods, and what they are sorted by."""
        return self.rows[: self.question.limit]


def read_list(
    connection: Connection,
    reader: Reads,
    collection: Collection,
    step: Step[ListQuery],
    *,
    catalogue: Catalogue,
    form: str = "json",
) -> ListReading:
    """The records that match every filter. Raises Unsupported."""
    question = lists.question(collection, step.query, step.when, step.after)
    fields = chosen_fields(collection, step.query.fields)
    found = selected(connection, question)
    rows = page(connection, found)
    matches = list_matches.matches(connection, found)
    total = reader.counts.total(connection, found) if form == "json" and step.query.total else None
    counted = _facets(connection, reader, catalogue, question, text=step.query.facets, form=form)
    following = None
    if len(rows) > question.limit:
        following = reader.walks.following(step, list(rows[question.limit - 1][2:]))
    return ListReading(question, rows, matches, fields, total, counted, following)


def _facets(
    connection: Connection,
    reader: Reads,
    catalogue: Catalogue,
    question: lists.Question,
    *,
    text: str | None,
    form: str,
) -> Document:
    """What `meta` says of facets, if they are asked for. Raises Unsupported."""
    if text is None:
        return {}
    if form != "json":
        raise invalid("facets", "stand in `meta`, which JSON alone has; leave them out, or ask for format=json")
    return {"facets": reader.counts.facets(connection, catalogue, question, text)}


class RecordReading(NamedTuple):
    """One record, and the clocks that applied."""

    found: Found
    when: Clock


def read_record(connection: Connection, collection: Collection, slug: str, query: ClockQuery) -> RecordReading:
    """One record. Raises Unsupported, NotFound, Gone or Merged."""
    when = query.clock(connection)
    return RecordReading(find(connection, collection, slug, when), when)


class ViewReading(NamedTuple):
    """What a view shows: its data, what `meta` says, and where it goes on."""

    found: Shown
    meta: Document
    when: Clock
    following: str | None
    paged: bool


def read_view(
    connection: Connection,
    reader: Reads,
    view: View,
    step: Step[Any],
    *,
    slugs: dict[str, Any],
    form: str = "json",
    encoded: bool = False,
) -> ViewReading:
    """What a view answers; `slugs`: the parameters in its path. Raises Unsupported, NotFound, Gone or Merged.

    `encoded`: nothing but JSON is made of the data, so that lists may be JSON already.
    """
    parameters = step.query.given
    limit = limit_of(parameters, view.page)
    # the other forms hold everything, unless a limit is given
    paged = view.paged and (form == "json" or "limit" in parameters)
    start = step.after[0] if step.after else 0
    page_of = slice(start, start + limit) if paged else slice(None)
    found = answered(view, connection, {**parameters, **slugs}, step.when, page_of)
    meta: Document = {**step.when.meta, **found.meta}
    if view.parts:
        whole = found.data if isinstance(found.data, Parted) else in_lists(view, found.data)
        data, parts = parted(view, whole, step, reader.walks, encoded=encoded)
        found, meta = found._replace(data=data), {**meta, "parts": parts}
    following = None
    if isinstance(found.data, Walked):
        if not paged:
            every = _every(reader, view, {**parameters, **slugs}, step.when)
            return ViewReading(found._replace(data=every), meta, step.when, None, paged)
        made = found.data.make(PageWanted(step.after, limit))
        found, meta["total"] = found._replace(data=made.items), found.total
        following = reader.walks.following(step, made.following) if made.following else None
    elif paged:
        meta["total"] = found.total
        following = reader.walks.following(step, [start + limit]) if found.total > start + limit else None
    return ViewReading(found, meta, step.when, following, paged)


def _every(reader: Reads, view: View, parameters: Parameters, when: Clock) -> Iterator[Document]:
    """All objects, a page at a time, read while they are written."""
    with reader.connection() as connection:
        data = view.answer(connection, parameters, when)
        if isinstance(data, Walked):
            for page in every_page(data.make):
                yield from page

"""The page of what changed, newest first, revision by revision and in words."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from fastapi import Request, Response

from app.api.dependencies import ReadAccess
from app.catalogue import CATALOGUE
from app.explorer.rendering import Pages
from app.explorer.requests import asked, page
from app.log.change_entries import latest
from app.log.change_filters import ChangeFilter
from app.log.change_queries import ChangesQuery
from app.log.changes import page_behind
from app.log.cursors import LogCursor
from app.registry.documents.canonical import Document

MOST_SHOWN = 12
"""Records of one revision that are named; the revision's own page has all of them."""


class RecentRevision(NamedTuple):
    """A revision, what it changed of what is asked for, and how many records it changed in all."""

    number: int
    recorded: str
    actor: str
    reason: str
    entries: Sequence[Document]
    more: int


def by_revision(entries: Iterable[Document]) -> list[RecentRevision]:
    """The entries of the log, those of one revision together."""
    found = []
    for number, group in groupby(entries, lambda entry: entry["revision"]):
        own = list(group)
        first = own[0]
        shown = sorted(own, key=lambda entry: entry["place"])[:MOST_SHOWN]
        told = (first["recorded"], first["actor"], first["reason"])
        found.append(RecentRevision(number, *told, shown, first["of"] - len(shown)))
    return found


def recent(pages: Pages) -> Callable[..., Response]:
    """The endpoint of the page; behind `after` it shows the oldest first, as the API does."""

    @page
    def changes(request: Request, reader: ReadAccess) -> Response:
        query = asked(request, ChangesQuery)
        with reader.connection() as connection:
            when = query.query.clock(connection)
            wanted, limit = ChangeFilter.of(connection, query.given), query.query.limit
            if after := query.query.after:
                found = page_behind(connection, wanted, LogCursor.parse(after), when, limit)
            else:
                found = latest(connection, wanted, when.revision, limit)
        revisions = by_revision(found.entries)
        oldest = revisions[-1].number if revisions else 1
        context = {
            "revisions": revisions,
            "kinds": {collection.path: collection.type for collection in CATALOGUE},
            "filtered": not wanted.lets_all_through,
            "following": str(found.bookmark) if after and found.more else None,
            "earlier": oldest - 1 if not after and oldest > 1 else None,
        }
        return pages.answered(request, "changes.html", query.links(request), when, **context)

    return changes

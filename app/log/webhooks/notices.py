"""What a subscriber is told: that a revision changed something, what of, and where to read it; never the data."""

from typing import NamedTuple

import orjson
from sqlalchemy import Connection

from app.api.parameters import query_of
from app.log.change_entries import following
from app.log.change_filters import ChangeFilter
from app.log.cursors import LogCursor, end_of
from app.registry.documents.canonical import Document

EVENT = "register.changed"
MOST_CHANGES = 100
"""Changes that are named in a notice; of a larger revision the rest is where its address leads."""


class Notice(NamedTuple):
    """What is posted of one revision, the same bytes each time; without body, nothing in it is asked for."""

    revision: int
    body: bytes | None
    cursor: str = ""
    """The place behind the revision, with the beginning of its digest: after a fork, another one has its number."""


class Telling(NamedTuple):
    """What a subscriber asks for, and how far it is: the revision last told, and the span to look through."""

    filters: dict[str, str]
    told: int
    position: int
    until: int


def next_notice(connection: Connection, asked: Telling, base: str) -> Notice:
    """The notice of the first revision in the span that changed what is asked for. Raises Unsupported.

    It is the same whenever it is made, and whoever makes it.
    """
    wanted = ChangeFilter.of(connection, asked.filters)
    found = following(connection, wanted, LogCursor(asked.position), asked.until, 1).entries
    if not found:
        return Notice(asked.until, None)
    number = found[0]["revision"]
    page = following(connection, wanted, LogCursor(number - 1), number, MOST_CHANGES)
    body = orjson.dumps(_payload(page.entries, asked, base, complete=not page.more))
    return Notice(number, body, str(end_of(connection, number)))


def _payload(entries: list[Document], asked: Telling, base: str, *, complete: bool) -> Document:
    changes = [
        {
            "record": {"type": entry["record"]["type"], "id": entry["record"]["id"]},
            "change": entry["change"],
            "url": base + entry["record"]["url"],
        }
        for entry in entries
    ]
    data = {
        "revision": entries[0]["revision"],
        "after": asked.told,
        "changes": changes,
        "complete": complete,
        "url": f"{base}/v1/changes{query_of({**asked.filters, 'after': str(asked.told)})}",
    }
    return {"type": EVENT, "timestamp": entries[0]["recorded"], "data": data}

"""Cursors of the log: a place in it, with the first digits of its revision's digest: `1050.ab12cd34`.

So a reader who comes from another history, that of a backup or of a copy that fell behind, is told so.
"""

import re
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.registry.documents.canonical import Document
from app.registry.problems import Fault, Refused, Unsupported
from app.registry.records import Revision
from app.registry.writing.successions import successions

DIGITS = 8
"""Of a digest, so many stand in a cursor."""
QUERY, HEADER = "query/after", "header/Last-Event-ID"
_FORM = re.compile(r"(0|[1-9][0-9]{0,8})(?:\.([0-9a-f]{8})(?:\.([1-9][0-9]{0,8}))?)?")


class LogCursor(NamedTuple):
    """Behind the entry at `place` of a revision; without `place`, behind all of it. Revision 0 is before all."""

    revision: int
    digest: str | None = None
    """The first digits of the revision's digest; None: the number alone is known."""
    place: int | None = None

    @classmethod
    def parse(cls, text: str, where: str = QUERY) -> "LogCursor":
        """The cursor that a text is. Raises Unsupported for what is none."""
        found = _FORM.fullmatch(text)
        if not found or (found[1] == "0" and found[2]):
            message = "is neither the number of a revision nor a cursor as answers have them: 1050 or 1050.ab12cd34"
            raise Unsupported("invalid-parameter", f"{where.partition('/')[2]} {message}", (Fault(where, message),))
        return cls(int(found[1]), found[2], int(found[3]) if found[3] else None)

    def __str__(self) -> str:
        parts = [str(self.revision), self.digest, None if self.place is None else str(self.place)]
        return ".".join(part for part in parts if part)


START = LogCursor(0)
"""Before all there is."""


class LogHead(NamedTuple):
    """A revision, as far as a follower must know it."""

    number: int
    recorded: str
    digest: str

    @property
    def cursor(self) -> LogCursor:
        """The place behind all of the revision."""
        return LogCursor(self.number, self.digest[:DIGITS])


_HEADS = select(Revision.number, Revision.recorded, Revision.digest)


def newest_head(connection: Connection) -> LogHead | None:
    """The newest revision, None before the first."""
    row = connection.execute(_HEADS.order_by(Revision.number.desc()).limit(1)).first()
    return LogHead(*row) if row else None


def end_of(connection: Connection, number: int) -> LogCursor:
    """The place behind all of a revision that there is; of 0, the start."""
    row = connection.execute(_HEADS.where(Revision.number == number)).first()
    return LogHead(*row).cursor if row else START


def refuse_other_history(connection: Connection, cursor: LogCursor, where: str = QUERY) -> None:
    """Raise Refused where the cursor is of no revision that there is: never an empty answer, which says "no news"."""
    if cursor.revision == 0:
        return
    row = connection.execute(_HEADS.where(Revision.number == cursor.revision)).first()
    if row is None:
        raise _forked(connection, cursor, f"there is no revision {cursor.revision} here", where)
    if cursor.digest and not row.digest.startswith(cursor.digest):
        raise _forked(connection, cursor, f"revision {cursor.revision} has another digest than {cursor.digest}…", where)


def _forked(connection: Connection, cursor: LogCursor, reason: str, where: str) -> Refused:
    head = newest_head(connection)
    newest = str(head.cursor if head else START)
    last = next(reversed(successions(connection)), None)
    more: Document = {"newest": newest, "succession": last.document if last else None}
    if last and last.revision <= cursor.revision + 1:
        detail = (
            f"{reason}; the newest is {newest}. The log goes on as {last.said.origin} since revision {last.revision}, "
            f"without what was lost ({last.said.why}): take back what you have from revisions later than "
            f"{last.revision - 1}, ask from there, and if that is another too, read everything anew"
        )
        return Refused("history-forked", detail, (Fault(where, reason),), more=more)
    detail = (
        f"{reason}; the newest is {newest}. The registry was restored from a backup, or this copy of it is behind: try "
        "again in a minute; if it is the same then, drop what you have from later revisions, or read everything anew"
    )
    return Refused("history-forked", detail, (Fault(where, reason),), more=more)

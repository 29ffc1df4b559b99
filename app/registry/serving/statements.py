"""Reads: both clocks, and the statements that every read is made of. Columns and documents, never ORM objects."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, select

from app.prepared_statements import PreparedStatement
from app.registry.clocks import held_on, own_period, recorded_at
from app.registry.collection import Collection
from app.registry.dates import Span, UnsupportedDateError, parse_as_of
from app.registry.documents.canonical import Document
from app.registry.documents.values import SLUG
from app.registry.lapse import Lapse, UnsupportedPeriodError
from app.registry.problems import Behind, Fault, Gone, Merged, MissingRecord, NotFound, Refused, Unsupported
from app.registry.records import Answer, PeriodRow, Record, Revision, Version
from app.registry.redactions import redaction_of
from app.registry.serving.as_of import PartMatch, at
from app.registry.serving.moments import moment, unknown
from app.registry.serving.newest_revision import NEWEST, newest_revision

BATCH = 500
TODAY = "today"
"""What `as_of` may say for the day of the request."""
_REVISION = re.compile(r"[0-9]{1,9}")
_SHOWN = ',"revision":'
_NO_REVISION = datetime(1980, 1, 1, tzinfo=UTC)
"""The time of files while the registry is empty: the earliest that an archive can hold."""


class Clock(NamedTuple):
    """Which clocks apply to a read: the revision that is asked, and the days in the world, if any."""

    revision: int
    recorded: str | None
    as_of: str | None
    days: Span | None
    presumed_for: str | None = None
    """How long a presumption lasts, as it was asked; None: it never lapses."""
    redacted: int = 0
    """The newest revision that redacted anything: what was kept of an answer before that is not it any more."""

    @property
    def recorded_time(self) -> datetime:
        """When the revision was recorded: the time of every file of it, the same whenever it is asked for."""
        return datetime.fromisoformat(self.recorded) if self.recorded else _NO_REVISION

    @property
    def lapse(self) -> Lapse | None:
        """How long a presumption lasts."""
        return Lapse.parse(self.presumed_for) if self.presumed_for else None

    @property
    def meta(self) -> Document:
        """What an answer says of its clocks."""
        known = {"revision": self.revision, "recorded": self.recorded} if self.revision else None
        lasting = {"presumed_for": self.presumed_for} if self.presumed_for else {}
        return {"as_of": self.as_of, **lasting, "known_at": known}

    @property
    def named(self) -> str:
        """The days asked for, as the name of a file has them: "-as-of-2012-presumed-for-P5Y"."""
        asked = {"as-of": self.as_of, "presumed-for": self.presumed_for}
        return "".join(f"-{name}-{value}" for name, value in asked.items() if value)

    @property
    def pinned(self) -> dict[str, str]:
        """The parameters that ask for this revision and these days again, whenever that is."""
        known = str(self.revision) if self.revision else None
        clocks = {"as_of": self.as_of, "presumed_for": self.presumed_for, "known_at": known}
        return {name: value for name, value in clocks.items() if value}


def clock(
    connection: Connection,
    known_at: str | None = None,
    as_of: str | None = None,
    presumed_for: str | None = None,
    *,
    dated: bool = False,
    reached: int = 0,
) -> Clock:
    """Read both clocks; `dated`: other parameters name the days, so that presumptions can lapse without `as_of`.

    Raises Unsupported for a time that is none, or that the registry cannot answer for, Stale, and Behind where the
    registry has not `reached` that revision.
    """
    as_of = today() if as_of == TODAY else as_of
    lapse = _lapse(presumed_for, dated=dated or as_of is not None)
    days = _days(as_of, lapse)
    newest = newest_revision(connection)
    if reached > (newest.number if newest else 0):
        raise Behind(f"revision {reached} is asked for; the newest here is {newest.number if newest else 0}")
    if known_at is None:
        number, recorded = (newest.number, newest.recorded) if newest else (0, None)
    elif newest is None:
        raise unknown("the registry is empty: it has no revision yet")
    else:
        number, recorded = _known(connection, known_at, newest.number)
    return Clock(number, recorded, as_of, days, presumed_for, newest.redacted if newest else 0)


def _known(connection: Connection, known_at: str, newest: int) -> tuple[int, str]:
    """Number and time of the revision that `known_at` names. Raises Unsupported."""
    if _REVISION.fullmatch(known_at):
        asked, missing = Revision.number == int(known_at), f"there is no revision {known_at}; the newest is {newest}"
    else:
        time = moment(known_at)
        asked, missing = Revision.recorded <= time, "that is before the first revision"
    found = connection.execute(NEWEST.where(asked, Revision.number <= newest)).first()
    if not found:
        raise unknown(missing)
    return found[0], found[1]


def today() -> str:
    """The day it is, in UTC: the same whatever zone a server is set to."""
    return datetime.now(UTC).date().isoformat()


def _lapse(presumed_for: str | None, *, dated: bool) -> Lapse | None:
    """How long a presumption lasts. Raises Unsupported where no day is asked for."""
    if presumed_for is None:
        return None
    if not dated:
        raise _unsupported("presumed_for", "needs as_of: presence is asked of a day", "invalid-parameter")
    try:
        return Lapse.parse(presumed_for)
    except UnsupportedPeriodError as error:
        raise _unsupported("presumed_for", str(error), "invalid-parameter") from error


def _days(as_of: str | None, lapse: Lapse | None) -> Span | None:
    """The days asked for. Raises Unsupported."""
    if as_of is None:
        return None
    try:
        days = parse_as_of(as_of)
    except UnsupportedDateError as error:
        raise _unsupported("as_of", str(error), "unsupported-date") from error
    return lapse.asked_of(days) if lapse else days


def _unsupported(name: str, detail: str, slug: str) -> Unsupported:
    return Unsupported(slug, detail, (Fault(f"query/{name}", detail),))


_ONE = PreparedStatement(
    select(Record.pk, Record.withdrawn, Record.merged_into, Answer.body, Answer.periods)
    .outerjoin(Answer, and_(Answer.record_pk == Record.pk, recorded_at(Answer, bindparam("revision"))))
    .where(Record.collection == bindparam("collection"), Record.id == bindparam("id"))
)


class Found(NamedTuple):
    """A record as the registry served it at a revision."""

    pk: int
    body: str
    periods: str

    @property
    def revision(self) -> int:
        """The revision that wrote what is shown."""
        # in a text, the quotation marks would have a backslash before them
        start = self.body.index(_SHOWN) + len(_SHOWN)
        return int(self.body[start : self.body.index(",", start)])


def find(connection: Connection, collection: Collection, slug: str, when: Clock) -> Found:
    """The answer for a record. Raises NotFound, Gone or Merged, and Refused where what it said then is redacted."""
    asked = {"collection": collection.type, "id": slug, "revision": when.revision}
    rows = _ONE.rows(connection, **asked) if SLUG.fullmatch(slug) else []
    if not rows:
        raise NotFound(
            f"there is no {collection.type} '{slug[:120]}'", missing=MissingRecord(slug[:120], (collection.type,))
        )
    pk, withdrawn, merged_into, body, periods = rows[0]
    if body is not None:
        return Found(pk, body, periods)
    if redaction := redaction_of(connection, pk, when.revision):
        raise Refused(
            "redacted", f"what the {collection.type} '{slug}' said is redacted", more={"redaction": redaction}
        )
    if withdrawn is None or withdrawn > when.revision:
        raise NotFound(f"the {collection.type} '{slug}' was not recorded yet at revision {when.revision}")
    if merged_into is not None:
        survivor = connection.execute(select(Record.id).where(Record.pk == merged_into)).scalar_one()
        raise Merged(f"'{slug}' is a duplicate of '{survivor}'", f"/v1/{collection.path}/{survivor}")
    raise Gone(f"the {collection.type} '{slug}' was withdrawn", _tombstone(connection, collection, slug, withdrawn))


def _tombstone(connection: Connection, collection: Collection, slug: str, number: int) -> dict[str, object]:
    by = connection.execute(
        select(Revision.recorded, Revision.actor, Revision.reason).where(Revision.number == number)
    ).one()
    return {"type": collection.type, "id": slug, "revision": number, **by._mapping}


def shown(collection: Collection, body: str, periods: str, when: Clock, matches: Sequence[PartMatch] = ()) -> str:
    """The answer on the days asked for, as JSON; without `as_of`, the stored text as it is."""
    return at(collection, body, periods, when.days, matches) if when.days else body


def batch(connection: Connection, collection: Collection, when: Clock, after: str = "") -> list[tuple[str, str]]:
    """The next documents of a collection, those that were absent left out: id and answer, at most BATCH, by id."""
    asked = (
        select(Version.record_id, Answer.body, Answer.periods)
        .join(Answer, and_(Answer.record_pk == Version.record_pk, recorded_at(Answer, when.revision)))
        .where(Version.collection == collection.type, recorded_at(Version, when.revision), Version.record_id > after)
        .order_by(Version.record_id)
        .limit(BATCH)
    )
    if when.days:
        asked = asked.join(PeriodRow, own_period(Version.record_pk, when.revision)).where(held_on(PeriodRow, when.days))
    return [(slug, shown(collection, body, periods, when)) for slug, body, periods in connection.execute(asked)]

"""The digest chain over revisions: what each wrote, hashed together with the digest of the one before.

The digest of a revision is the SHA-256 of its head (`app.registry.writing.revision_heads`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement, write_rows
from app.registry.problems import RuleBroken
from app.registry.records import Revision, rows_of
from app.registry.writing.revision_heads import changes_in_form_1, changes_in_form_2, head

CLOCK_SKEW = timedelta(hours=1)
"""By how much the clocks of machines that write may differ."""


def newest(session: Session) -> Revision | None:
    """The newest revision, None before the first."""
    rows = _NEWEST.rows(session.connection())
    return Revision(**dict(zip(COLUMNS, rows[0], strict=True))) if rows else None


def begin(session: Session, revision: Revision) -> None:
    """Write the row of a revision."""
    write_rows(session.connection(), "revision", COLUMNS, [tuple(getattr(revision, name) for name in COLUMNS)])


def complete(session: Session, revision: Revision) -> None:
    """Write into the row of a revision what is known once all is written."""
    known = {"time": revision.recorded, "root": revision.changes, "hashed": revision.digest}
    _COMPLETE.run(session.connection(), its_number=revision.number, **known)


COLUMNS = ("number", "recorded", "actor", "reason", "digest", "previous", "salt", "changes")
_NEWEST = PreparedStatement(
    select(*(getattr(Revision, name) for name in COLUMNS)).order_by(Revision.number.desc()).limit(1)
)
_COMPLETE = PreparedStatement(
    update(rows_of(Revision))
    .where(Revision.number == bindparam("its_number"))
    .values(recorded=bindparam("time"), changes=bindparam("root"), digest=bindparam("hashed"))
)


def refuse_future(last: Revision | None) -> None:
    """Raise RuleBroken where the newest revision is of a time that is far from having come.

    One of the two clocks is wrong, that of now or that of then: to go on would date everything until then by a
    microsecond after it, and `known_at` could not be asked for that time.
    """
    if last and is_future(last):
        raise RuleBroken(f"{clocks(last)}: set the clock right; nothing was written")


def is_future(revision: Revision) -> bool:
    """Whether the revision is of a time that has not come, by more than clocks may differ."""
    return datetime.fromisoformat(revision.recorded) > datetime.now(UTC) + CLOCK_SKEW


def clocks(revision: Revision) -> str:
    """When the revision was recorded, and what time it is now."""
    now = datetime.now(UTC)
    return (
        f"revision {revision.number} was recorded at {revision.recorded}, and by this machine's clock it is "
        f"{now:%Y-%m-%dT%H:%M:%SZ}"
    )


def timestamp(after: str | None) -> str:
    """Now, as revisions have it; always later than `after`, whatever the clock does."""
    now = datetime.now(UTC)
    if after:
        now = max(now, datetime.fromisoformat(after) + timedelta(microseconds=1))
    return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def changes(session: Session, revision: Revision) -> str:
    """The hash of what the revision wrote, recomputed from the versions, in the form of its head."""
    form = changes_in_form_1 if revision.salt is None else changes_in_form_2
    return form(session.connection(), revision.number)


def digest(revision: Revision, written: str) -> str:
    """The digest of a revision that wrote `written`."""
    return sha256(head(revision, written)).hexdigest()


def breaks(session: Session, first: int = 1) -> Iterator[str]:
    """Recompute the chain from the revision `first` on; yields a sentence for every revision that does not fit."""
    previous, expected = session.scalar(select(Revision.digest).where(Revision.number == first - 1)), first
    for revision in session.scalars(select(Revision).where(Revision.number >= first).order_by(Revision.number)):
        if revision.number != expected:
            yield f"revision {expected} is missing"
        if revision.previous != previous:
            yield f"revision {revision.number} does not follow the digest of the one before"
        if not _fits(session, revision):
            yield f"revision {revision.number} does not have the digest of what it wrote"
        previous, expected = revision.digest, revision.number + 1


def _fits(session: Session, revision: Revision) -> bool:
    written = changes(session, revision)
    # form 1 keeps no hash of what was written beside the digest
    kept = written if revision.salt is None else revision.changes
    return kept == written and digest(revision, written) == revision.digest

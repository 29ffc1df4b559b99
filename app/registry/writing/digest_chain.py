"""The digest chain over revisions: what each wrote, hashed together with the digest of the one before.

Digest of a revision: SHA-256 of the canonical JSON of `{actor, changes, number, previous, reason, recorded}`, where
`changes` is the SHA-256 of one line per change in the order of collection and id: `collection/id` and the SHA-256 of
the version's document, or the word `withdrawn`, with the survivor's `collection/id` behind it after a merge.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from app.registry.documents.canonical import canonical_json
from app.registry.problems import RuleBroken
from app.registry.records import Record, Revision, Version

CLOCK_SKEW = timedelta(hours=1)
"""By how much the clocks of machines that write may differ."""


def newest(session: Session) -> Revision | None:
    """The newest revision, None before the first."""
    return session.scalars(select(Revision).order_by(Revision.number.desc()).limit(1)).first()


def refuse_future(head: Revision | None) -> None:
    """Raise RuleBroken where the newest revision is of a time that is far from having come.

    One of the two clocks is wrong, that of now or that of then: to go on would date everything until then by a
    microsecond after it, and `known_at` could not be asked for that time.
    """
    if head and is_future(head):
        raise RuleBroken(f"{clocks(head)}: set the clock right; nothing was written")


def is_future(head: Revision) -> bool:
    """Whether the revision is of a time that has not come, by more than clocks may differ."""
    return datetime.fromisoformat(head.recorded) > datetime.now(UTC) + CLOCK_SKEW


def clocks(head: Revision) -> str:
    """When the revision was recorded, and what time it is now."""
    now = datetime.now(UTC)
    return (
        f"revision {head.number} was recorded at {head.recorded}, and by this machine's clock it is "
        f"{now:%Y-%m-%dT%H:%M:%SZ}"
    )


def timestamp(after: str | None) -> str:
    """Now, as revisions have it; always later than `after`, whatever the clock does."""
    now = datetime.now(UTC)
    if after:
        now = max(now, datetime.fromisoformat(after) + timedelta(microseconds=1))
    return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def changes(session: Session, number: int) -> str:
    """The digest of what the revision wrote, recomputed from the versions."""
    total = sha256()
    for line in _lines(session, number):
        total.update(line.encode())
    return total.hexdigest()


def _lines(session: Session, number: int) -> Iterator[str]:
    connection = session.connection()
    for collection, slug, document in connection.execute(_WRITTEN, {"number": number}):
        yield f"{collection}/{slug} {sha256(document.encode()).hexdigest()}\n"
    for collection, slug, into, into_slug in connection.execute(_WITHDRAWN, {"number": number}):
        yield f"{collection}/{slug} withdrawn" + (f" {into}/{into_slug}\n" if into else "\n")


_WRITTEN = (
    select(Version.collection, Version.record_id, Version.document)
    .where(Version.recorded_from == bindparam("number"))
    .order_by(Version.collection, Version.record_id)
    .execution_options(yield_per=1000)
)
_SURVIVOR = aliased(Record)
_WITHDRAWN = (
    select(Record.collection, Record.id, _SURVIVOR.collection, _SURVIVOR.id)
    .outerjoin(_SURVIVOR, Record.merged_into == _SURVIVOR.pk)
    .where(Record.withdrawn == bindparam("number"))
    .order_by(Record.collection, Record.id)
)


def digest(revision: Revision, written: str) -> str:
    """The digest of a revision that wrote `written`."""
    head = {
        "number": revision.number,
        "recorded": revision.recorded,
        "actor": revision.actor,
        "reason": revision.reason,
        "previous": revision.previous,
        "changes": written,
    }
    return sha256(canonical_json(head)).hexdigest()


def breaks(session: Session, first: int = 1) -> Iterator[str]:
    """Recompute the chain from the revision `first` on; yields a sentence for every revision that does not fit."""
    previous, expected = session.scalar(select(Revision.digest).where(Revision.number == first - 1)), first
    for revision in session.scalars(select(Revision).where(Revision.number >= first).order_by(Revision.number)):
        if revision.number != expected:
            yield f"revision {expected} is missing"
        if revision.previous != previous:
            yield f"revision {revision.number} does not follow the digest of the one before"
        if digest(revision, changes(session, revision.number)) != revision.digest:
            yield f"revision {revision.number} does not have the digest of what it wrote"
        previous, expected = revision.digest, revision.number + 1

"""Records and their versions against each other, and against the revisions: who wrote what, and until when it held."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.registry.records import Record, Revision, Version
from app.registry.redactions import RedactedVersion
from app.registry.verification.discrepancy import Discrepancy
from app.registry.writing.successions import successions


def log_differences(session: Session) -> Iterator[Discrepancy]:
    """Versions that no revision wrote, or that were superseded by another than the next; records without versions."""
    revisions = set(session.scalars(select(Revision.number)))
    wrote: set[int] = set()
    versions: dict[int, list[Any]] = defaultdict(list)
    asked = select(Version.record_pk, Version.record_id, Version.collection, Version.recorded_from, Version.recorded_to)
    for row in session.execute(asked.order_by(Version.record_pk, Version.recorded_from)):
        versions[row.record_pk].append(row)
        wrote.add(row.recorded_from)
    for gone in session.execute(select(*RedactedVersion.__table__.c)):
        versions[gone.record_pk].append(gone)
        wrote |= {gone.recorded_from, gone.redacted}
        if gone.redacted not in revisions:
            sentence = f"was redacted by revision {gone.redacted}, which is missing"
            yield Discrepancy(f"{gone.collection}:{gone.record_id}", sentence)
    for each in versions.values():
        each.sort(key=lambda version: version.recorded_from)
    records = {row.pk: row for row in session.execute(select(*Record.__table__.columns))}
    for pk, record in records.items():
        wrote.add(record.withdrawn)
        for sentence in _faults(record, versions[pk], revisions, records.keys()):
            yield Discrepancy(f"{record.collection}:{record.id}", sentence)
    for pk in versions.keys() - records.keys():
        row = versions[pk][0]
        yield Discrepancy(f"{row.collection}:{row.record_id}", f"is a version of record {pk}, which is missing")
    # a log that goes on under a new name says so in a revision of its own
    wrote.update(each.revision for each in successions(session.connection()))
    for number in sorted(revisions - wrote):
        yield Discrepancy(None, f"revision {number} wrote nothing")


def _faults(record: Any, versions: Sequence[Any], revisions: set[int], pks: Any) -> Iterator[str]:
    if not versions:
        yield "has no version"
        return
    if record.withdrawn is not None and record.withdrawn not in revisions:
        yield f"was withdrawn by revision {record.withdrawn}, which is missing"
    if record.merged_into is not None and record.merged_into not in pks:
        yield f"was merged into record {record.merged_into}, which is missing"
    for version in versions:
        if (version.collection, version.record_id) != (record.collection, record.id):
            yield f"has a version of {version.collection}:{version.record_id}"
        if version.recorded_from not in revisions:
            yield f"was written by revision {version.recorded_from}, which is missing"
    yield from _out_of_order(record, versions)


def _out_of_order(record: Any, versions: Sequence[Any]) -> Iterator[str]:
    for version, following in pairwise(versions):
        if version.recorded_from == following.recorded_from:
            yield f"was written twice by revision {version.recorded_from}"
    ends = [*(following.recorded_from for following in versions[1:]), record.withdrawn]
    for version, end in zip(versions, ends, strict=True):
        if version.recorded_to != end:
            yield (
                f"what revision {version.recorded_from} wrote was superseded by {_revision(end)}, "
                f"and is said to have been by {_revision(version.recorded_to)}"
            )


def _revision(number: int | None) -> str:
    return "no revision" if number is None else f"revision {number}"

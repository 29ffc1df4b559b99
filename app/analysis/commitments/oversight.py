"""Which bodies govern or oversee a collaboration, on a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from app.reads import snapshots
from app.reads.snapshots import RecordSnapshot, days_asked, target_of, with_presence
from app.registry.documents.canonical import Document
from app.registry.presence import Period, Presence
from app.registry.serving.statements import Clock


def overseen(entry: RecordSnapshot) -> dict[str, Document]:
    """What a body that oversees the record may name: itself, the unit's alliance, what the agreement covers."""
    found = [entry.reference, *entry.answer.get("covers", [])]
    if entry.answer.get("alliance"):
        found.append(entry.answer["alliance"])
    return {target_of(reference): reference for reference in found}


def bodies(connection: Connection, entries: Sequence[RecordSnapshot], when: Clock) -> dict[str, list[Document]]:
    """The bodies of each record, by "type:id"."""
    subjects = {entry.target: overseen(entry) for entry in entries}
    keys = snapshots.keys(connection, (target for found in subjects.values() for target in found))
    arrows = snapshots.pointing(connection, when, keys.values(), ["governance-body.oversees"])
    named = snapshots.keys(connection, (target_of(body) for entry in entries for body in _governance(entry)))
    known = snapshots.of_pks(connection, when, [*named.values(), *(arrow.record_pk for arrow in arrows)])
    by_subject: dict[str, list[tuple[RecordSnapshot, Document, Period]]] = defaultdict(list)
    for body in known:
        for part, period in body.parts("oversees"):
            by_subject[target_of(part["subject"])].append((body, part, period))
    by_target = {body.target: body for body in known}
    return {entry.target: list(_of(entry, subjects[entry.target], by_subject, by_target, when)) for entry in entries}


def _governance(entry: RecordSnapshot) -> list[Document]:
    found: list[Document] = entry.answer.get("governance", [])
    return found


def _of(
    entry: RecordSnapshot,
    subjects: dict[str, Document],
    by_subject: dict[str, list[tuple[RecordSnapshot, Document, Period]]],
    by_target: dict[str, RecordSnapshot],
    when: Clock,
) -> Iterable[Document]:
    for target, subject in subjects.items():
        for body, part, period in by_subject.get(target, ()):
            presence = period.within(entry.period).presence(days_asked(when))
            if presence is not Presence.ABSENT:
                dates = {"started": part["started"], "ended": part["ended"]}
                yield {"body": body.reference, "oversees": subject, **with_presence(presence, when), **dates}
    for reference in _governance(entry):
        body = by_target[target_of(reference)]
        presence = body.period.within(entry.period).presence(days_asked(when))
        if presence is not Presence.ABSENT:
            dates = {"started": None, "ended": None}
            yield {"body": reference, "oversees": entry.reference, **with_presence(presence, when), **dates}

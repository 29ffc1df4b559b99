"""Which bodies govern or oversee a collaboration, on a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from app.reads import snapshots
from app.reads.answers.organisations import ServedGovernanceBody, ServedOversight
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Period, Presence
from app.registry.serving.statements import Clock

BodySnapshot = RecordSnapshot[ServedGovernanceBody]


def overseen(entry: RecordSnapshot) -> dict[Ref, ReferenceObject]:
    """What a body that oversees the record may name: itself, the unit's alliance, what the agreement covers."""
    found = [entry.reference, *entry.answer.get("covers", [])]
    if entry.answer.get("alliance"):
        found.append(entry.answer["alliance"])
    return {Ref.of(reference): reference for reference in found}


def bodies(connection: Connection, entries: Sequence[RecordSnapshot], when: Clock) -> dict[Ref, list[Document]]:
    """The bodies of each record."""
    subjects = {entry.ref: overseen(entry) for entry in entries}
    keys = snapshots.keys(connection, (ref for found in subjects.values() for ref in found))
    arrows = snapshots.pointing(connection, when, keys.values(), ["governance-body.oversees"])
    named = snapshots.keys(connection, (Ref.of(body) for entry in entries for body in _governance(entry)))
    pks = [*named.values(), *(arrow.record_pk for arrow in arrows)]
    known: list[BodySnapshot] = snapshots.of_pks(connection, when, pks)
    by_subject: dict[Ref, list[tuple[BodySnapshot, ServedOversight, Period]]] = defaultdict(list)
    for body in known:
        for part, period in body.dated("oversees", body.answer["oversees"]):
            by_subject[Ref.of(part["subject"])].append((body, part, period))
    by_ref = {body.ref: body for body in known}
    return {entry.ref: list(_of(entry, subjects[entry.ref], by_subject, by_ref, when)) for entry in entries}


def _governance(entry: RecordSnapshot) -> list[ReferenceObject]:
    found: list[ReferenceObject] = entry.answer.get("governance", [])
    return found


def _of(
    entry: RecordSnapshot,
    subjects: dict[Ref, ReferenceObject],
    by_subject: dict[Ref, list[tuple[BodySnapshot, ServedOversight, Period]]],
    by_ref: dict[Ref, BodySnapshot],
    when: Clock,
) -> Iterable[Document]:
    for ref, subject in subjects.items():
        for body, part, period in by_subject.get(ref, ()):
            presence = period.within(entry.period).presence(days_asked(when))
            if presence is not Presence.ABSENT:
                dates = {"started": part["started"], "ended": part["ended"]}
                yield {"body": body.reference, "oversees": subject, **with_presence(presence, when), **dates}
    for reference in _governance(entry):
        body = by_ref[Ref.of(reference)]
        presence = body.period.within(entry.period).presence(days_asked(when))
        if presence is not Presence.ABSENT:
            dates = {"started": None, "ended": None}
            yield {"body": reference, "oversees": entry.reference, **with_presence(presence, when), **dates}

"""What happened, read out of one record: every date that it holds, and what it says has happened without one."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from app.analysis.timeline import sentences as say
from app.analysis.timeline.schemas import EventKind
from app.reads.snapshots import RecordSnapshot
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject


class Event(NamedTuple):
    """One event: `pointers` lead to the fields of the record that tell of it."""

    date: Document | None
    kind: EventKind
    subject: ReferenceObject
    text: str
    organisations: list[ReferenceObject]
    pointers: tuple[str, ...]


Events = Iterator[Event]


def events(entry: RecordSnapshot) -> Events:
    """Everything that the record tells of."""
    for derive in DERIVED.get(entry.collection.type, ()):
        yield from derive(entry)


def _span(entry: RecordSnapshot) -> Events:
    """Its start and end. Forces and bodies whose start nobody recorded get no event: there is nothing to tell."""
    record, organisations = entry.answer, _organisations(entry)
    if record["started"] or entry.collection.type in ("alliance", "joint-unit"):
        founders = _named(part["organisation"] for part in _founding(entry))
        text = say.established(entry.reference, founders)
        yield Event(record["started"], EventKind.ESTABLISHED, entry.reference, text, organisations, ("/started",))
    if record["ended"]:
        text = say.ended(entry.reference, record.get("end_reason"))
        yield Event(_day(record["ended"]), EventKind.ENDED, entry.reference, text, organisations, ("/ended",))


def _founding(entry: RecordSnapshot) -> Iterator[Document]:
    started = entry.answer["started"]
    for part in entry.answer.get("participants", []):
        if part["started"] is None or (started and part["started"]["edtf"] == started["edtf"]):
            yield part


def _comings_and_goings(entry: RecordSnapshot) -> Events:
    """Parts dated differently from their record; those who came or went on one day in one event."""
    field, starts, ends = _PARTS[entry.collection.type]
    whole = [entry.answer.get(name) for name in ("started", "commences", "made")]
    over = [entry.answer.get(name) for name in ("ended", "expires")]
    for (role, _), parts in _together(entry.answer[field], starts, whole):
        organisations, pointers = _told(parts, field, starts)
        text = say.joined(organisations, entry.reference, role)
        yield Event(parts[0][1][starts], EventKind.JOINED, entry.reference, text, organisations, pointers)
    for _, parts in _together(entry.answer[field], ends, over):
        organisations, pointers = _told(parts, field, ends)
        text = say.left(organisations, entry.reference)
        yield Event(_day(parts[0][1][ends]), EventKind.LEFT, entry.reference, text, organisations, pointers)


PlacedParts = list[tuple[int, Document]]
"""Parts of a record, each with its place in the list that holds it: `[(0, {"organisation": …}), (2, …)]`."""


def _together(
    parts: list[Document], day: str, whole: list[Document | None]
) -> Iterable[tuple[tuple[str | None, str], PlacedParts]]:
    """The parts with a day of their own, each with its place, by role and day."""
    found: dict[tuple[str | None, str], PlacedParts] = {}
    for place, part in enumerate(parts):
        if part[day] and not _among(part[day], whole):
            role = part.get("role") or part.get("capacity")
            found.setdefault((role, part[day]["edtf"]), []).append((place, part))
    return found.items()


def _told(parts: PlacedParts, field: str, day: str) -> tuple[list[ReferenceObject], tuple[str, ...]]:
    """The organisations of parts, and where their day stands."""
    return [part["organisation"] for _, part in parts], tuple(f"/{field}/{place}/{day}" for place, _ in parts)


def _among(date: Document, dates: list[Document | None]) -> bool:
    return any(other and other["edtf"] == date["edtf"] for other in dates)


def _predecessors(entry: RecordSnapshot) -> Events:
    """The units or alliances whose place it took, when it started."""
    key = "unit" if entry.collection.type == "joint-unit" else "alliance"
    for index, part in enumerate(entry.answer["predecessors"]):
        text = say.superseded(part[key], part["relation"], entry.reference, part["basis"])
        pointers = (f"/predecessors/{index}", "/started")
        date = entry.answer["started"]
        yield Event(date, EventKind.SUPERSEDED, part[key], text, _organisations(entry), pointers)


def _successors(entry: RecordSnapshot) -> Events:
    """The organisations that took its place, when it ended."""
    for index, later in enumerate(entry.answer["successors"]):
        text = say.superseded(entry.reference, "replaces", later, "stated")
        pointers, organisations = (f"/successors/{index}", "/ended"), [*_organisations(entry), later]
        date = _day(entry.answer["ended"])
        yield Event(date, EventKind.SUPERSEDED, entry.reference, text, organisations, pointers)


def _agreement(entry: RecordSnapshot) -> Events:
    """The dates of an agreement. That it was made is told even when nobody says when."""
    record, organisations = entry.answer, _organisations(entry)
    for field, kind in (("made", EventKind.MADE), ("commences", EventKind.COMMENCES), ("expires", EventKind.EXPIRES)):
        if record[field] or kind is EventKind.MADE:
            text = say.agreement(entry.reference, kind, organisations)
            yield Event(_day(record[field]), kind, entry.reference, text, organisations, (f"/{field}",))
    if record["review_due"]:
        text, pointers = say.agreement(entry.reference, EventKind.REVIEW_DUE, []), ("/review_due",)
        yield Event(record["review_due"], EventKind.REVIEW_DUE, entry.reference, text, organisations, pointers)
    for index, part in enumerate(record["publications"]):
        text, pointers = say.published(part["publisher"], entry.reference, part["form"]), (f"/publications/{index}",)
        yield Event(part["on"], EventKind.PUBLISHED, entry.reference, text, [part["publisher"]], pointers)


def _stages(entry: RecordSnapshot) -> Events:
    for index, part in enumerate(entry.answer["stages"]):
        text, pointers = say.stage(entry.reference, part["stage"]), (f"/stages/{index}",)
        organisations = entry.answer["approvers"]
        yield Event(part["reached"], EventKind.STAGE_REACHED, entry.reference, text, organisations, pointers)


def _decision(entry: RecordSnapshot) -> Events:
    record = entry.answer
    organisations = [record["body"]] if record["body"] else []
    text, pointers = say.decision(entry.reference, record), ("/decided", "/outcome")
    yield Event(record["decided"], EventKind.DECIDED, entry.reference, text, organisations, pointers)


def _appointment(entry: RecordSnapshot) -> Events:
    record = entry.answer
    organisations = [record["body"]] if record["body"]["type"] != "joint-unit" else []
    text = say.took_post(record)
    yield Event(record["started"], EventKind.TOOK_POST, entry.reference, text, organisations, ("/started",))
    if record["ended"]:
        text, date = say.left_post(record), _day(record["ended"])
        yield Event(date, EventKind.LEFT_POST, entry.reference, text, organisations, ("/ended",))


def _claim(entry: RecordSnapshot) -> Events:
    record, pointers = entry.answer, ("/claimed", "/text", "/amount")
    text = say.claim(entry.reference, record)
    yield Event(record["claimed"], EventKind.CLAIMED, entry.reference, text, record["scope"], pointers)


def _day(date: Document | None) -> Document | None:
    """The date, unless it only says that there was one."""
    return None if date is None or date["edtf"] == "unknown" else date


def _organisations(entry: RecordSnapshot) -> list[ReferenceObject]:
    """The forces and bodies that a record names, itself among them."""
    record = entry.answer
    found = [entry.reference, *(part["subject"] for part in record.get("oversees", []))]
    for field in ("participants", "parties", "members"):
        found += (part["organisation"] for part in record.get(field, []))
    return _named(found)


def _named(references: Iterable[ReferenceObject]) -> list[ReferenceObject]:
    """The forces and bodies among them, each once."""
    once = {Ref.of(reference): reference for reference in references}
    return [reference for reference in once.values() if reference["type"] in ("force", "governance-body")]


_PARTS = {
    "alliance": ("participants", "started", "ended"),
    "joint-unit": ("participants", "started", "ended"),
    "governance-body": ("members", "started", "ended"),
    "agreement": ("parties", "joined", "left"),
}
DERIVED: dict[str, tuple[Callable[[RecordSnapshot], Events], ...]] = {
    "force": (_span, _successors),
    "governance-body": (_span, _comings_and_goings, _successors),
    "alliance": (_span, _comings_and_goings, _predecessors),
    "joint-unit": (_span, _comings_and_goings, _predecessors),
    "agreement": (_agreement, _comings_and_goings),
    "business-case": (_stages,),
    "decision": (_decision,),
    "appointment": (_appointment,),
    "claim": (_claim,),
}

"""What happened, read out of one record: every date that it holds, and what it says has happened without one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from app.analysis.timeline import sentences as say
from app.analysis.timeline.schemas import EventKind
from app.catalogue import ORGANISATIONS
from app.reads.answers.agreements import ServedAgreement
from app.reads.answers.collaborations import (
    ServedAlliance,
    ServedAllianceParticipation,
    ServedJointUnit,
    ServedUnitParticipation,
)
from app.reads.answers.decisions import ServedBusinessCase, ServedDecision
from app.reads.answers.evidence import ServedClaim
from app.reads.answers.organisations import ServedForce, ServedGovernanceBody
from app.reads.answers.people import ServedAppointment
from app.reads.answers.records import ServedDate
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import Span, parse_edtf
from app.registry.documents.references import Ref, ReferenceObject


class Event(NamedTuple):
    """One event: `pointers` lead to the fields of the record that tell of it.

    Who was concerned, and how it is told, is worked out where it is asked for: to put events in order takes neither.
    """

    date: ServedDate | None
    kind: EventKind
    subject: ReferenceObject
    tell: Callable[[], str]
    concerned: Callable[[], list[ReferenceObject]]
    pointers: tuple[str, ...]

    @property
    def span(self) -> Span | None:
        """The days on which it can have happened; None: no date is recorded."""
        return parse_edtf(self.date["edtf"]) if self.date else None

    @property
    def text(self) -> str:
        """The event in one sentence."""
        return self.tell()

    @property
    def organisations(self) -> list[ReferenceObject]:
        """The forces and bodies concerned."""
        return self.concerned()


Events = Iterator[Event]


def events(entry: RecordSnapshot) -> Events:
    """Everything that the record tells of."""
    for derive in DERIVED.get(entry.collection.type, ()):
        yield from derive(entry)


def _organisation_span(entry: RecordSnapshot[ServedForce | ServedGovernanceBody]) -> Events:
    """Its start and end. One whose start nobody recorded gets no event: there is nothing to tell."""
    if started := entry.answer["started"]:
        yield _established(entry, started, [])
    if ended := entry.answer["ended"]:
        yield _ended(entry, ended, None)


def _partnership_span(entry: RecordSnapshot[ServedAlliance | ServedJointUnit]) -> Events:
    """Its start, also where nobody recorded when, and its end."""
    started, ended = entry.answer["started"], entry.answer["ended"]
    parts: Sequence[ServedAllianceParticipation | ServedUnitParticipation] = entry.answer["participants"]
    founding = [part for part in parts if part["started"] is None or _among(part["started"], [started])]
    yield _established(entry, started, founding)
    if ended:
        unit = entry.of(ServedJointUnit)
        yield _ended(entry, ended, unit.answer["end_reason"] if unit else None)


def _established(entry: RecordSnapshot, date: ServedDate | None, founding: Sequence[Mapping[str, Any]]) -> Event:
    def text() -> str:
        return say.established(entry.reference, _named(part["organisation"] for part in founding))

    return Event(date, EventKind.ESTABLISHED, entry.reference, text, partial(_organisations, entry), ("/started",))


def _ended(entry: RecordSnapshot, date: ServedDate, reason: str | None) -> Event:
    text = partial(say.ended, entry.reference, reason)
    return Event(_day(date), EventKind.ENDED, entry.reference, text, partial(_organisations, entry), ("/ended",))


def _comings_and_goings(entry: RecordSnapshot) -> Events:
    """Parts dated differently from their record; those who came or went on one day in one event."""
    field, starts, ends = _PARTS[entry.collection.type]
    whole = [entry.answer.get(name) for name in ("started", "commences", "made")]
    over = [entry.answer.get(name) for name in ("ended", "expires")]
    subject = entry.reference
    for (role, _), parts in _together(entry.answer[field], starts, whole):
        organisations, pointers = _told(parts, field, starts)
        text = partial(say.joined, organisations, subject, role)
        yield Event(parts[0][1][starts], EventKind.JOINED, subject, text, organisations.copy, pointers)
    for _, parts in _together(entry.answer[field], ends, over):
        organisations, pointers = _told(parts, field, ends)
        text, date = partial(say.left, organisations, subject), _day(parts[0][1][ends])
        yield Event(date, EventKind.LEFT, subject, text, organisations.copy, pointers)


PlacedParts = list[tuple[int, Mapping[str, Any]]]
"""Parts of a record, each with its place in the list that holds it: `[(0, {"organisation": …}), (2, …)]`."""


def _together(
    parts: Iterable[Mapping[str, Any]], day: str, whole: Iterable[ServedDate | None]
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


def _among(date: ServedDate, dates: Iterable[ServedDate | None]) -> bool:
    return any(other and other["edtf"] == date["edtf"] for other in dates)


def _predecessors(entry: RecordSnapshot) -> Events:
    """The units or alliances whose place it took, when it started."""
    key = "unit" if entry.collection.type == "joint-unit" else "alliance"
    for index, part in enumerate(entry.answer["predecessors"]):
        text = partial(say.superseded, part[key], part["relation"], entry.reference, part["basis"])
        pointers = (f"/predecessors/{index}", "/started")
        date = entry.answer["started"]
        yield Event(date, EventKind.SUPERSEDED, part[key], text, partial(_organisations, entry), pointers)


def _successors(entry: RecordSnapshot[ServedForce | ServedGovernanceBody]) -> Events:
    """The organisations that took its place, when it ended."""
    for index, later in enumerate(entry.answer["successors"]):
        text = partial(say.superseded, entry.reference, "replaces", later, "stated")
        pointers, organisations = (f"/successors/{index}", "/ended"), [*_organisations(entry), later]
        date = _day(entry.answer["ended"])
        yield Event(date, EventKind.SUPERSEDED, entry.reference, text, organisations.copy, pointers)


def _agreement(entry: RecordSnapshot[ServedAgreement]) -> Events:
    """The dates of an agreement. That it was made is told even when nobody says when."""
    record, organisations = entry.answer, _organisations(entry)
    for field, date, kind in (
        ("made", record["made"], EventKind.MADE),
        ("commences", record["commences"], EventKind.COMMENCES),
        ("expires", record["expires"], EventKind.EXPIRES),
    ):
        if date or kind is EventKind.MADE:
            text = partial(say.agreement, entry.reference, kind, organisations)
            yield Event(_day(date), kind, entry.reference, text, organisations.copy, (f"/{field}",))
    if record["review_due"]:
        text, concerned = (
            partial(say.agreement, entry.reference, EventKind.REVIEW_DUE, []),
            organisations.copy,
        )
        yield Event(record["review_due"], EventKind.REVIEW_DUE, entry.reference, text, concerned, ("/review_due",))
    for index, part in enumerate(record["publications"]):
        text, pointers = (
            partial(say.published, part["publisher"], entry.reference, part["form"]),
            (f"/publications/{index}",),
        )
        yield Event(part["on"], EventKind.PUBLISHED, entry.reference, text, [part["publisher"]].copy, pointers)


def _stages(entry: RecordSnapshot[ServedBusinessCase]) -> Events:
    for index, part in enumerate(entry.answer["stages"]):
        text, pointers = partial(say.stage, entry.reference, part["stage"]), (f"/stages/{index}",)
        organisations = entry.answer["approvers"].copy
        yield Event(part["reached"], EventKind.STAGE_REACHED, entry.reference, text, organisations, pointers)


def _decision(entry: RecordSnapshot[ServedDecision]) -> Events:
    record = entry.answer
    organisations = [record["body"]] if record["body"] else []
    text, pointers = partial(say.decision, entry.reference, record), ("/decided", "/outcome")
    yield Event(record["decided"], EventKind.DECIDED, entry.reference, text, organisations.copy, pointers)


def _appointment(entry: RecordSnapshot[ServedAppointment]) -> Events:
    record = entry.answer
    organisations = ([record["body"]] if record["body"]["type"] != "joint-unit" else []).copy
    text = partial(say.took_post, record)
    yield Event(record["started"], EventKind.TOOK_POST, entry.reference, text, organisations, ("/started",))
    if record["ended"]:
        text, date = partial(say.left_post, record), _day(record["ended"])
        yield Event(date, EventKind.LEFT_POST, entry.reference, text, organisations, ("/ended",))


def _claim(entry: RecordSnapshot[ServedClaim]) -> Events:
    record, pointers = entry.answer, ("/claimed", "/text", "/amount")
    text = partial(say.claim, entry.reference, record)
    yield Event(record["claimed"], EventKind.CLAIMED, entry.reference, text, record["scope"].copy, pointers)


def _day(date: ServedDate | None) -> ServedDate | None:
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
    """The organisations among them, each once."""
    once = {Ref.of(reference): reference for reference in references}
    return [reference for reference in once.values() if reference["type"] in ORGANISATIONS]


_PARTS = {
    "alliance": ("participants", "started", "ended"),
    "joint-unit": ("participants", "started", "ended"),
    "governance-body": ("members", "started", "ended"),
    "agreement": ("parties", "joined", "left"),
}
DERIVED: dict[str, tuple[Callable[[Any], Events], ...]] = {
    "force": (_organisation_span, _successors),
    "governance-body": (_organisation_span, _comings_and_goings, _successors),
    "alliance": (_partnership_span, _comings_and_goings, _predecessors),
    "joint-unit": (_partnership_span, _comings_and_goings, _predecessors),
    "agreement": (_agreement, _comings_and_goings),
    "business-case": (_stages,),
    "decision": (_decision,),
    "appointment": (_appointment,),
    "claim": (_claim,),
}

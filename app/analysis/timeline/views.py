"""What happened, in order: dated events from the records, the undated ones behind them."""

from collections.abc import Iterable

from sqlalchemy import Connection

from app.analysis.timeline.events import DERIVED, Event, events
from app.analysis.timeline.schemas import EventKind, TimelineEvent
from app.api.list_values import days_of
from app.api.parameters import Parameters, choose, invalid
from app.api.view import Parameter, View
from app.evidence import citations
from app.reads import filters, snapshots
from app.reads.filters import MatchedRecords
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.presence import Presence
from app.registry.serving.statements import Clock

UNDATED = ("include", "only", "exclude")
FOLLOWING = ("joint-unit.predecessors", "alliance.predecessors")
_BY_RECORD = ("force", "alliance", "function", "unit", "body", "person")


def timeline(connection: Connection, parameters: Parameters, when: Clock) -> list[Document]:
    """The events asked for. Raises Unsupported."""
    wanted = filters.matching(connection, parameters, when, _BY_RECORD)
    kinds = filters.chosen(parameters, "event", EventKind)
    asked, undated = _asked(parameters, when), choose("undated", parameters.get("undated", "include"), UNDATED)
    found = [
        (entry, event)
        for entry in _entries(connection, wanted, when)
        for event in events(entry)
        if (kinds is None or event.kind in kinds)
        and all(_concerns(each, entry, event) for each in wanted)
        and (undated != "only" if event.date else undated != "exclude")
        and _can_lie_in(event, asked)
    ]
    return [_shown(entry, event, when) for entry, event in sorted(found, key=_in_order)]


def _asked(parameters: Parameters, when: Clock) -> Span:
    """The days in which an event can have happened: `from` and `to`, and not after `as_of`."""
    first = days_of(parameters, "from").earliest if "from" in parameters else BEFORE_ALL
    last = days_of(parameters, "to").latest if "to" in parameters else AFTER_ALL
    if first > last:
        raise invalid("from", "is later than 'to'")
    return Span(first, min(last, when.days.latest) if when.days else last)


def _entries(connection: Connection, wanted: list[MatchedRecords], when: Clock) -> Iterable[RecordSnapshot]:
    """The records that can tell of what is asked for."""
    if not wanted:
        return snapshots.of_types(connection, when, DERIVED)
    several = []
    for each in wanted:
        later = snapshots.pointing(connection, when, each.pks, FOLLOWING)
        several.append(each.pks | {arrow.record_pk for arrow in later})
    return snapshots.of_pks(connection, when, frozenset.intersection(*several))


def _concerns(each: MatchedRecords, entry: RecordSnapshot, event: Event) -> bool:
    """Whether the record belongs to what is asked, or, of a later one, this event does."""
    return entry.pk in each.pks or Ref.of(event.subject) in each.refs


def _can_lie_in(event: Event, asked: Span) -> bool:
    span = _span(event) or Span(BEFORE_ALL, AFTER_ALL)
    return max(span.earliest, asked.earliest) <= min(span.latest, asked.latest)


def _span(event: Event) -> Span | None:
    return parse_edtf(event.date["edtf"]) if event.date else None


def _in_order(found: tuple[RecordSnapshot, Event]) -> tuple[bool, Span, str, str, str]:
    """By earliest, then latest day; the undated last, where sources give no order at all.

    What is only known to lie before a day stands at that day: nothing says that it came before all else.
    """
    _, event = found
    span = _span(event)
    days = span or Span(AFTER_ALL, AFTER_ALL)
    if days.earliest <= BEFORE_ALL:
        days = Span(days.latest, days.latest)
    subject = event.subject
    return span is None, days, subject["type"], subject["id"], event.text


def _shown(entry: RecordSnapshot, event: Event, when: Clock) -> Document:
    return {
        **with_presence(_presence(entry, event, days_asked(when)), when),
        "date": event.date,
        "event": event.kind,
        "subject": event.subject,
        "text": event.text,
        "organisations": event.organisations,
        "sources": _sources(entry, event),
    }


def _presence(entry: RecordSnapshot, event: Event, days: Span) -> Presence:
    """Whether it has surely happened by the last of the days, or only may have: nothing presumes an event."""
    span = _span(event)
    latest = span.latest if span else AFTER_ALL
    if event.kind is EventKind.ESTABLISHED:
        # what shows a thing in being shows that it had begun
        latest = min(latest, entry.period.begins_latest)
    return Presence.CERTAIN if latest <= days.latest else Presence.POSSIBLE


def _sources(entry: RecordSnapshot, event: Event) -> list[citations.EvidenceRow]:
    found = list(citations.covering(entry.answer["citations"], *event.pointers))
    if event.date is None and not found:
        # nobody dates it, but what shows that the thing exists shows that it began
        found = list(citations.covering(entry.answer["citations"], "/name", "/post"))
    return [citations.shown(citation) for citation in found]


VIEWS: tuple[View, ...] = (
    View(
        path="/timeline",
        operation_id="get_timeline",
        summary="What happened, in order",
        description=(
            "Events from all records, by the first and then the last day on which each can have happened; those "
            "without a recorded date last. With `as_of`: those that can have happened by then, `certain` where the "
            "dates leave no doubt of it, else `possible`."
        ),
        item=TimelineEvent,
        answer=timeline,
        parameters={
            **filters.relation_parameters(*_BY_RECORD),
            "event": filters.list_parameter("Events of this kind.", EventKind),
            "from": Parameter("Events that can have happened on this day, month or year, or later."),
            "to": Parameter("Events that can have happened on this day, month or year, or earlier."),
            "undated": Parameter(
                "What becomes of events without a recorded date: they come last, alone, or not at all.",
                {"type": "string", "enum": list(UNDATED), "default": "include"},
            ),
        },
        many=True,
        paged=True,
    ),
)

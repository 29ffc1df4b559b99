"""What happened, in order: dated events from the records, the undated ones behind them."""

from typing import Any

from sqlalchemy import Connection

from app.analysis.timeline.events import Event, events
from app.analysis.timeline.paging import EventQuestion
from app.analysis.timeline.schemas import EventKind, TimelineEvent
from app.api.list_values import days_of
from app.api.parameters import Parameters, choose, invalid
from app.api.remembered import Remembered
from app.api.view import PageMade, PageWanted, Parameter, View, Walked
from app.evidence import citations
from app.reads import filters, snapshots
from app.reads.snapshots import RecordSnapshot, days_asked, pointing, with_presence
from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span
from app.registry.documents.canonical import Document
from app.registry.presence import Presence
from app.registry.serving.statements import Clock

UNDATED = ("include", "only", "exclude")
FOLLOWING = ("joint-unit.predecessors", "alliance.predecessors")
_BY_RECORD = ("force", "alliance", "function", "unit", "body", "person")
FILTERS = frozenset({*_BY_RECORD, "event", "from", "to", "undated"})
_TOTALS = Remembered[int](1000)


def timeline(connection: Connection, parameters: Parameters, when: Clock) -> Walked:
    """The events asked for. Raises Unsupported."""
    wanted = filters.matching(connection, parameters, when, _BY_RECORD)
    kinds = filters.chosen(parameters, "event", EventKind)
    undated = choose("undated", parameters.get("undated", "include"), UNDATED)
    following = (pointing(connection, when, each.named, FOLLOWING) for each in wanted)
    question = EventQuestion(
        when,
        _asked(parameters, when),
        None if kinds is None else sorted(kinds),
        {"only": True, "exclude": False}.get(undated),
        [(each, sorted({arrow.record_pk for arrow in later})) for each, later in zip(wanted, following, strict=True)],
    )
    asked = tuple(sorted((name, value) for name, value in parameters.items() if name in FILTERS))
    total = _TOTALS.get((when, asked), lambda: question.total(connection))
    return Walked(total, lambda page: _page(connection, question, page))


def _asked(parameters: Parameters, when: Clock) -> Span:
    """The days in which an event can have happened: `from` and `to`, and not after `as_of`."""
    first = days_of(parameters, "from").earliest if "from" in parameters else BEFORE_ALL
    last = days_of(parameters, "to").latest if "to" in parameters else AFTER_ALL
    if first > last:
        raise invalid("from", "is later than 'to'")
    return Span(first, min(last, when.days.latest) if when.days else last)


def _page(connection: Connection, question: EventQuestion, wanted: PageWanted) -> PageMade:
    """The events of a page. Of those that stand at one place, the last number of the cursor says how many were told."""
    place, told = (wanted.after[:-1], wanted.after[-1]) if wanted.after else (None, 0)
    found = question.page(connection, place, told + wanted.most + 1)
    entries = {entry.pk: entry for entry in snapshots.of_pks(connection, question.when, (each[1] for each in found))}
    known = {pk: list(events(entry)) for pk, entry in entries.items()}
    placed = [(each.place, entries[each.record_pk], known[each.record_pk][each.number], each.number) for each in found]
    shown = sorted(placed, key=_in_order)[told : told + wanted.most]
    items = [_shown(entry, event, question.when) for _, entry, event, _ in shown]
    if len(placed) <= told + wanted.most:
        return PageMade(items, None)
    last = shown[-1][0]
    before = told if place and tuple(place) == last else 0
    return PageMade(items, [*last, before + sum(each[0] == last for each in shown)])


def _in_order(found: tuple[tuple[Any, ...], RecordSnapshot, Event, int]) -> tuple[Any, ...]:
    """By place; what stands at the same place, by what is told of it."""
    place, entry, event, number = found
    return *place, event.text, entry.collection.type, entry.answer["id"], number


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
    span = event.span
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

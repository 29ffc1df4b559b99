"""The page of a list: filters as a form, facets, and a line for each record."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.api.field_choice import trimmed
from app.api.list_parameters import choices, filters, list_query
from app.api.readings import ListReading
from app.explorer import drawing, fields
from app.registry.collection import Collection
from app.registry.dates import BEFORE_ALL, Span
from app.registry.documents.canonical import Document, parse_json
from app.registry.presence import Period
from app.registry.serving.statements import Clock, shown

SHAPING = frozenset({"cursor", "limit", "sort", "fields", "facets", "format", "as_of", "known_at", "presumed_for"})
MOST_FACETED = 1000
"""Records of a list that are counted by what they have; of more, that takes longer than a page may."""
FACETS = {
    "joint-units": ("lifecycle", "kind"),
    "alliances": ("kind",),
    "agreements": ("kind",),
    "forces": ("kind", "region"),
    "governance-bodies": ("kind",),
    "organisations": ("kind",),
    "decisions": ("outcome",),
    "claims": ("kind", "standing"),
    "sources": ("kind",),
    "appointments": ("status",),
}
"""What a list is counted by, where its reader does not ask for something else."""
WHO = ("participants", "parties", "organisation", "body", "person", "subject", "publisher", "alliance", "governed_by")
SORTS = (
    ("name", "Name"),
    ("-last_evidence", "Newest evidence"),
    ("started", "Beginning"),
    ("-revision", "Last changed"),
)


class Line(NamedTuple):
    """A record in a list."""

    record: Document
    about: Sequence[Any]
    who: Sequence[Any]
    when: Sequence[Document | None]
    presence: str
    bar: drawing.Bar | None


class Filter(NamedTuple):
    """A filter that can be chosen: its name, what it asks, the values that it takes, and the one that is chosen."""

    name: str
    label: str
    text: str
    values: Sequence[str]
    chosen: str | None


def lines(collection: Collection, reading: ListReading, today: str) -> tuple[list[Line], drawing.Axis]:
    """The lines of a page, and the axis of their bars."""
    day = date.fromisoformat(today).toordinal()
    periods = [Period(*parse_json(row[1])[""]) for row in reading.shown]
    scale = drawing.axis((each.begins_earliest for each in periods), day)
    days = reading.when.days or Span(day, day)
    found = []
    for row, period in zip(reading.shown, periods, strict=True):
        record = _document(collection, reading, row)
        found.append(_line(collection, record, period.lapsed(reading.when.lapse), scale, days, reading.when))
    return found, scale


def _document(collection: Collection, reading: ListReading, row: Any) -> Document:
    answer = trimmed(shown(collection, row[0], row[1], reading.when, reading.matches), row[1], None, reading.when)
    document: Document = parse_json(answer)
    return document


def _line(
    collection: Collection, record: Document, period: Period, scale: drawing.Axis, days: Span, when: Clock
) -> Line:
    about = [*record.get("functions", ()), *record.get("covers", ())]
    dated = collection.plan.held is not None
    started = record.get("started") or record.get("commences") or record.get("made") or record.get("decided")
    ended = record.get("ended") or record.get("expires")
    presence = record.get("presence") or str(period.presence(days))
    bar = drawing.bar(period, scale, observed=record.get("observed") or (), days=when.days) if dated else None
    known = period.begins_earliest > BEFORE_ALL or bar
    return Line(record, about, list(_who(record)), [started, ended], presence, bar if known else None)


def _who(record: Document) -> Iterator[Any]:
    """Whom a record names: its participants, its parties, or else what it is of."""
    for name in (name for name in WHO if record.get(name)):
        if name == "alliance" and record.get("participants"):
            continue
        value = record[name]
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield each if "url" in each else next((one for one in each.values() if _is_reference(one)), None)
            elif each:
                yield each


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and "url" in value and "name" in value


def asked_filters(collection: Collection, given: dict[str, str]) -> list[Filter]:
    """The filters of the form: those with a choice of values, and those by record that are taken as ids."""
    by = filters(collection)
    names = [*collection.states, *collection.scalars, *by]
    return [_filter(collection, name, given) for name in names if name in list_query(collection).names()]


def _filter(collection: Collection, name: str, given: dict[str, str]) -> Filter:
    by = filters(collection).get(name)
    state = collection.states.get(name)
    values = state.values if state else (choices(collection, name) or []) if by is None else []
    text = by.text if by else ""
    return Filter(name, fields.label(name), text, list(values), given.get(name))


def chosen(given: dict[str, str]) -> Iterable[tuple[str, str]]:
    """What narrows a list, each to be taken out."""
    return [(name, value) for name, value in given.items() if name not in SHAPING]

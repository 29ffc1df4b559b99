"""What points to a record: units and other records as lives, and the partners of a force."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from app.catalogue import CATALOGUE
from app.explorer import drawing
from app.explorer.tiles import Tile, levelled
from app.reads import snapshots
from app.reads.snapshots import RecordSnapshot
from app.registry.collection import Collection
from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span
from app.registry.presence import SHOWN, Period, Presence
from app.registry.serving.statements import Clock

MOST_POINTING = 40
"""Records of one sort that are named where they point to this one; the list has all."""


class PointingRecord(NamedTuple):
    """A record that points here, how sure it is that it held on the days asked for, and its life as a bar."""

    entry: RecordSnapshot
    presence: Presence
    bar: drawing.Bar | None


class PointingGroup(NamedTuple):
    """Records that point here: why, which, how many, and the list that has all of them."""

    text: str
    records: Sequence[PointingRecord]
    total: int
    path: str
    filter: str


def pointing(connection: Connection, entry: RecordSnapshot, when: Clock, today: int) -> list[PointingGroup]:
    """What points to a record and is not shown in it already: grouped, each with the list that has all of it."""
    asked = {f"{each.type}.{field}": (each, name) for each in CATALOGUE for field, name in _filtered(each, entry)}
    arrows = snapshots.pointing(connection, when, [entry.pk], list(asked))
    chosen: dict[str, dict[int, list[int]]] = {}
    for arrow in arrows:
        chosen.setdefault(arrow.field, {}).setdefault(arrow.record_pk, []).append(arrow.position)
    shown = (pk for places in chosen.values() for pk in list(places)[:MOST_POINTING])
    known = {each.pk: each for each in snapshots.of_pks(connection, when, shown)}
    found = []
    for field in (name for name in asked if name in chosen):
        collection, name = asked[field]
        places = chosen[field]
        held = [known[pk] for pk in list(places)[:MOST_POINTING] if pk in known and known[pk].held(when)]
        if held:
            periods = [_period(each, field.partition(".")[2], places[each.pk], when, today) for each in held]
            text = collection.by[name].text.partition(",")[0].rstrip(".")
            lives = _lives(held, periods, when, today)
            if when.days:
                lives = [each for each in lives if each.presence is not Presence.ABSENT]
            found.append(PointingGroup(text, lives, len(places), f"/{collection.path}", name))
    return [group for group in found if group.records]


def _days(when: Clock, today: int) -> Span:
    return when.days or Span(today, today)


def _period(entry: RecordSnapshot, field: str, positions: Sequence[int], when: Clock, today: int) -> Period:
    """When a record pointed here: the days of the part that names this one, where parts have days; else its own."""
    parts = entry.periods.get(field)
    bounds = [parts[position] for position in positions] if parts else [entry.period]
    periods = [Period(*each).lapsed(when.lapse) for each in bounds]
    return min(periods, key=lambda each: _rank(each.presence(_days(when, today))))


def _rank(presence: Presence) -> int:
    return SHOWN.index(presence) if presence in SHOWN else len(SHOWN)


def _lives(
    entries: Sequence[RecordSnapshot], periods: Sequence[Period], when: Clock, today: int
) -> list[PointingRecord]:
    """The records with these periods as bars, on one axis; what nothing dates has none."""
    scale = drawing.axis((each.begins_earliest for each in periods), today)
    found = []
    for entry, period in zip(entries, periods, strict=True):
        dated = period.begins_earliest > BEFORE_ALL or period.possible_until < AFTER_ALL
        bar = drawing.bar(period, scale, days=when.days) if dated else None
        found.append(PointingRecord(entry, period.presence(_days(when, today)), bar))
    return found


def partners(
    entry: RecordSnapshot, groups: Sequence[PointingGroup], when: Clock, today: int
) -> list[tuple[Tile, int, int]]:
    """The forces as tiles, by how many units they are in with a force on the days asked for, certain or presumed.

    None, where not all its units are known here, or none is shared.
    """
    units = next((each for each in groups if each.path == "/joint-units"), None)
    if entry.collection.type != "force" or units is None or units.total > MOST_POINTING:
        return []
    forces = [set(_forces(each.entry, when, today)) for each in units.records]
    shared = Counter(slug for each in forces if entry.answer["id"] in each for slug in each - {entry.answer["id"]})
    return list(levelled(shared)) if shared else []


def _forces(unit: RecordSnapshot, when: Clock, today: int) -> Iterator[str]:
    """The forces that are taken to take part on the days asked for."""
    for part, period in unit.parts("participants"):
        sure = _rank(period.lapsed(when.lapse).presence(_days(when, today))) < SHOWN.index(Presence.POSSIBLE)
        if sure and part["organisation"]["type"] == "force":
            yield part["organisation"]["id"]


def _filtered(collection: Collection, entry: RecordSnapshot) -> Iterator[tuple[str, str]]:
    """The fields in which records of a collection point to such a record, each with the filter that finds them."""
    own = {each.field for each in entry.collection.incoming.values()}
    for name, by in collection.by.items():
        if entry.collection.type in by.types:
            for field in by.fields:
                if f"{collection.type}.{field}" not in own:
                    yield field, name

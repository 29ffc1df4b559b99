"""How many joint units there were, on a day or from one month to the next, and of which sort."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from app.analysis.counts.grouping import Dimension
from app.analysis.counts.tallies import Tallies, tallies
from app.api.parameters import Parameters, choose, invalid, split
from app.api.view import Parameter, View
from app.catalogue import CATALOGUE
from app.reads import joint_units, series
from app.reads.calendar import MONTHS, Calendar
from app.reads.schemas import Count
from app.reads.snapshots import days_asked
from app.registry.documents.canonical import Document
from app.registry.documents.shapes import Shape
from app.registry.documents.values import Reference
from app.registry.serving.references import references
from app.registry.serving.statements import Clock

LEVELS = ("own", "broadest")
RECORDS = {
    Dimension.FORCE: "participants",
    Dimension.FORCE_COUNT: "participants",
    Dimension.FUNCTION: "functions",
    Dimension.ALLIANCE: "alliance",
}
"""The field of a unit that a dimension is read from, where it points to other records."""
Group = dict[str, Any]
CountRow = tuple[Group, list[dict[str, int]]]
"""A group and its counts, one for each stretch: `({"kind": "operational"}, [{"certain": 3, …}, …])`."""


class UnitCount(Shape):
    """The joint units of one group."""

    group: dict[Dimension, Reference | int | str | None]
    """What they have in common, an entry for each of `group_by`; null: nothing is recorded."""
    count: Count
    """How many there were."""


class UnitSeries(UnitCount):
    """The joint units of one group in one month, quarter or year."""

    period: str
    """The month, quarter or year: 2012-04, 2012-Q2 or 2012."""


def count_units(connection: Connection, parameters: Parameters, when: Clock) -> Iterator[Document]:
    """The counts on the days of `as_of`, or ever."""
    for group, counts in _counted(connection, parameters, when, Calendar.single(days_asked(when))):
        yield {"group": group, "count": counts[0]}


def count_over_time(connection: Connection, parameters: Parameters, when: Clock) -> list[Document]:
    """The counts in each month, quarter or year, one after the other."""
    interval = choose("interval", parameters.get("interval", "month"), MONTHS)
    calendar = series.calendar(series.days_of_series(parameters, when), interval)
    rows = _counted(connection, parameters, when, calendar)
    if len(rows) * len(calendar.names) > series.MOST_ROWS:
        asked = f"makes {len(rows):,} groups in {len(calendar.names):,} {interval}s"
        raise invalid(
            "group_by", f"{asked}; at most {series.MOST_ROWS:,} counts are answered: filter, or ask for less time"
        )
    return [
        {"period": name, "group": group, "count": counts[place]}
        for place, name in enumerate(calendar.names)
        for group, counts in rows
    ]


def _counted(connection: Connection, parameters: Parameters, when: Clock, calendar: Calendar) -> list[CountRow]:
    """Each group with its counts in every stretch of the calendar."""
    text = parameters.get("group_by")
    by = [Dimension(choose("group_by", name, Dimension)) for name in split("group_by", text)] if text else []
    level = choose("function_level", parameters.get("function_level", "own"), LEVELS)
    if "function_level" in parameters and Dimension.FUNCTION not in by:
        raise invalid("function_level", "needs group_by=function")
    asked = joint_units.asked(connection, parameters, when, calendar.days)
    wider = joint_units.broadest(connection, when.revision) if level == "broadest" else {}
    parts = {RECORDS[name] for name in by if name in RECORDS} | ({"participants"} if asked.forces else set())
    found = tallies(asked, by, calendar, wider, sorted(parts))
    if not by:
        found = {(): found.get((), calendar.counts({}))}
    rows = [(group, found[key]) for key, group in _shown(connection, by, found, when).items()]
    return sorted(rows, key=lambda row: [_rank(value) for value in row[0].values()])


def _shown(connection: Connection, by: list[Dimension], found: Tallies, when: Clock) -> dict[tuple[Any, ...], Group]:
    """The groups as they are served, with references."""
    pointing = [place for place, name in enumerate(by) if name in RECORDS and name is not Dimension.FORCE_COUNT]
    keys = {key[place] for key in found for place in pointing} - {None}
    known = references(connection, CATALOGUE, keys, when.revision)
    return {
        key: {
            str(name): known.get(value) if place in pointing else value
            for place, (name, value) in enumerate(zip(by, key, strict=True))
        }
        for key in found
    }


def _rank(value: Any) -> tuple[bool, Any]:
    """What a value of a group is sorted by: its id, number or word; what is not recorded comes last."""
    return value is None, value["id"] if isinstance(value, dict) else value


GROUP_BY = Parameter(
    "What to count by, one or several with commas. A unit counts under each of its forces and functions, so the counts "
    "of these add up to more than there are units. `force_count` is how many forces run it: where some of them are "
    "only possible, it counts as possible under each number that it can have.",
    {"type": "array", "items": {"type": "string", "enum": list(Dimension)}},
)
LEVEL = Parameter(
    "With group_by=function: the function as recorded, or the broadest one above it.",
    {"type": "string", "enum": list(LEVELS), "default": "own"},
)
SHARED = {"group_by": GROUP_BY, "function_level": LEVEL, **joint_units.PARAMETERS}

JOINT_UNITS = View(
    path="/statistics/joint-units",
    operation_id="count_joint_units",
    summary="Count joint units",
    description="How many joint units there were on `as_of`, in groups; without it, every one ever recorded, by the "
    "strongest presence it ever had. A unit counts as certain, presumed or possible, just as the list of units gives "
    "it; under a force, by that force's part in it. With `force`, the other forces of its units are counted too.",
    item=UnitCount,
    answer=count_units,
    parameters=SHARED,
    many=True,
)
SERIES = View(
    path="/statistics/joint-units/series",
    operation_id="count_joint_units_over_time",
    summary="Count joint units over time",
    description="How many joint units there were in each month, quarter or year from `from` to `to`, each asked as "
    "`as_of` would be: by the strongest presence of a unit on any day in it. Every group has its count, zeros "
    f"included, in each of them. At most {series.MOST_STRETCHES:,} of them, and {series.MOST_ROWS:,} counts. A year or "
    "a month in `as_of` may stand in the place of both `from` and `to`.",
    item=UnitSeries,
    answer=count_over_time,
    parameters={
        **series.PARAMETERS,
        **{name: series.PARAMETERS[name]._replace(missing=series.MISSING, instead="as_of") for name in ("from", "to")},
        **SHARED,
    },
    many=True,
)
VIEWS = (JOINT_UNITS, SERIES)

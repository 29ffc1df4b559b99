"""What the front page shows: how full the register is, how fresh, and ways in."""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.analysis.counts.views import JOINT_UNITS, SERIES
from app.analysis.coverage.views import VIEWS as COVERAGE
from app.api.view import answered
from app.explorer import drawing, fields
from app.explorer.links import LAPSE
from app.explorer.tiles import levelled
from app.registry.dates import parse_as_of
from app.registry.documents.canonical import Document
from app.registry.lapse import Lapse
from app.registry.serving.statements import Clock

FIRST_YEAR = 2000
BAR_HEIGHT = 230.0


class CollectionRow(NamedTuple):
    """A collection as the front page tells of it."""

    path: str
    title: str
    text: str
    total: int
    counts: Document
    newest: Document | None
    missing: list[Document]


def collections(coverage: list[Document], paths: dict[str, str]) -> list[CollectionRow]:
    """The collections in the order of the page."""
    by_path = {paths[each["type"]]: each for each in coverage}
    return [
        CollectionRow(
            path,
            title,
            text,
            sum(by_path[path]["records"].values()),
            by_path[path]["records"],
            by_path[path]["newest_evidence"],
            by_path[path]["missing"][:2],
        )
        for path, (title, text) in fields.COLLECTIONS.items()
    ]


def on_day(when: Clock, text: str) -> Clock:
    """The clocks, asked of a day or a year, presumptions lapsing after five years where nothing else is asked."""
    lapse = when.presumed_for or LAPSE
    return when._replace(as_of=text, days=Lapse.parse(lapse).asked_of(parse_as_of(text)), presumed_for=lapse)


def years(connection: Connection, when: Clock, first: int, last: int, **filters: str) -> list[Document]:
    """The joint units of each year."""
    asked = {"from": str(first), "to": str(last), "interval": "year", **filters}
    lasting = when._replace(as_of=None, days=None, presumed_for=when.presumed_for or LAPSE)
    found: list[Document] = answered(SERIES, connection, asked, lasting, slice(None)).data
    return found


def by_force(connection: Connection, when: Clock) -> dict[str, int]:
    """How many units each force is in on the day, certain or presumed."""
    rows = answered(JOINT_UNITS, connection, {"group_by": "force"}, when, slice(None)).data
    found = {}
    for row in rows:
        if row["group"]["force"]:
            found[row["group"]["force"]["id"]] = row["count"]["certain"] + row["count"]["presumed"]
    return found


def shown(connection: Connection, when: Clock, today: str, paths: dict[str, str]) -> dict[str, Any]:
    """All that the page shows."""
    asked = on_day(when, when.as_of or today)
    year = int((when.as_of or today)[:4])
    coverage = answered(COVERAGE[0], connection, {}, when, slice(None)).data
    rows = collections(coverage, paths)
    series = years(connection, when, min(FIRST_YEAR, year), max(year, FIRST_YEAR))
    counts = by_force(connection, asked)
    return {
        "rows": rows,
        "bars": drawing.year_bars(series, BAR_HEIGHT),
        "now": answered(JOINT_UNITS, connection, {}, asked, slice(None)).data[0]["count"],
        "units": next(row for row in rows if row.path == "joint-units"),
        "undated": _undated(coverage),
        "tiles": list(levelled(counts)),
    }


def _undated(coverage: list[Document]) -> int:
    """Of how many joint units no start is recorded."""
    missing = next(each["missing"] for each in coverage if each["type"] == "joint-unit")
    return sum(each["records"] for each in missing if each["field"] == "started")

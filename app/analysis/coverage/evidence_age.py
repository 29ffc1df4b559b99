"""How old the evidence is: function by function, and by the year of the newest of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from app.analysis.coverage.column_tallies import ColumnTally
from app.analysis.coverage.records import held_in_columns, units_by_function
from app.api.parameters import Parameters
from app.api.view import View
from app.catalogue import CATALOGUE
from app.reads.record_columns.blocks import RecordBlock
from app.reads.record_columns.facts import last_day
from app.reads.schemas import Count
from app.registry.documents.canonical import Document
from app.registry.documents.references import ReferenceObject
from app.registry.documents.shapes import Shape
from app.registry.documents.values import Reference, UncertainDate
from app.registry.serving.references import references
from app.registry.serving.statements import Clock

COLLABORATIONS = {"alliance": "alliances", "joint-unit": "joint_units", "agreement": "agreements"}


class FunctionCoverage(Shape):
    """How many units have a function, and how new the evidence of them is."""

    function: Reference | None
    """The function, not counting narrower ones; null: units of which none is recorded."""
    joint_units: Count
    """How many units; without `as_of`, by the strongest presence that each ever had."""
    newest_evidence: UncertainDate | None
    """The newest date of their sources, or day on which one shows a unit in being; null: nothing is dated."""


class EvidenceYear(Shape):
    """How much was last shown in a year."""

    year: str | None
    """The year of the newest evidence ("2021"), by the last day that it can be; null: nothing is dated."""
    alliances: int
    """Alliances whose newest evidence is of that year."""
    joint_units: int
    """Joint units."""
    agreements: int
    """Agreements."""


def by_function(connection: Connection, parameters: Parameters, when: Clock) -> Iterator[Document]:
    """A row for each function that a unit has, in the order of their names."""
    tallies: dict[str, ColumnTally] = {}
    functions: dict[str, ReferenceObject | None] = {}
    for block, held in held_in_columns(connection, when, "joint-unit"):
        having = units_by_function(connection, when, block)
        named = references(connection, CATALOGUE, filter(None, having), when.revision)
        for function, rows in having.items():
            here = held.where(rows)
            if here.possible:
                reference = named[function] if function else None
                key = reference["name"] if reference else "~"
                functions[key] = reference
                tallies.setdefault(key, ColumnTally("joint-unit")).add(block, here)
    for key in sorted(functions):
        newest = tallies[key].newest_evidence(connection, when)
        yield {"function": functions[key], "joint_units": tallies[key].count, "newest_evidence": newest}


def by_year(connection: Connection, parameters: Parameters, when: Clock) -> Iterator[Document]:
    """A row for each year of newest evidence, newest first, and one for what has no dated evidence."""
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    for kind, name in COLLABORATIONS.items():
        for block, rows in held_in_columns(connection, when, kind):
            for year, many in _years(block, rows.possible):
                counts[year][name] += many
    for year in sorted(counts, key=lambda year: year or "", reverse=True):
        yield {"year": year, **{name: counts[year][name] for name in COLLABORATIONS.values()}}


def _years(block: RecordBlock, rows: int) -> Iterator[tuple[str | None, int]]:
    """How many of the rows were last shown in each year, and of how many nothing is dated."""
    if undated := rows & block.evidence_latest.at_most(0):
        yield None, undated.bit_count()
    rows ^= undated
    while rows:
        year = date.fromordinal(last_day(*block.newest(rows)[0])).year
        found = rows & block.shown_between(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
        yield f"{year:04}", found.bit_count()
        rows ^= found


VIEWS: tuple[View, ...] = (
    View(
        path="/coverage/functions",
        operation_id="list_function_coverage",
        summary="How old the evidence is, function by function",
        description="How many joint units have each function, and the newest evidence of any of them.",
        item=FunctionCoverage,
        answer=by_function,
        many=True,
    ),
    View(
        path="/coverage/years",
        operation_id="list_evidence_years",
        summary="How old the evidence is, by year",
        description="How many alliances, joint units and agreements were last shown in each year: the newest date of "
        "their sources, or day on which one shows them in being. What was last shown long ago need not be there still.",
        item=EvidenceYear,
        answer=by_year,
        many=True,
    ),
)

"""How old the evidence is: function by function, and by the year of the newest of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from app.analysis.coverage.completeness_counts import Tally, evidence_of, newest
from app.analysis.coverage.records import held, published
from app.api.parameters import Parameters
from app.api.view import View
from app.reads.answers.records import ServedDate
from app.reads.schemas import Count
from app.registry.documents.canonical import Document
from app.registry.documents.shapes import Shape
from app.registry.documents.values import Reference, UncertainDate
from app.registry.presence import SHOWN, Presence
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
    dates = published(connection, when)
    functions: dict[str, Document | None] = {}
    presences: dict[str, Counter[Presence]] = defaultdict(Counter)
    evidence: dict[str, ServedDate | None] = {}
    for entry, presence in held(connection, when, ("joint-unit",)):
        for function in entry.answer["functions"] or (None,):
            key = function["name"] if function else "~"
            functions[key] = function
            presences[key][presence] += 1
            evidence[key] = newest([evidence.get(key), _newest(entry.answer, dates)])
    for key in sorted(functions):
        counts = {level.value: presences[key][level] for level in SHOWN}
        yield {"function": functions[key], "joint_units": counts, "newest_evidence": evidence[key]}


def by_year(connection: Connection, parameters: Parameters, when: Clock) -> Iterator[Document]:
    """A row for each year of newest evidence, newest first, and one for what has no dated evidence."""
    dates = published(connection, when)
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    for entry, _ in held(connection, when, COLLABORATIONS):
        date = _newest(entry.answer, dates)
        day = (date["latest"] or date["earliest"]) if date else None
        counts[day[:4] if day else None][COLLABORATIONS[entry.collection.type]] += 1
    for year in sorted(counts, key=lambda year: year or "", reverse=True):
        yield {"year": year, **{name: counts[year][name] for name in COLLABORATIONS.values()}}


def _newest(answer: Document, dates: Mapping[str, ServedDate]) -> ServedDate | None:
    """The newest date of a record's sources, or day on which one shows it in being."""
    cited = {citation["source"]["id"] for citation in answer["citations"]}
    return evidence_of([Tally(sources=cited, seen=newest(answer["observed"]))], dates)


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

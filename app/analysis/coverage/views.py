"""How much the registry knows, and what it does not: by collection, and by force."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain

from sqlalchemy import Connection

from app.analysis.coverage import claimed_unit_counts, evidence_age
from app.analysis.coverage.column_tallies import ColumnTally
from app.analysis.coverage.completeness_counts import Tally, evidence_of, most_first
from app.analysis.coverage.records import held, published
from app.api.parameters import Parameters
from app.api.view import View
from app.catalogue import CATALOGUE
from app.reads import filters
from app.reads.answers.records import ServedDate
from app.reads.schemas import Count
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.documents.shapes import Present, Shape
from app.registry.documents.values import Reference, UncertainDate
from app.registry.presence import Presence, strongest, weakest
from app.registry.serving.statements import Clock

SHARED = {"alliance": "participants", "joint-unit": "participants", "agreement": "parties"}
"""What forces have in common, and the field that names them."""
OF_FORCES = ("governance-body", "appointment", *SHARED)


class Missing(Shape):
    """A field of which nothing is recorded in some records."""

    type: str
    """The type of the records."""
    field: str
    """The field."""
    records: int
    """In how many records nothing is recorded."""
    of: int
    """How many records there are."""


class CollectionCoverage(Shape):
    """How much is recorded in one collection."""

    type: str
    """The type of its records."""
    records: Count
    """How many records; without `as_of`, by the strongest presence that each ever had."""
    stated: int
    """Citations for what a source states."""
    inferred: int
    """Citations for what the registry infers from a source."""
    one_of: int
    """Citations of several documents together, of which one states it."""
    competing: int
    """Citations of a source that says something else than the record."""
    sources: int
    """Sources that are cited."""
    newest_evidence: UncertainDate | None
    """The newest date of those sources, or day on which one shows a record in being; null: nothing is dated."""
    missing: list[Missing]
    """What is not recorded, most often first."""


class ForceCoverage(Present):
    """How much is recorded about one force."""

    force: Reference
    """The force."""
    governance_bodies: Count
    """Bodies that govern or oversee it."""
    appointments: Count
    """Posts in it, or in those bodies, with their holders."""
    alliances: Count
    """Alliances it takes part in."""
    joint_units: Count
    """Joint units it takes part in."""
    agreements: Count
    """Agreements it is party to, or that cover units or alliances it takes part in."""
    newest_evidence: UncertainDate | None
    """The newest date of the sources cited for these, or day on which one shows them in being; null: none is dated."""
    missing: list[Missing]
    """What is not recorded of the force and of these, most often first."""


Presences = dict[Ref, Presence]
"""How sure it is that a record is of each of these forces."""


def by_collection(connection: Connection, parameters: Parameters, when: Clock) -> Iterator[Document]:
    """A row for each collection."""
    for collection in CATALOGUE:
        tally = ColumnTally.of(connection, when, collection.type)
        yield {
            "type": collection.type,
            "records": tally.count,
            **{str(name): many for name, many in tally.citations.items()},
            "sources": tally.sources,
            "newest_evidence": tally.newest_evidence(connection, when),
            "missing": tally.missing,
        }


def by_force(connection: Connection, parameters: Parameters, when: Clock) -> list[Document]:
    """A row for each force. Raises Unsupported."""
    forces = list(held(connection, when, ("force",)))
    wanted = filters.slugs(connection, parameters, "force", ("force",))
    tallies: dict[Ref, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for entry, presences in _of_forces(connection, when):
        for force, presence in presences.items():
            tallies[force][entry.collection.type].add(entry, presence)
    dates = published(connection, when)
    rows = []
    for entry, presence in forces:
        if wanted is None or entry.answer["id"] in wanted:
            tallies[entry.ref]["force"].add(entry, presence)
            rows.append(_force_row(entry, presence, tallies[entry.ref], when, dates))
    return rows


def _of_forces(connection: Connection, when: Clock) -> Iterator[tuple[RecordSnapshot, Presences]]:
    """What there is of forces: each record with the forces that it is of, and how sure each is."""
    known: dict[Ref, Presences] = {}
    for kind in OF_FORCES:
        for entry, presence in held(connection, when, (kind,)):
            found: Presences = {}
            for ref, part in _links(entry, presence, when):
                through = {ref: part} if ref.type == "force" else known.get(ref, {})
                for force, surely in through.items():
                    found[force] = strongest((found.get(force, Presence.ABSENT), weakest((part, surely))))
            known[entry.ref] = {force: surely for force, surely in found.items() if surely is not Presence.ABSENT}
            yield entry, known[entry.ref]


def _links(entry: RecordSnapshot, presence: Presence, when: Clock) -> Iterator[tuple[Ref, Presence]]:
    """The organisations, units and alliances that a record is of, and how sure it is of each."""
    kind = entry.collection.type
    if kind == "appointment":
        yield Ref.of(entry.answer["body"]), presence
        return
    field, key = ("oversees", "subject") if kind == "governance-body" else (SHARED[kind], "organisation")
    for part, period in entry.parts(field):
        yield Ref.of(part[key]), period.presence(days_asked(when))
    for reference in entry.answer.get("covers", ()):
        yield Ref.of(reference), presence


def _force_row(
    entry: RecordSnapshot,
    presence: Presence,
    tallies: Mapping[str, Tally],
    when: Clock,
    dates: Mapping[str, ServedDate],
) -> Document:
    counts = {kind.replace("-", "_"): tallies[kind].count for kind in OF_FORCES}
    return {
        "force": entry.reference,
        **with_presence(presence, when),
        "governance_bodies": counts.pop("governance_body"),
        **{f"{kind}s": count for kind, count in counts.items()},
        "newest_evidence": evidence_of(tallies.values(), dates),
        "missing": most_first(chain.from_iterable(tally.missing(kind) for kind, tally in tallies.items())),
    }


VIEWS: tuple[View, ...] = (
    View(
        path="/coverage",
        operation_id="get_coverage",
        summary="How much is recorded, collection by collection",
        description=(
            "How many records each collection has, on what evidence, how new that is, and what is not recorded in "
            "them. With `as_of`: of records that can have held then."
        ),
        item=CollectionCoverage,
        answer=by_collection,
        many=True,
    ),
    View(
        path="/coverage/forces",
        operation_id="list_force_coverage",
        summary="How much is recorded, force by force",
        description=(
            "What the registry has of each force, how new the evidence is, and what is missing: a force of which "
            "little is recorded need not collaborate little. With `as_of`: of forces and records that can have held "
            "then."
        ),
        item=ForceCoverage,
        answer=by_force,
        parameters={"force": filters.list_parameter("This force.")},
        many=True,
        paged=True,
    ),
    *evidence_age.VIEWS,
    claimed_unit_counts.VIEW,
)

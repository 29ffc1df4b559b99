"""How much the registry knows, and what it does not: by collection, and by force."""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Connection

from app.analysis.coverage import claimed_unit_counts, evidence_age
from app.analysis.coverage.column_tallies import ColumnTally
from app.analysis.coverage.completeness_counts import most_first
from app.analysis.coverage.forces import LINKS, ForceRecords
from app.analysis.coverage.records import held
from app.api.parameters import Parameters
from app.api.view import View
from app.catalogue import CATALOGUE
from app.reads import filters
from app.reads.schemas import Count
from app.reads.snapshots import with_presence
from app.registry.documents.canonical import Document
from app.registry.documents.shapes import Present, Shape
from app.registry.documents.values import Reference, UncertainDate
from app.registry.serving.statements import Clock


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
    wanted = filters.slugs(connection, parameters, "force", ("force",))
    records = ForceRecords(connection, when)
    rows = []
    for entry, presence in held(connection, when, ("force",)):
        if wanted is None or entry.answer["id"] in wanted:
            records.add_force(entry.pk, presence)
            counts = {kind.replace("-", "_"): records.tally(entry.pk, kind).count for kind in LINKS}
            tallies = records.tallies[entry.pk].values()
            newest = max(tallies, key=lambda tally: tally.newest[0])
            row = {
                "force": entry.reference,
                **with_presence(presence, when),
                "governance_bodies": counts.pop("governance_body"),
                **{f"{kind}s": count for kind, count in counts.items()},
                "newest_evidence": newest.newest_evidence(connection, when),
                "missing": most_first(chain.from_iterable(tally.missing for tally in tallies)),
            }
            rows.append(row)
    return rows


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

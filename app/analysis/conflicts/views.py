"""Where sources say different things: what the record holds, and what else is said, side by side."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Connection

from app.analysis.conflicts.schemas import Conflict
from app.api.parameters import Parameters
from app.api.view import View
from app.catalogue import CATALOGUE
from app.evidence import citations
from app.reads import filters, snapshots
from app.reads.answers.records import ServedCitation, ServedRecord
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.reads.typed_values import FindReference, typed
from app.registry.documents.canonical import Document, pointed_at
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.serving.references import references
from app.registry.serving.statements import Clock


def conflicts(connection: Connection, parameters: Parameters, when: Clock) -> list[Document]:
    """Every field for which some citation has a value of its own. Raises Unsupported."""
    sources = filters.slugs(connection, parameters, "source", ("source",))
    refer = _referring(connection, when)
    pks = filters.restrict(connection, parameters, when, set(snapshots.with_competing_values(connection, when)))
    return [
        conflict
        for entry in snapshots.of_pks(connection, when, pks)
        if entry.held(when)
        for conflict in _of(entry, when, refer)
        if sources is None or any(competing["source"]["id"] in sources for competing in conflict["competing"])
    ]


def _of(entry: RecordSnapshot[ServedRecord], when: Clock, refer: FindReference) -> Iterator[Document]:
    """The disagreements about one record, field by field."""
    cited = entry.answer["citations"]
    by_field: dict[str, list[CompetingRow]] = {}
    for citation in cited:
        if citation["value"] is not None:
            for field in citation["about"] or [""]:
                value = typed(entry.collection.plan, field, citation["value"], refer)
                by_field.setdefault(field, []).append(_competing(citation, value))
    for field, competing in sorted(by_field.items()):
        yield {
            "subject": entry.reference,
            **with_presence(entry.period.presence(days_asked(when)), when),
            "field": field,
            "recorded": pointed_at(entry.answer, field) if field else None,
            "recorded_sources": [citations.shown(citation) for citation in citations.covering(cited, field)],
            "competing": competing,
        }


class CompetingRow(citations.EvidenceRow):
    """What another source says: the shape `Competing`."""

    value: Any
    note: str | None


def _competing(citation: ServedCitation, value: Any) -> CompetingRow:
    return {"value": value, **citations.shown(citation), "note": citation["note"]}


def _referring(connection: Connection, when: Clock) -> FindReference:
    """Gives references to records by "type:id", as they were called at the revision."""

    @cache
    def refer(name: str) -> ReferenceObject | None:
        keys = snapshots.keys(connection, [Ref.parse(name)]).values()
        return next(iter(references(connection, CATALOGUE, keys, when.revision).values()), None)

    return refer


VIEWS: tuple[View, ...] = (
    View(
        path="/conflicts",
        operation_id="list_conflicts",
        summary="Where sources disagree",
        description=(
            "Every field of which a cited source says something else than the record, both side by side. The record "
            "stays as it is: its own evidence stands beside it. With `as_of`: of records that can have held then."
        ),
        item=Conflict,
        answer=conflicts,
        parameters={
            "type": filters.list_parameter("Records of this type.", filters.EVERY_TYPE),
            "subject": filters.list_parameter("This record: its id, or `type:id`."),
            "source": filters.list_parameter("Fields of which this source says something else."),
            **filters.relation_parameters("force"),
        },
        many=True,
        paged=True,
    ),
)

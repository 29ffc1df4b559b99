"""Every record and field that cites a source."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, func, select

from app.analysis.citing.schemas import CitingRecord
from app.api.parameters import Parameters
from app.api.view import Many, View
from app.catalogue import CATALOGUE, SOURCES
from app.reads import snapshots
from app.reads.answers.records import ServedCitation, ServedRecord
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.clocks import held_on, recorded_at
from app.registry.documents.canonical import Document
from app.registry.records import PeriodRow, Record
from app.registry.serving.statements import Clock, find

FIELDS = tuple(f"{collection.type}.citations" for collection in CATALOGUE)


def citations(connection: Connection, parameters: Parameters, when: Clock) -> Many:
    """Every citation of the source that `id` names, of records that can have held. Raises NotFound, Gone or Merged."""
    source = find(connection, SOURCES, parameters["id"], when)
    asked = _asked(source.pk, when)
    total = connection.scalar(select(func.count()).select_from(asked.subquery())) or 0
    return Many(total, lambda page: _page(connection, asked, when, page), {})


def _asked(source: int, when: Clock) -> Select[int, int]:
    """The records that cite the source, and the places of those citations, in the order of type, id and place."""
    asked = (
        select(PeriodRow.record_pk, PeriodRow.position)
        .join(Record, Record.pk == PeriodRow.record_pk)
        .where(PeriodRow.target_pk == source, PeriodRow.field.in_(FIELDS), recorded_at(PeriodRow, when.revision))
        .order_by(Record.collection, Record.id, PeriodRow.position)
    )
    return asked.where(held_on(PeriodRow, when.days)) if when.days else asked


def _page(connection: Connection, asked: Select[int, int], when: Clock, page: slice) -> list[Document]:
    start, stop = page.start or 0, page.stop
    rows = list(connection.execute(asked.offset(start).limit(None if stop is None else stop - start)))
    found: Iterable[RecordSnapshot[ServedRecord]] = snapshots.of_pks(connection, when, (pk for pk, _ in rows))
    by_pk = {entry.pk: entry for entry in found}
    return [_item(by_pk[pk], position, when) for pk, position in rows]


def _item(entry: RecordSnapshot[ServedRecord], position: int, when: Clock) -> Document:
    citation: ServedCitation = entry.answer["citations"][position]
    return {
        "record": entry.reference,
        **with_presence(entry.period.presence(days_asked(when)), when),
        "citation": f"/citations/{position}",
        **{name: citation[name] for name in ("locator", "about", "basis", "among", "value", "note")},
    }


VIEWS = (
    View(
        path="/sources/{id}/citations",
        operation_id="list_source_citations",
        summary="What rests on it",
        description="Every citation of the source: which record cites it, for which fields, where in it, and whether "
        "it says so or something else. In the order of the records' types and ids. With `as_of`: of records that can "
        "have held then.",
        item=CitingRecord,
        answer=citations,
        many=True,
        paged=True,
    ),
)

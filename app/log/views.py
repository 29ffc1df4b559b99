"""Revisions: every write, newest first, and what each of them changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select, union_all
from sqlalchemy.orm import aliased

from app.api.parameters import Parameters
from app.api.view import Many, Parameter, View
from app.catalogue import CATALOGUE
from app.log.schemas import RevisionDetail, RevisionSummary
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.problems import NotFound
from app.registry.records import Record, Revision, Version
from app.registry.redactions import RedactedVersion, marks_of
from app.registry.serving.statements import Clock
from app.registry.writing.answered_requests import AnsweredRequest
from app.registry.writing.merging import fields_changed

GROUP = "changes"
UNMARKED: Document = {"fields": [], "merged_into": None, "diff": None, "redacted": None, "redacted_versions": []}
COUNTED = ("created", "amended", "withdrawn", "merged", "redacted")


def revisions(connection: Connection, parameters: Parameters, when: Clock) -> Many:
    """The writes, newest first."""
    asked = select(Revision.number).where(Revision.number <= when.revision)
    if actor := parameters.get("actor"):
        asked = asked.where(Revision.actor == actor)
    if key := parameters.get("idempotency_key"):
        made = select(AnsweredRequest.revision).where(AnsweredRequest.key == key)
        asked = asked.where(Revision.number.in_(made))
    total = connection.execute(select(func.count()).select_from(asked.subquery())).scalar_one()

    def make(page: slice) -> list[Document]:
        end = None if page.stop is None else page.stop - (page.start or 0)
        numbers = asked.order_by(Revision.number.desc()).offset(page.start).limit(end)
        return summaries(connection, list(connection.scalars(numbers)))

    return Many(total, make, {})


def summaries(connection: Connection, numbers: list[int]) -> list[Document]:
    """What is said of these revisions, newest first."""
    counts = _counts(connection, numbers)
    rows = connection.execute(
        select(*Revision.__table__.c).where(Revision.number.in_(numbers)).order_by(Revision.number.desc())
    )
    return [_summary(row, counts[row.number]) for row in rows]


def _summary(row: Row[Any], counts: Document) -> Document:
    named = {name: getattr(row, name) for name in ("number", "recorded", "actor", "reason", "digest")}
    return {**named, "counts": counts, "url": f"/v1/revisions/{row.number}"}


def _counts(connection: Connection, numbers: list[int]) -> dict[int, Document]:
    """By revision, how many records it created, amended, withdrew and merged, and of how many it redacted something."""
    found: dict[int, Document] = {number: dict.fromkeys(COUNTED, 0) for number in numbers}
    for number, total, amended in connection.execute(_written_in(numbers)):
        found[number] |= {"created": total - amended, "amended": amended}
    gone = (
        select(Record.withdrawn, func.count(), func.count(Record.merged_into))
        .where(Record.withdrawn.in_(numbers))
        .group_by(Record.withdrawn)
    )
    for by, total, merged in connection.execute(gone):
        found[by or 0] |= {"withdrawn": total - merged, "merged": merged}
    marked = select(RedactedVersion.redacted, func.count(RedactedVersion.record_pk.distinct()))
    marked = marked.where(RedactedVersion.redacted.in_(numbers)).group_by(RedactedVersion.redacted)
    for number, total in connection.execute(marked):
        found[number] |= {"redacted": total}
    return found


def _written_in(numbers: list[int]) -> Select[Any]:
    """By revision, how many records it wrote, and of how many there was something before."""
    wrote = union_all(
        *(
            select(table.recorded_from.label("number"), table.record_pk.label("pk")).where(
                table.recorded_from.in_(numbers)
            )
            for table in (Version, RedactedVersion)
        )
    ).subquery()
    ended = union_all(
        *(
            select(table.recorded_to.label("number"), table.record_pk.label("pk")).where(table.recorded_to.in_(numbers))
            for table in (Version, RedactedVersion)
        )
    ).subquery()
    same = and_(ended.c.number == wrote.c.number, ended.c.pk == wrote.c.pk)
    counts = select(wrote.c.number, func.count(), func.count(ended.c.pk))
    return counts.select_from(wrote).outerjoin(ended, same).group_by(wrote.c.number)


def revision(connection: Connection, parameters: Parameters, when: Clock) -> Document:
    """One write, and what it changed. Raises NotFound."""
    text = parameters["id"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    row = connection.execute(select(*Revision.__table__.c).where(Revision.number == number)).first()
    if row is None or number > when.revision:
        raise NotFound(f"there is no revision '{text[:20]}'; the newest is {when.revision}")
    counts = _counts(connection, [number])[number]
    return {**_summary(row, counts), "previous": row.previous, "changes": list(_changes(connection, number))}


def _changes(connection: Connection, number: int) -> Iterator[Document]:
    sources = (_written, _redacted, _redactions, _withdrawn)
    changes = [{**UNMARKED, **change} for each in sources for change in each(connection, number)]
    yield from sorted(changes, key=lambda change: (change["record"]["type"], change["record"]["id"]))


def _written(connection: Connection, number: int) -> Iterable[Document]:
    before, gone = aliased(Version), aliased(RedactedVersion)
    asked = (
        select(Version.collection, Version.record_id, Version.name, Version.document, before.document.label("before"))
        .add_columns(gone.redacted)
        .outerjoin(before, and_(before.record_pk == Version.record_pk, before.recorded_to == number))
        .outerjoin(gone, and_(gone.record_pk == Version.record_pk, gone.recorded_to == number))
        .where(Version.recorded_from == number)
    )
    for row in connection.execute(asked):
        ref = Ref(row.collection, row.record_id)
        yield {
            "change": "amended" if row.before or row.redacted else "created",
            "record": CATALOGUE.reference(ref, row.name),
            "fields": fields_changed(parse_json(row.before), parse_json(row.document)) if row.before else [],
            "diff": f"{CATALOGUE.url(ref)}/diff?from={number - 1}&to={number}" if row.before else None,
        }


def _redacted(connection: Connection, number: int) -> Iterable[Document]:
    """What the revision wrote, and is redacted."""
    before, gone = aliased(Version), aliased(RedactedVersion)
    pk = RedactedVersion.record_pk
    asked = (
        select(*RedactedVersion.__table__.c, before.pk.label("before"), gone.redacted.label("gone"))
        .outerjoin(before, and_(before.record_pk == pk, before.recorded_to == number))
        .outerjoin(gone, and_(gone.record_pk == pk, gone.recorded_to == number))
        .where(RedactedVersion.recorded_from == number)
    )
    for row in connection.execute(asked):
        yield {
            "change": "amended" if row.before or row.gone else "created",
            "record": CATALOGUE.reference(Ref(row.collection, row.record_id), None),
            "redacted": row.redacted,
        }


def _redactions(connection: Connection, number: int) -> Iterable[Document]:
    """What the revision redacted."""
    for mark in marks_of(connection, number):
        record = CATALOGUE.reference(Ref(mark.collection, mark.id), None)
        yield {"change": "redacted", "record": record, "redacted_versions": list(mark.versions)}


def _withdrawn(connection: Connection, number: int) -> Iterable[Document]:
    last, survivor = aliased(Version), aliased(Record)
    asked = (
        select(Record.collection, Record.id, last.name, survivor.id.label("into"))
        .outerjoin(last, and_(last.record_pk == Record.pk, last.recorded_to == number))
        .outerjoin(survivor, survivor.pk == Record.merged_into)
        .where(Record.withdrawn == number)
    )
    for row in connection.execute(asked):
        yield {
            "change": "merged" if row.into else "withdrawn",
            "record": CATALOGUE.reference(Ref(row.collection, row.id), row.name),
            "merged_into": CATALOGUE.reference(Ref(row.collection, row.into), None) if row.into else None,
        }


VIEWS = (
    View(
        path="/revisions",
        operation_id="list_revisions",
        summary="Every write",
        description="All writes, newest first: when, who, why, and how much.",
        item=RevisionSummary,
        answer=revisions,
        parameters={
            "actor": Parameter("Writes of this actor: the id of a key, or a command."),
            "idempotency_key": Parameter(
                "The write of a request that was sent with this `Idempotency-Key`, within 30 days: what became of it. "
                "An empty list says that nothing was written."
            ),
        },
        of_revision=False,  # what became of a request is forgotten after some time
        many=True,
        paged=True,
        group=GROUP,
    ),
    View(
        path="/revisions/{id}",
        operation_id="get_revision",
        summary="One write",
        description="When, who, why, and what it changed.",
        item=RevisionDetail,
        answer=revision,
        parts=("changes",),
        group=GROUP,
    ),
)

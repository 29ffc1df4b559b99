"""The projection of what coverage counts of records: `record_facts`, as of every revision."""

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.catalogue import CATALOGUE
from app.prepared_statements import PreparedStatement, write_rows
from app.reads.answers.records import ServedDate
from app.reads.record_columns.facts import RecordFacts, facts_of
from app.registry.clocks import recorded_at
from app.registry.collection import Catalogue
from app.registry.documents.canonical import parse_json
from app.registry.projections import Changes, Projection, beginnings_and_ends
from app.registry.records import Answer, Record
from app.registry.relations import KEYS, REVISION, pointing

COLUMNS = ("record_pk", "recorded_from", "recorded_to", "collection", "facts")
CITATIONS = frozenset(f"{collection.type}.citations" for collection in CATALOGUE)
MOST_KNOWN = 10_000
"""The dates of more sources are not kept from one chunk of records to the next."""

_ANSWERS = PreparedStatement(
    select(Answer.record_pk, Record.collection, Answer.body, Answer.periods)
    .join(Record, Record.pk == Answer.record_pk)
    .where(Answer.record_pk.in_(KEYS), recorded_at(Answer, REVISION))
)
_BEFORE = PreparedStatement(
    select(RecordFacts.record_pk, RecordFacts.collection, RecordFacts.facts).where(
        RecordFacts.record_pk.in_(KEYS), recorded_at(RecordFacts, REVISION)
    )
)
_SOURCE = PreparedStatement(
    select(Answer.body)
    .join(Record, Record.pk == Answer.record_pk)
    .where(Record.collection == "source", Record.id == bindparam("slug"), recorded_at(Answer, REVISION))
)
_CLOSE = update(RecordFacts).where(
    RecordFacts.record_pk.in_(bindparam("stale", expanding=True)), RecordFacts.recorded_to.is_(None)
)


class RecordFactsProjection(Projection):
    """What coverage counts of records."""

    name = "facts"
    tables = (RecordFacts,)

    def __init__(self, session: Session, catalogue: Catalogue, revision: int) -> None:
        super().__init__(session, catalogue, revision)
        self.dates: dict[str, ServedDate | None] = {}

    def affected(self, changes: Changes) -> set[int]:
        """Those of which the answer changed, and those that cite a source whose date did."""
        return changes.outcome["answers"] | pointing(self.session, changes.reweighed, self.revision, CITATIONS)

    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Write the rows that came out other than before, and close those."""
        connection, keys = self.session.connection(), list(record_pks)
        made = {}
        for pk, kind, body, periods in _ANSWERS.rows(connection, keys=keys, revision=self.revision):
            made[pk] = (kind, facts_of(kind, parse_json(body), parse_json(periods)[""], self._published))
        rows = _BEFORE.rows(connection, keys=keys, revision=self.revision)
        before = {pk: (kind, bytes(facts)) for pk, kind, facts in rows}
        if stale := [pk for pk, facts in before.items() if made.get(pk) != facts]:
            connection.execute(_CLOSE.values(recorded_to=self.revision), {"stale": stale})
        new = {pk: facts for pk, facts in made.items() if before.get(pk) != facts}
        rows = [(pk, self.revision, None, *facts) for pk, facts in new.items()]
        write_rows(connection, "record_facts", COLUMNS, rows)
        return {*stale, *new}

    @classmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Where rows begin and end."""
        return beginnings_and_ends(session, RecordFacts)

    def _published(self, slug: str) -> ServedDate | None:
        """The date of a source. Asked once."""
        if slug not in self.dates:
            if len(self.dates) > MOST_KNOWN:
                self.dates.clear()
            body = _SOURCE.scalar(self.session.connection(), slug=slug, revision=self.revision)
            self.dates[slug] = parse_json(body)["published"] if body else None
        return self.dates[slug]

"""The projection of what coverage counts of records: `record_facts`, as of every revision."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.catalogue import CATALOGUE
from app.prepared_statements import PreparedStatement
from app.reads.answers.records import ServedDate
from app.reads.fact_rows import Facts, FactsProjection
from app.reads.record_columns.facts import RecordFacts, facts_of
from app.registry.clocks import recorded_at
from app.registry.collection import Catalogue
from app.registry.documents.canonical import parse_json
from app.registry.projections import Changes
from app.registry.records import Answer, Record
from app.registry.relations import KEYS, REVISION, pointing

CITATIONS = frozenset(f"{collection.type}.citations" for collection in CATALOGUE)
MOST_KNOWN = 10_000
"""The dates of more sources are not kept from one chunk of records to the next."""

_ANSWERS = PreparedStatement(
    select(Answer.record_pk, Record.collection, Answer.body, Answer.periods)
    .join(Record, Record.pk == Answer.record_pk)
    .where(Answer.record_pk.in_(KEYS), recorded_at(Answer, REVISION))
)
_SOURCE = PreparedStatement(
    select(Answer.body)
    .join(Record, Record.pk == Answer.record_pk)
    .where(Record.collection == "source", Record.id == bindparam("slug"), recorded_at(Answer, REVISION))
)


class RecordFactsProjection(FactsProjection):
    """What coverage counts of records."""

    name = "facts"
    follows = ("answers",)
    tables = (RecordFacts,)
    facts = RecordFacts

    def __init__(self, session: Session, catalogue: Catalogue, revision: int) -> None:
        super().__init__(session, catalogue, revision)
        self.dates: dict[str, ServedDate | None] = {}

    def affected(self, changes: Changes) -> set[int]:
        """Those of which the answer changed, and those that cite a source whose date did."""
        return changes.outcome["answers"] | pointing(self.session, changes.reweighed, self.revision, CITATIONS)

    def _made(self, record_pks: Sequence[int]) -> dict[int, Facts]:
        rows = _ANSWERS.rows(self.session.connection(), keys=list(record_pks), revision=self.revision)
        return {
            pk: (kind, facts_of(kind, parse_json(body), parse_json(periods)[""], self._published))
            for pk, kind, body, periods in rows
        }

    def _published(self, slug: str) -> ServedDate | None:
        """The date of a source. Asked once."""
        if slug not in self.dates:
            if len(self.dates) > MOST_KNOWN:
                self.dates.clear()
            body = _SOURCE.scalar(self.session.connection(), slug=slug, revision=self.revision)
            self.dates[slug] = parse_json(body)["published"] if body else None
        return self.dates[slug]

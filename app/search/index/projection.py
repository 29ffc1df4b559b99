"""The projection of search: entries made of answers, as of every revision."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, cast

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement
from app.reads.answers.records import ServedRecord
from app.registry.clocks import recorded_at
from app.registry.collection import Catalogue
from app.registry.documents.canonical import parse_json
from app.registry.projections import Changes, Projection
from app.registry.records import Answer
from app.registry.relations import KEYS, REVISION
from app.search.index.entries import Indexed, row_of, withdraw, write
from app.search.index.tables import FTS5, SHIFT, SearchEntry, SearchName, SearchPiece, SearchWord
from app.search.index.vocabulary import Vocabulary, words_of

_BODIES = PreparedStatement(
    select(Answer.record_pk, Answer.body)
    .where(Answer.record_pk.in_(KEYS), recorded_at(Answer, REVISION))
    .order_by(Answer.record_pk)
)
_BEFORE = PreparedStatement(
    select(SearchEntry.record_pk, SearchEntry.pk, *(getattr(SearchEntry, name) for name in Indexed._fields)).where(
        SearchEntry.record_pk.in_(KEYS), recorded_at(SearchEntry, REVISION)
    )
)


class Replacement(NamedTuple):
    """A new entry of a record, and the key of the one whose place it takes."""

    record_pk: int
    row: dict[str, Any]
    before: int | None


class SearchIndex(Projection):
    """Entries, names and words: what a record is called, linked to, and otherwise says."""

    name = "search"
    follows = ("answers",)
    tables = (SearchPiece, SearchWord, SearchName, SearchEntry)
    beside_temporary: ClassVar[Mapping[str, str]] = {"sqlite": FTS5.replace("search_index", "temp.search_index", 1)}

    def __init__(self, session: Session, catalogue: Catalogue, revision: int) -> None:
        super().__init__(session, catalogue, revision)
        self.vocabulary = Vocabulary(self.connection, revision)
        self.withdrawn: dict[int, int | None] = {}

    def affected(self, changes: Changes) -> set[int]:
        """Those of which the answer changed."""
        self.withdrawn = changes.withdrawn
        return changes.outcome["answers"] | changes.withdrawn.keys()

    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Write the entries that say something else than before; a duplicate's lead to the record that stays."""
        before = self._before(record_pks)
        answered = self._answered(record_pks)
        found = list(self._replacements(answered, before))
        # what a redacted version said is not found
        silent = [pk for pk in before if pk not in answered and pk not in self.withdrawn]
        stale = [each.before for each in found if each.before] + [before[pk][0] for pk in silent]
        if stale:
            closing = update(SearchEntry).where(SearchEntry.pk.in_(stale))
            self.session.execute(closing.values(recorded_to=self.revision))
        if found:
            write(self.connection, [each.row for each in found])
            self.vocabulary.add(word for each in found for word in words_of(each.row))
        gone = [pk for pk in record_pks if pk in self.withdrawn]
        for pk in gone:
            withdraw(self.connection, pk, self.withdrawn[pk], self.revision)
        return {*gone, *silent, *(each.record_pk for each in found)}

    def _answered(self, record_pks: Sequence[int]) -> dict[int, str]:
        """The answers of the records, as JSON."""
        rows = _BODIES.rows(self.connection, keys=list(record_pks), revision=self.revision)
        return {pk: body for pk, body in rows}  # noqa: C416 - a row is no pair

    def _replacements(
        self, answered: Mapping[int, str], before: Mapping[int, tuple[int, Indexed]]
    ) -> Iterator[Replacement]:
        """The records whose text changed."""
        for pk, body in answered.items():
            old = before.get(pk)
            answer = cast(ServedRecord, parse_json(body))
            if row := row_of(self.catalogue, pk, self.revision, answer, old):
                yield Replacement(pk, row, old[0] if old else None)

    def _before(self, record_pks: Sequence[int]) -> dict[int, tuple[int, Indexed]]:
        """The entries of the records themselves, not of duplicates that were merged into them."""
        rows = _BEFORE.rows(self.connection, keys=list(record_pks), revision=self.revision)
        return {row[0]: (row[1], Indexed(*row[2:])) for row in rows if row[1] >> SHIFT == row[0]}

    @classmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Where entries begin."""
        for row in session.execute(select(SearchEntry.recorded_from, SearchEntry.record_pk)):
            yield row.recorded_from, row.record_pk

    @classmethod
    def clear(cls, session: Session) -> None:
        """Take away everything; on SQLite the text index first, for it takes its text from the entries."""
        if session.connection().dialect.name == "sqlite":
            session.execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))
        super().clear(session)

    @classmethod
    def index_differences(cls, session: Session) -> Iterator[int]:
        """The records of which the text index of SQLite has words that the entries do not have, or lacks some."""
        if session.connection().dialect.name != "sqlite":
            return
        session.execute(text("INSERT INTO temp.search_index (search_index) VALUES ('rebuild')"))
        for schema, name in (("main", "kept_word"), ("temp", "made_word")):
            session.execute(
                text(f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab('{schema}', 'search_index', 'instance')")
            )
        for one, other in (("kept_word", "made_word"), ("made_word", "kept_word")):
            asked = f"SELECT term, doc FROM {one} EXCEPT SELECT term, doc FROM {other}"  # noqa: S608 - names of ours
            yield from {doc >> SHIFT for _, doc in session.execute(text(asked))}

    @classmethod
    def owner(cls, row: Any) -> int | str:
        """The record of an entry or a name, else the word."""
        if "pk" in row._mapping:
            return int(row.pk) >> SHIFT
        return str(row.word)

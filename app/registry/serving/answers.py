"""The projection of answers: records as they are served, so that a read only hands them out.

An answer shows more than its own record: the names of what it points to, lists derived from what points to it, and how
long each part of it held.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement, write_rows
from app.registry.clocks import recorded_at
from app.registry.collection import Catalogue
from app.registry.projections import Changes, Projection, beginnings_and_ends
from app.registry.records import Answer, StateRun
from app.registry.relations import KEYS, REVISION, pointed_to, pointing
from app.registry.serving.references import References
from app.registry.serving.rendering import AnswerRendering, Made

ANSWER_COLUMNS = ("record_pk", "recorded_from", "collection", "record_id", "body", "periods", "evidence_day")
STATE_COLUMNS = ("record_pk", "recorded_from", "recorded_to", "name", "first_day", "until_day", "value", "record_id")


_BEFORE = PreparedStatement(
    select(Answer.record_pk, Answer.body, Answer.periods).where(
        Answer.record_pk.in_(KEYS), recorded_at(Answer, REVISION)
    )
)


class Answers(Projection):
    """Answers, with the runs of days of their states."""

    name = "answers"
    follows = ("periods",)
    tables = (StateRun, Answer)

    def __init__(self, session: Session, catalogue: Catalogue, revision: int) -> None:
        super().__init__(session, catalogue, revision)
        self.references = References(session, catalogue, revision)

    def affected(self, changes: Changes) -> set[int]:
        """Those that changed, or of which a period did; those that show a name that changed; those whose derived lists
        are made of any of these, before the revision or after; and those with a derived field that looks further: of
        what weighs as evidence, only those that cite what weighs otherwise now.
        """
        showing = changes.touched | changes.outcome["periods"]
        showing |= pointing(self.session, changes.renamed, self.revision)
        showing |= pointed_to(self.session, showing, self.revision, self.catalogue.incoming_fields)
        citing = pointing(self.session, changes.reweighed, self.revision, self.catalogue.weighed_fields)
        return showing | citing | pointing(self.session, showing, self.revision, self.catalogue.watched_fields)

    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Make the answers of these records as of the revision; those that come out the same stay."""
        made = AnswerRendering(self.session, self.catalogue, self.revision, self.references, record_pks).answers()
        rows = _BEFORE.rows(self.connection, keys=list(record_pks), revision=self.revision)
        before = {pk: (body, periods) for pk, body, periods in rows}
        stale = [pk for pk, said in before.items() if pk not in made or made[pk].kept != said]
        self._close(stale)
        new = {pk: answer for pk, answer in made.items() if before.get(pk) != answer.kept}
        self._write(new)
        return {*stale, *new}

    def _close(self, record_pks: Sequence[int]) -> None:
        if not record_pks:
            return
        for table in (Answer, StateRun):
            closing = update(table).where(table.record_pk.in_(record_pks), recorded_at(table, self.revision))
            self.session.execute(closing.values(recorded_to=self.revision))

    def _write(self, made: Mapping[int, Made]) -> None:
        number = self.revision
        rows = [(pk, number, *answer.ref, *answer.kept, answer.evidence_day) for pk, answer in made.items()]
        runs = [
            (pk, number, None, name, *run, answer.ref[1])
            for pk, answer in made.items()
            for name, found in answer.states.items()
            for run in found
        ]
        write_rows(self.connection, "answer", ANSWER_COLUMNS, rows)
        write_rows(self.connection, "state", STATE_COLUMNS, runs)

    @classmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Where answers begin and end."""
        return beginnings_and_ends(session, Answer)

"""By what a filtered list finds its records: of that, and not of the record, its presence speaks."""

from sqlalchemy import Connection, bindparam, exists, select
from sqlalchemy.orm import aliased

from app.api.list_parameters import filters
from app.api.list_shapes import Selection
from app.api.list_values import groups_of
from app.api.lists import Question
from app.prepared_statements import PreparedStatement
from app.registry.clocks import held_on, period_columns, recorded_at
from app.registry.collection import By
from app.registry.documents.references import Ref
from app.registry.presence import Period, Presence, strongest
from app.registry.records import PeriodRow, Record
from app.registry.serving.as_of import PartMatch

_REFS = PreparedStatement(select(Record.collection, Record.id).where(Record.pk.in_(bindparam("keys", expanding=True))))


def matches(connection: Connection, selection: Selection) -> list[PartMatch]:
    """By which dated parts the filters find a record, on reads that ask for a day: it is asked how sure these are."""
    question = selection.question
    if not question.when.days:
        return []
    dated = {name for name, _ in question.collection.plan.held_parts}
    found = []
    for name, by in filters(question.collection).items():
        fields = tuple(field for field in by.fields if field in dated)
        if name in question.parameters and (fields or by.detour):
            for pks in groups_of(selection.values, name):
                match = PartMatch(fields, frozenset(Ref(*row) for row in _REFS.rows(connection, keys=pks)))
                found.append(_by_way(connection, question, by, pks, match) if by.detour else match)
    return found


def _by_way(connection: Connection, question: Question, by: By, pks: list[int], match: PartMatch) -> PartMatch:
    """The match, with how sure each record that is on the way was related to a target on the days asked for."""
    detour, days = by.detour, question.when.days
    if detour is None or days is None:
        return match
    then, first = aliased(PeriodRow), aliased(PeriodRow)
    on_the_way = exists().where(
        first.target_pk == then.record_pk,
        first.field == f"{question.collection.type}.{detour.first}",
        recorded_at(first, question.when.revision),
    )
    asked = (
        select(Record.collection, Record.id, *period_columns(then))
        .join(Record, Record.pk == then.record_pk)
        .where(then.field.in_(detour.then), then.target_pk.in_(pks), on_the_way)
        .where(recorded_at(then, question.when.revision), held_on(then, days))
    )
    found = dict.fromkeys(match.refs, Presence.CERTAIN) if detour.first in by.fields else {}
    for kind, slug, *period in connection.execute(asked):
        ref = Ref(kind, slug)
        found[ref] = strongest((found.get(ref, Presence.ABSENT), Period(*period).presence(days)))
    return match._replace(way=detour.first, by_way=found, unless=detour.unless)

"""The projection of what is counted of units: `unit_facts`, as of every revision."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.catalogue import UNITS
from app.collaborations.models import JointUnitColumns
from app.prepared_statements import PreparedStatement, write_rows
from app.reads.unit_columns.blocks import LIFECYCLE
from app.reads.unit_columns.facts import UnitFacts, numbers, packed
from app.registry.clocks import period_columns, recorded_at
from app.registry.presence import Days
from app.registry.projections import Changes, Projection, beginnings_and_ends
from app.registry.records import PeriodRow, StateRun, Version
from app.registry.relations import FIELDS, KEYS, REVISION

ALLIANCE, FUNCTIONS, PARTICIPANTS = (f"{UNITS.type}.{name}" for name in ("alliance", "functions", "participants"))
COLUMNS = ("record_pk", "recorded_from", "recorded_to", "kind", "own", "functions", "participants", "runs")
Facts = tuple[str | None, bytes, bytes, bytes, bytes]
"""The columns of a row that say what is counted, in the order of COLUMNS."""

_UNITS = PreparedStatement(
    select(Version.record_pk, JointUnitColumns.kind)
    .join(JointUnitColumns, JointUnitColumns.version_pk == Version.pk)
    .where(Version.record_pk.in_(KEYS), Version.collection == UNITS.type, recorded_at(Version, REVISION))
)
_PERIODS = PreparedStatement(
    select(PeriodRow.record_pk, PeriodRow.field, PeriodRow.target_pk, *period_columns()).where(
        PeriodRow.record_pk.in_(KEYS), PeriodRow.field.in_(FIELDS), recorded_at(PeriodRow, REVISION)
    )
)
_RUNS = PreparedStatement(
    select(StateRun.record_pk, StateRun.first_day, StateRun.until_day, StateRun.value)
    .where(StateRun.record_pk.in_(KEYS), StateRun.name == "lifecycle", recorded_at(StateRun, REVISION))
    .order_by(StateRun.record_pk, StateRun.first_day)
)
_BEFORE = PreparedStatement(
    select(*(getattr(UnitFacts, name) for name in COLUMNS if name not in ("recorded_from", "recorded_to"))).where(
        UnitFacts.record_pk.in_(KEYS), recorded_at(UnitFacts, REVISION)
    )
)
_CLOSE = update(UnitFacts).where(
    UnitFacts.record_pk.in_(bindparam("stale", expanding=True)), UnitFacts.recorded_to.is_(None)
)


class UnitFactsProjection(Projection):
    """What is counted of units."""

    name = "units"
    tables = (UnitFacts,)

    def affected(self, changes: Changes) -> set[int]:
        """Those of which a period or the answer changed."""
        return changes.outcome["periods"] | changes.outcome["answers"]

    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Write the rows that came out other than before, and close those."""
        made = self._facts(record_pks)
        connection = self.session.connection()
        rows = _BEFORE.rows(connection, keys=list(record_pks), revision=self.revision)
        before: dict[int, Facts] = {pk: (kind, *map(bytes, found)) for pk, kind, *found in rows}
        stale = [pk for pk, facts in before.items() if made.get(pk) != facts]
        if stale:
            connection.execute(_CLOSE.values(recorded_to=self.revision), {"stale": stale})
        new = {pk: facts for pk, facts in made.items() if before.get(pk) != facts}
        write_rows(connection, "unit_facts", COLUMNS, [(pk, self.revision, None, *facts) for pk, facts in new.items()])
        return {*stale, *new}

    @classmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Where rows begin and end."""
        return beginnings_and_ends(session, UnitFacts)

    def _facts(self, record_pks: Sequence[int]) -> dict[int, Facts]:
        """What is counted of those of the records that are units."""
        kinds = dict(self._ask(_UNITS, record_pks))
        if not kinds:
            return {}
        keys = list(kinds)
        own: dict[int, Days] = {}
        alliances: dict[int, int] = {}
        functions: dict[int, list[int]] = defaultdict(list)
        parts: dict[int, list[tuple[int, Days]]] = defaultdict(list)
        for pk, field, target, *days in self._ask(_PERIODS, keys, fields=["", ALLIANCE, FUNCTIONS, PARTICIPANTS]):
            if field == PARTICIPANTS:
                parts[pk].append((target, days))
            elif field == FUNCTIONS:
                functions[pk].append(target)
            elif field == ALLIANCE:
                alliances[pk] = target
            else:
                own[pk] = days
        runs: dict[int, list[int]] = defaultdict(list)
        for pk, first, until, value in self._ask(_RUNS, keys):
            runs[pk] += (first, until, LIFECYCLE.values.index(value) + 1)
        return {
            pk: (
                kinds[pk],
                packed(alliances.get(pk, 0), own[pk]),
                numbers(sorted(functions[pk])),
                b"".join([packed(*part) for part in sorted(parts[pk])]),
                numbers(runs[pk]),
            )
            for pk in keys
        }

    def _ask(self, statement: PreparedStatement, record_pks: Sequence[int], **more: Any) -> list[Any]:
        """The rows of these records at the revision."""
        return statement.rows(self.session.connection(), keys=list(record_pks), revision=self.revision, **more)

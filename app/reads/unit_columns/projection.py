"""The projection of what is counted of units: `unit_facts`, as of every revision."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.catalogue import UNITS
from app.collaborations.models import JointUnitColumns
from app.prepared_statements import PreparedStatement
from app.reads.fact_rows import Facts, FactsProjection
from app.reads.unit_columns.blocks import LIFECYCLE
from app.reads.unit_columns.facts import UnitFacts, numbers, packed
from app.registry.clocks import period_columns, recorded_at
from app.registry.presence import Days
from app.registry.projections import Changes
from app.registry.records import PeriodRow, StateRun, Version
from app.registry.relations import FIELDS, KEYS, REVISION

ALLIANCE, FUNCTIONS, PARTICIPANTS = (f"{UNITS.type}.{name}" for name in ("alliance", "functions", "participants"))

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


class UnitFactsProjection(FactsProjection):
    """What is counted of units."""

    name = "units"
    follows = ("periods", "answers")
    tables = (UnitFacts,)
    facts = UnitFacts

    def affected(self, changes: Changes) -> set[int]:
        """Those of which a period or the answer changed."""
        return changes.outcome["periods"] | changes.outcome["answers"]

    def _made(self, record_pks: Sequence[int]) -> dict[int, Facts]:
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

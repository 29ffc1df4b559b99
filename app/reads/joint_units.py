"""Joint units as they are counted: when each held, and what it is counted under. Pointers alone, no documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select
from sqlalchemy.orm import aliased

from app.api import lists
from app.api.list_parameters import list_query
from app.api.list_values import groups_of
from app.api.parameters import Parameters, choose, split
from app.api.query_models import WITH_COMMAS, ListQuery
from app.api.view import Parameter
from app.catalogue import UNITS
from app.collaborations.models import JointUnitColumns
from app.collaborations.schemas import Lifecycle
from app.reads.calendar import Calendar
from app.registry.clocks import held_on, own_period, period_columns, recorded_at
from app.registry.collection import Run
from app.registry.dates import EVER, Span
from app.registry.lapse import Lapse
from app.registry.presence import Period
from app.registry.records import PeriodRow, Pointer, Record, StateRun, Version
from app.registry.serving.statements import Clock

BROADER = "function.broader"
Conditions = list[ColumnElement[bool]]


def _filters() -> dict[str, Parameter]:
    """The filters of the list of units, as its query model describes them."""
    described = list_query(UNITS).model_json_schema()["properties"]
    shaping = ListQuery.names() - {"id", "name"}
    said = ("title", "description", "default", *WITH_COMMAS)
    return {
        name: Parameter(schema["description"], {key: value for key, value in schema.items() if key not in said})
        for name, schema in described.items()
        if name not in shaping
    }


PARAMETERS = _filters()
"""The filters of a count of units: those of the list of units, read the same way."""
LIFECYCLE = PARAMETERS["lifecycle"]


@dataclass(slots=True)
class Unit:
    """What is counted of one unit."""

    kind: str | None
    period: Period
    forces: dict[int, list[Period]] = field(default_factory=dict)
    functions: list[int] = field(default_factory=list)
    alliance: int | None = None
    runs: list[Run] = field(default_factory=list)
    """The runs of days of its lifecycle, where that is asked for."""


@dataclass(frozen=True)
class UnitSelection:
    """The units that the filters leave, and the sets of forces of which one must take part in each."""

    connection: Connection
    when: Clock
    days: Span
    question: lists.Question
    conditions: Conditions
    forces: list[frozenset[int]]
    lifecycle: tuple[str, ...]
    """The lifecycles of which a unit must have one in the stretch in which it counts; none: whatever it has."""

    @property
    def revision(self) -> int:
        """The revision that is asked."""
        return self.when.revision

    @property
    def lapse(self) -> Lapse | None:
        """How long a presumption lasts."""
        return self.when.lapse

    def among(self, keys: Iterable[int]) -> "UnitSelection":
        """Those of these units."""
        return replace(self, conditions=[*self.conditions, Version.record_pk.in_(list(keys))])


def asked(connection: Connection, parameters: Parameters, when: Clock, days: Span) -> UnitSelection:
    """The units that match the filters on some day. Raises Unsupported, as the list of units does."""
    chosen = {name: parameters[name] for name in PARAMETERS if name in parameters}
    # on days, a unit may have a lifecycle in some stretches and not in others
    lifecycle = tuple(split("lifecycle", chosen.pop("lifecycle"))) if days != EVER and "lifecycle" in chosen else ()
    for value in lifecycle:
        choose("lifecycle", value, Lifecycle)
    question = lists.ask(UNITS, chosen, when if days == EVER else when._replace(days=days), None)
    values = lists.read(connection, question)
    return UnitSelection(
        connection,
        when,
        days,
        question=question,
        conditions=lists.stated(question, values),
        forces=[frozenset(keys) for keys in groups_of(values, "force")],
        lifecycle=lifecycle,
    )


def having(asked: UnitSelection, calendar: Calendar) -> dict[int, int]:
    """For each unit by its key, the stretches in which it has one of the lifecycles that are asked for, as bits."""
    state = UNITS.states["lifecycle"]
    return {
        key: calendar.having(state, unit.runs, asked.lifecycle, calendar.held(unit.period))
        for key, unit in load(asked, ()).items()
    }


def load(asked: UnitSelection, parts: Iterable[str]) -> dict[int, Unit]:
    """The units by their keys, with what each points to in these fields: "participants", "functions", "alliance"."""
    own = aliased(PeriodRow)
    columns = period_columns(own)
    selected = _units(asked, Version.record_pk, JointUnitColumns.kind, *columns)
    rows = asked.connection.execute(selected.join(own, own_period(Version.record_pk, asked.revision, own)))
    units = {row[0]: Unit(row[1], Period(*row[2:]).lapsed(asked.lapse)) for row in rows}
    for key, *run in asked.connection.execute(_runs(asked)) if asked.lifecycle else ():
        units[key].runs.append((run[0], run[1], run[2]))
    for part in parts:
        for key, target, *period in asked.connection.execute(_pointers(asked, part)):
            unit = units[key]
            if part == "participants":
                unit.forces.setdefault(target, []).append(Period(*period).lapsed(asked.lapse))
            elif part == "functions":
                unit.functions.append(target)
            else:
                unit.alliance = target
    return units


def _units(asked: UnitSelection, *columns: Any) -> Any:
    found = select(*columns).select_from(Version)
    return found.join(JointUnitColumns, JointUnitColumns.version_pk == Version.pk).where(*asked.conditions)


def _runs(asked: UnitSelection) -> Any:
    run = aliased(StateRun)
    found = _units(asked, run.record_pk, run.first_day, run.until_day, run.value)
    found = found.join(run, and_(run.record_pk == Version.record_pk, recorded_at(run, asked.revision)))
    return found.where(run.name == "lifecycle")


def _pointers(asked: UnitSelection, part: str) -> Any:
    # an alias: the conditions look at periods themselves
    row = aliased(PeriodRow)
    columns = period_columns(row) if part == "participants" else []
    found = _units(asked, row.record_pk, row.target_pk, *columns)
    found = found.join(row, and_(row.record_pk == Version.record_pk, recorded_at(row, asked.revision)))
    found = found.where(row.field == f"{UNITS.type}.{part}")
    if part != "participants":
        return found
    forces = select(Record.pk).where(Record.collection == "force")
    return found.where(row.target_pk.in_(forces), held_on(row, asked.days))


def broadest(connection: Connection, revision: int) -> Mapping[int, int]:
    """For each function that has a broader one, the broadest above it."""
    above = select(Pointer.record_pk, Pointer.target_pk)
    rows = connection.execute(above.where(Pointer.field == BROADER, recorded_at(Pointer, revision)))
    broader = {row.record_pk: row.target_pk for row in rows}
    return {narrow: _top(narrow, broader) for narrow in broader}


def _top(function: int, broader: Mapping[int, int]) -> int:
    passed: set[int] = set()
    while function in broader and function not in passed:
        passed.add(function)
        function = broader[function]
    return function

"""What organisations take part in: units by columns, and one by one what columns have no answer for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from app.analysis.network.column_sharing import ColumnSharing
from app.analysis.network.sharing import EVERYWHERE, NetworkQuestion, Participations, Sharing
from app.api import lists
from app.api.parameters import Parameters, choose, invalid
from app.catalogue import AGREEMENTS, ALLIANCES, UNITS
from app.reads import joint_units
from app.reads.joint_units import UnitSelection
from app.reads.snapshots import days_asked
from app.reads.unit_columns.kept_blocks import unit_columns
from app.reads.unit_columns.selection import RowSelection
from app.registry.chunks import chunked
from app.registry.clocks import held_on, period_columns, recorded_at
from app.registry.presence import Period
from app.registry.records import PeriodRow, Version
from app.registry.serving.statements import Clock

TYPES = {UNITS.type: (UNITS, "participants"), ALLIANCES.type: (ALLIANCES, "participants")}
TYPES[AGREEMENTS.type] = (AGREEMENTS, "parties")
"""What organisations can have in common, and the field that names them."""
FILTERS = ("force", "function", "alliance", "lifecycle")


class ThingSelection(NamedTuple):
    """Of what type the things are, the list of them that is asked for, and when a unit among them counts."""

    connection: Connection
    kind: str
    question: lists.Question
    counting: UnitSelection | None
    """The units with the lifecycles in which they count, which they may have in some stretches and not in others."""

    @property
    def lifecycles(self) -> tuple[str, ...]:
        """These lifecycles."""
        return self.counting.lifecycle if self.counting else ()


def shared_things(connection: Connection, parameters: Parameters, when: Clock, asked: NetworkQuestion) -> Sharing:
    """What organisations share on the days asked for. Raises Unsupported."""
    selection, sharing = _selection(connection, parameters, when), Sharing(asked)
    if not _answered_by_columns(selection, asked):
        _add_one_by_one(selection, sharing, None)
        return sharing
    columns, rows = unit_columns(connection, when), RowSelection(connection, selection.question)
    for block in columns.blocks:
        ColumnSharing(
            block=block,
            rows=rows.rows(block),
            sharing=sharing,
            lapse=when.lapse,
            in_series="interval" in parameters,
            lifecycles=selection.lifecycles,
        ).add()
    for keys in chunked(sorted(columns.apart)):
        _add_one_by_one(selection, sharing, keys)
    return sharing


def _selection(connection: Connection, parameters: Parameters, when: Clock) -> ThingSelection:
    kind = choose("type", parameters.get("type", UNITS.type), TYPES)
    chosen = {name: parameters[name] for name in (*FILTERS, "certainty") if name in parameters}
    for name in chosen.keys() - {"force", "certainty"} if kind != UNITS.type else ():
        raise invalid(name, f"is for type={UNITS.type}; leave it out for type={kind}")
    counting = None
    if "interval" in parameters and "lifecycle" in chosen:
        counting = joint_units.asked(connection, chosen, when, days_asked(when))
        del chosen["lifecycle"]
    return ThingSelection(connection, kind, lists.ask(TYPES[kind][0], chosen, when, None), counting)


def _answered_by_columns(selection: ThingSelection, asked: NetworkQuestion) -> bool:
    """Whether it can be: of several days, no column says when the presumption of two parts together lapses."""
    if selection.kind != UNITS.type:
        return False
    return selection.question.when.lapse is None or all(stretch.single for stretch in asked.whole.stretches(None))


def _add_one_by_one(selection: ThingSelection, sharing: Sharing, keys: Iterable[int] | None) -> None:
    """Count the things one after the other: all of them, or those with these keys."""
    having = None
    if selection.counting:
        counting = selection.counting if keys is None else selection.counting.among(keys)
        having = joint_units.having(counting, sharing.asked.stretches)
    for key, parts in _parts(selection, sharing.asked, keys):
        sharing.add(key, parts, EVERYWHERE if having is None else having.get(key, 0))


def _parts(
    selection: ThingSelection, asked: NetworkQuestion, keys: Iterable[int] | None
) -> Iterator[tuple[int, Participations]]:
    """Who takes part in what, one thing after the other."""
    collection, field = TYPES[selection.kind]
    when = selection.question.when
    # an alias: the conditions look at periods themselves
    row = aliased(PeriodRow)
    columns = period_columns(row)
    statement = (
        select(row.record_pk, row.target_pk, *columns)
        .where(recorded_at(row, when.revision))
        .join(Version, Version.record_pk == row.record_pk)
        .join(collection.table, collection.table.version_pk == Version.pk)
        .where(*lists.conditions(selection.connection, selection.question))
        .where(row.field == f"{selection.kind}.{field}", held_on(row, days_asked(when), asked.weakest))
    )
    if keys is not None:
        statement = statement.where(row.record_pk.in_(list(keys)))
    found: dict[int, dict[int, list[Period]]] = defaultdict(lambda: defaultdict(list))
    for record, organisation, *period in selection.connection.execute(statement):
        found[record][organisation].append(Period(*period).lapsed(when.lapse))
    yield from found.items()

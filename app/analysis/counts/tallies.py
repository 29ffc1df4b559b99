"""The counts of all groups: by columns, and one unit after the other where columns have no answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.analysis.counts.column_groups import ColumnGroups, ColumnQuestion
from app.analysis.counts.grouping import Dimension, GroupKey, groups
from app.reads import joint_units
from app.reads.calendar import AskedStretch, Calendar
from app.reads.joint_units import UnitSelection
from app.reads.unit_columns.bit_columns import places_of
from app.reads.unit_columns.kept_blocks import unit_columns
from app.reads.unit_columns.selection import RowSelection
from app.registry.chunks import chunked
from app.registry.presence import SHOWN
from app.registry.records import Record

Tallies = dict[GroupKey, list[dict[str, int]]]
"""For each group its counts, one for each stretch: `{("operational",): [{"certain": 3, …}, …]}`."""


def tallies(
    asked: UnitSelection, by: Sequence[Dimension], calendar: Calendar, wider: Mapping[int, int], parts: Sequence[str]
) -> Tallies:
    """The counts of the units by their groups, as `grouping.groups` has these; `parts`: the fields they are made of."""
    forces = frozenset(asked.connection.scalars(select(Record.pk).where(Record.collection == "force")))
    question = ColumnQuestion(by, asked.forces, wider, asked.lifecycle, forces)
    stretches = calendar.stretches(asked.lapse)
    if not question.answered_by_columns(stretches):
        return _one_by_one(asked, question, calendar, parts)
    columns = unit_columns(asked.connection, asked.when)
    found: Tallies = {}
    apart = set(columns.apart)
    selection = RowSelection(asked.connection, asked.question)
    for block in columns.blocks:
        rows = selection.rows(block)
        unanswered = ColumnGroups(block, rows, question).unanswered(stretches[0])
        apart.update(block.keys[place] for place in places_of(unanswered))
        _add(found, _of_groups(ColumnGroups(block, rows ^ unanswered, question), calendar, stretches))
    for keys in chunked(sorted(apart)):
        _add(found, _one_by_one(asked.among(keys), question, calendar, parts))
    return found


def _one_by_one(asked: UnitSelection, question: ColumnQuestion, calendar: Calendar, parts: Sequence[str]) -> Tallies:
    units = joint_units.load(asked, parts).values()
    found = groups(units, question.by, calendar, question.required, question.wider, lifecycle=question.lifecycle)
    return {key: calendar.counts(held) for key, held in found.items()}


def _of_groups(groups: ColumnGroups, calendar: Calendar, stretches: Sequence[AskedStretch]) -> Tallies:
    found: dict[GroupKey, list[dict[str, int]]] = defaultdict(lambda: calendar.counts({}))
    for place, stretch in enumerate(stretches):
        for key, (certain, presumed, possible) in groups.counts(stretch):
            counts = (certain, presumed - certain, possible - presumed)
            found[key][place] = dict(zip(map(str, SHOWN), counts, strict=True))
    return found


def _add(found: Tallies, more: Tallies) -> None:
    for key, counts in more.items():
        if key not in found:
            found[key] = counts
            continue
        for own, added in zip(found[key], counts, strict=True):
            for level, many in added.items():
                own[level] += many

"""Units put into groups: by their forces, how many these are, function, alliance and kind."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.catalogue import UNITS
from app.reads.calendar import Calendar, PresenceBits, change_points, union
from app.reads.joint_units import Unit
from app.registry.dates import Span
from app.registry.presence import Period, Presence, strongest, weakest


class Dimension(StrEnum):
    """What units can be counted by."""

    FUNCTION = "function"
    FORCE = "force"
    FORCE_COUNT = "force_count"
    ALLIANCE = "alliance"
    KIND = "kind"


GroupKey = tuple[Any, ...]
"""One value for each dimension, (17, 3, "operational"): a key, a number or a word; None: nothing is recorded."""
Groups = dict[GroupKey, Counter[PresenceBits]]
"""For each group, how many units held in which stretches."""
ForceKey = tuple[int | None, int | None]
"""A force by its key, and a number of forces: (17, 3); None where it is not counted by them, or there are none."""


def groups(
    units: Iterable[Unit],
    by: Sequence[Dimension],
    calendar: Calendar,
    required: Collection[frozenset[int]],
    wider: Mapping[int, int],
    lifecycle: Collection[str] = (),
) -> Groups:
    """The units by their groups. Of each set in `required`, a force takes part: no unit counts as more than that.

    With `lifecycle`, a unit counts in the stretches in which it has one of these.
    """
    found: Groups = defaultdict(Counter)
    for unit in units:
        held = places(unit, by, calendar)
        if lifecycle:
            having = calendar.having(UNITS.states["lifecycle"], unit.runs, lifecycle, calendar.held(unit.period))
            held = {place: one.where(having) for place, one in held.items()}
        for forces in required:
            parts = [period for force in forces for period in unit.forces.get(force, ())]
            most = _either(parts, calendar)
            held = {place: one & most for place, one in held.items()}
        for place, one in held.items():
            if one.possible:
                for key in _keys(unit, place, by, wider):
                    found[key][one] += 1
    return found


def _keys(unit: Unit, place: ForceKey, by: Sequence[Dimension], wider: Mapping[int, int]) -> Iterable[GroupKey]:
    """The groups of a unit in one place: one for each function, else just one."""
    functions: Collection[int | None] = [None]
    if Dimension.FUNCTION in by and unit.functions:
        functions = {wider.get(function, function) for function in unit.functions}
    if tuple(by) == (Dimension.FORCE,):  # by far the most
        return (place[:1],)
    return [
        tuple({**_values(unit, place), Dimension.FUNCTION: function}[name] for name in by) for function in functions
    ]


def _values(unit: Unit, place: ForceKey) -> dict[Dimension, Any]:
    return {
        Dimension.FORCE: place[0],
        Dimension.FORCE_COUNT: place[1],
        Dimension.ALLIANCE: unit.alliance,
        Dimension.KIND: unit.kind,
    }


def places(unit: Unit, by: Sequence[Dimension], calendar: Calendar) -> dict[ForceKey, PresenceBits]:
    """The forces of the unit, or their number, or both, as asked; neither in the stretches in which it has none."""
    whole = calendar.held(unit.period)
    apart, number = Dimension.FORCE in by, Dimension.FORCE_COUNT in by
    if not apart and not number:
        return {(None, None): whole}
    forces = {force: _either(periods, calendar) for force, periods in unit.forces.items()}
    covered = 0
    for held in forces.values():
        covered |= held.possible
    found: dict[ForceKey, PresenceBits] = {(force, None): held for force, held in forces.items()}
    if number:
        found = _by_number(unit, calendar, apart=apart)
    if alone := whole.possible & ~covered:
        found[None, None] = whole.where(alone)
    return found


def _either(periods: Sequence[Period], calendar: Calendar) -> PresenceBits:
    return calendar.held(periods[0]) if len(periods) == 1 else union(map(calendar.held, periods))


def _by_number(unit: Unit, calendar: Calendar, *, apart: bool) -> dict[ForceKey, PresenceBits]:
    """When the unit had how many forces, asked of every day; with `apart`, which ones."""
    periods = {unit.period, *(period for parts in unit.forces.values() for period in parts)}
    if len(periods) == 1 and unit.forces:  # the rule: all were in it as long as it was
        names = unit.forces if apart else [None]
        return {(force, len(unit.forces)): calendar.held(unit.period) for force in names}
    found: dict[ForceKey, PresenceBits] = {}
    for days in change_points(calendar.days, periods):
        bits = calendar.bits(days.earliest, days.latest + 1)
        for place, presence in _on(unit, days, apart):
            certain, presumed = presence is Presence.CERTAIN, presence is not Presence.POSSIBLE
            held = PresenceBits(bits if certain else 0, bits if presumed else 0, bits)
            found[place] = found[place] | held if place in found else held
    return found


def _on(unit: Unit, days: Span, apart: bool) -> Iterator[tuple[ForceKey, Presence]]:
    """The numbers of forces on one of the days, all alike. None of them is absent, and so is no unit."""
    forces = {force: strongest(period.presence(days) for period in periods) for force, periods in unit.forces.items()}
    forces = {force: presence for force, presence in forces.items() if presence is not Presence.ABSENT}
    sure = {force for force, presence in forces.items() if _counts(presence, unit.period.presence(days))}
    if not forces:
        return
    if not sure or len(sure) == len(forces):
        numbers = {len(forces): weakest(forces.values())}
    else:
        numbers = dict.fromkeys(range(len(sure), len(forces) + 1), Presence.POSSIBLE)
    for number, presence in numbers.items():
        if not apart:
            yield (None, number), presence
            continue
        for force, own in forces.items():
            if force in sure or number > len(sure):
                yield (force, number), weakest([own, presence])


def _counts(force: Presence, unit: Presence) -> bool:
    """Whether the force is one of the unit's for all that is known: as sure as the unit, or not said to have left."""
    return force is not Presence.POSSIBLE or unit is Presence.POSSIBLE

"""Both clocks as SQL has them: what was recorded at a revision, and what held on some days."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, literal, or_

from app.registry.dates import Span
from app.registry.presence import Presence
from app.registry.records import PERIOD_COLUMNS, PeriodRow


def recorded_at(table: Any, revision: Any) -> ColumnElement[bool]:
    """What of the table the registry said at the revision."""
    return and_(table.recorded_from <= revision, or_(table.recorded_to.is_(None), table.recorded_to > revision))


def recorded_by(table: Any, revision: Any) -> ColumnElement[bool]:
    """What of the table the registry said at the revision, or until that took its place."""
    return or_(recorded_at(table, revision), table.recorded_to == revision)


def period_columns(row: Any = PeriodRow) -> list[Any]:
    """The columns of the days, in the order of `app.registry.presence.Period`."""
    return [getattr(row, name) for name in PERIOD_COLUMNS]


def own_period(record_pk: Any, revision: Any, row: Any = PeriodRow) -> ColumnElement[bool]:
    """The row of periods that says when the record itself held."""
    return and_(
        row.record_pk == record_pk,
        row.field == "",
        row.position == 0,
        row.target_pk == record_pk,
        recorded_at(row, revision),
    )


def held_on(row: Any, days: Any, weakest: Presence = Presence.POSSIBLE) -> ColumnElement[bool]:
    """The rows of periods that held on `days`, at least as surely as `weakest`: `presence.presence_of`, in SQL.

    `days` are a Span, or BoundDays.
    """
    possible = _meets(row.begins_earliest, row.possible_until, days)
    if weakest is Presence.POSSIBLE:
        return possible
    certain = or_(_meets(row.begins_latest, row.certain_until, days), _some_day_certain(row, days))
    if weakest is Presence.CERTAIN:
        return and_(possible, certain)
    since = days.presumed_since
    rests = or_(row.certain_until > since, row.begins_latest >= since)
    return and_(possible, or_(certain, and_(_meets(row.begins_latest, row.presumed_until, days), rests)))


def _meets(begins: Any, until: Any, days: Any) -> ColumnElement[bool]:
    """Two runs of days that have one in common."""
    return and_(begins <= days.latest, until > days.earliest, until > begins)


def _some_day_certain(row: Any, days: Any) -> ColumnElement[bool]:
    """Some day of a month or a year is one of being, though no single one is certain."""
    # days are numbers, or parameters of a statement that is kept
    several: Any = days.earliest < days.latest
    return and_(
        literal(several) if isinstance(several, bool) else several,
        row.certain_until > days.earliest,
        or_(row.begins_latest <= days.latest, row.possible_until <= days.latest + 1),
    )


class BoundDays:
    """Days as parameters of a statement that is made once and asked often: `day_parameters` gives their values."""

    earliest = bindparam("earliest", type_=Integer)
    latest = bindparam("latest", type_=Integer)
    presumed_since = bindparam("presumed_since", type_=Integer)


def day_parameters(days: Span) -> dict[str, int]:
    """The values of `BoundDays`."""
    return {"earliest": days.earliest, "latest": days.latest, "presumed_since": days.presumed_since}

"""Questions about joint units that only SQL answers fast enough."""

from sqlalchemy import ColumnElement, and_, exists, not_, or_, true
from sqlalchemy.orm import aliased

from app.collaborations.models import JointUnitColumns
from app.collaborations.schemas import Lifecycle
from app.registry.dates import AFTER_ALL, Span
from app.registry.presence import Presence
from app.registry.records import Pointer, Version
from app.registry.serving.statements import held_on, recorded_at


def lifecycle_is(value: str, revision: int, days: Span | None) -> ColumnElement[bool]:
    """Units whose lifecycle has the value: the same answer as `rules.lifecycle` gives for each."""
    ended = JointUnitColumns.ended_earliest.is_not(None) if days is None else Version.possible_until <= days.earliest
    begun = true() if days is None else Version.begins_earliest <= days.latest
    proposed = _pointed_to("business-case.proposes", revision, None)
    superseded = _pointed_to("joint-unit.predecessors", revision, days)
    shown = or_(JointUnitColumns.started_earliest.is_not(None), Version.begins_latest < AFTER_ALL)
    known = and_(not_(ended), begun)
    return {
        Lifecycle.ENDED: ended,
        Lifecycle.SUPERSEDED: and_(known, superseded),
        Lifecycle.ACTIVE: and_(known, not_(superseded), shown),
        Lifecycle.PROPOSED: and_(not_(ended), proposed, or_(not_(begun), and_(not_(superseded), not_(shown)))),
    }[Lifecycle(value)]


def _pointed_to(field: str, revision: int, days: Span | None) -> ColumnElement[bool]:
    pointer = aliased(Pointer)
    asked = exists().where(
        pointer.target_pk == Version.record_pk, pointer.field == field, recorded_at(pointer, revision)
    )
    return asked.where(held_on(pointer, days, Presence.PRESUMED)) if days else asked

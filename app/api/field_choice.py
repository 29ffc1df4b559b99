"""`fields`: which fields of a record are shown, and those that are made only where they are asked for."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from app.registry.dates import iso
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.compilation import plan_of
from app.registry.documents.plan import Plan
from app.registry.documents.shapes import Shape
from app.registry.presence import Period, Presence
from app.registry.serving.statements import Clock
from app.registry.stretches import stretches_of

STRETCHES = "stretches"


class PresenceStretch(Shape):
    """Days that follow each other and on which the record was there as surely; between such days it was absent."""

    from_: Annotated[str | None, Field(alias="from", examples=["2012-04-01"])]
    """First day; null: no bound is known."""
    to: Annotated[str | None, Field(examples=["2016-05-01"])]
    """First day that is no longer of it, as with `ended`; null: until further notice."""
    presence: Presence
    """How sure it was on each of the days."""


class OnRequest(Shape):
    """Fields that a record has where `fields` names them."""

    stretches: list[PresenceStretch]
    """When the record was there, the earliest days first: what `presence` is on every single day, without `as_of`."""


def table_plan(plan: Plan, fields: list[str] | None) -> Plan:
    """The plan with these fields alone, in their order; the whole plan for None."""
    if fields is None:
        return plan
    more = plan_of(OnRequest)
    return replace(plan, fields=tuple((more if name == STRETCHES else plan).field(name) for name in fields))


def trimmed(answer: str, periods: str, fields: list[str] | None, when: Clock) -> Any:
    """What is shown of an answer: all of it as it is, or the fields chosen, and its presence where it has one."""
    if fields is None:
        return answer
    whole = parse_json(answer)
    if STRETCHES in fields:
        period = Period(*parse_json(periods)[""]).lapsed(when.lapse)
        whole[STRETCHES] = list(map(_served, stretches_of(period)))
    return {name: whole[name] for name in ("presence", *fields) if name in whole}


def _served(stretch: Any) -> Document:
    return {"from": iso(stretch.first), "to": iso(stretch.until), "presence": stretch.presence}

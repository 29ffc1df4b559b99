"""The baseline's application: `def` endpoints, a session from a dependency, ORM objects, response models."""

import os
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from benchmarks.orm import schemas
from benchmarks.orm.engine import connect
from benchmarks.orm.models import Citation, Cover, Force, Participation, Unit, UnitFunction

engine = connect(os.environ["BASELINE_DATABASE_URL"])
app = FastAPI()

WHOLE = (
    joinedload(Unit.alliance),
    selectinload(Unit.all_participants).joinedload(Participation.organisation),
    selectinload(Unit.functions_in_order).joinedload(UnitFunction.function),
    selectinload(Unit.covers).joinedload(Cover.agreement),
    selectinload(Unit.citations).joinedload(Citation.source),
)


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/v1/joint-units/{slug}", response_model=schemas.Detail)
def one(slug: str, session: SessionDep, as_of: date | None = None) -> Any:
    unit = session.scalars(select(Unit).where(Unit.id == slug).options(*WHOLE)).one_or_none()
    if unit is None:
        raise HTTPException(404)
    if as_of:
        unit.on(as_of.toordinal())
    links = {"self": unit.url, "history": f"{unit.url}/history"}
    return {"data": unit, "meta": {"as_of": as_of, "known_at": None}, "links": links}


@app.get("/v1/joint-units", response_model=schemas.Page)
def many(
    session: SessionDep,
    force: str | None = None,
    as_of: date | None = None,
    after: str | None = None,
    offset: int = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    found = list(_found(force, as_of.toordinal() if as_of else None))
    total = session.scalar(select(func.count()).select_from(Unit).where(*found))
    asked = select(Unit).where(*found).order_by(Unit.id).offset(offset).limit(limit + 1).options(*WHOLE)
    units = list(session.scalars(asked.where(Unit.id > after) if after else asked))
    following = f"/v1/joint-units?after={units[limit - 1].id}" if len(units) > limit else None
    shown = units[:limit]
    for unit in shown if as_of else ():
        unit.on(as_of.toordinal(), force)  # type: ignore[union-attr]
    meta = {"total": total, "as_of": as_of, "known_at": None}
    return {"data": shown, "meta": meta, "links": {"self": "/v1/joint-units", "next": following}}


def _found(force: str | None, day: int | None) -> Iterator[Any]:
    if day is not None:
        yield from (Unit.held_from <= day, Unit.held_until > day)
    if force is not None:
        taking = select(Participation.unit_pk).join(Force).where(Force.id == force)
        if day is not None:
            taking = taking.where(Participation.held_from <= day, Participation.held_until > day)
        yield Unit.pk.in_(taking)

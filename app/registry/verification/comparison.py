"""What is derived, made again from the versions and compared with what is kept, row by row.

It is made in temporary tables of the same names, which stand before the others: so the projections themselves make it,
and neither readers nor writers are kept waiting.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Index, MetaData, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from app.database import Base
from app.registry.projections import FORMATS, Projection, Register, rebuild
from app.registry.records import ProjectionState, Record, rows_of
from app.registry.verification.discrepancy import Discrepancy


def derived_differences(session: Session, register: Register) -> Iterator[Discrepancy]:
    """Rows that the projections would not make, and those that they would."""
    _make_temporary(session, register)
    try:
        rebuild(session, register, FORMATS)
    except Exception as error:
        yield Discrepancy(None, f"what is derived cannot be made again: {error!r:.200}")
        return
    session.flush()
    for kind in register.projections:
        yield from _projection_differences(session, kind)


def _make_temporary(session: Session, register: Register) -> None:
    connection = session.connection()
    models: list[type[Base]] = [ProjectionState]
    for kind in register.projections:
        models += kind.tables
    for model in models:
        _temporary(rows_of(model)).create(connection, checkfirst=False)
    for kind in register.projections:
        if statement := kind.beside_temporary.get(connection.dialect.name):
            connection.exec_driver_sql(statement)


def _temporary(table: Table) -> Table:
    """The table without what refers to others: temporary tables cannot, and it need not be checked."""
    columns = [Column(each.name, each.type, primary_key=each.primary_key, nullable=each.nullable) for each in table.c]
    for column in columns:
        column.autoincrement = False
    made = Table(table.name, MetaData(), *columns, prefixes=["TEMPORARY"])
    for index in table.indexes:
        Index(index.name, *(made.c[each.name] for each in index.columns))
    return made


def _projection_differences(session: Session, kind: type[Projection]) -> Iterator[Discrepancy]:
    """For each record, the tables that hold something else of it."""
    for model in reversed(kind.tables):
        found = {kind.owner(row) for row in _differing_rows(session, model)}
        for owner in sorted(found, key=str):
            yield Discrepancy(*_named(session, owner, model.__tablename__))
    for owner in sorted(kind.index_differences(session)):
        yield Discrepancy(*_named(session, owner, "the index of words"))


def _named(session: Session, owner: int | str, table: str) -> tuple[str | None, str]:
    if isinstance(owner, str):
        return None, f"{table}: '{owner}' is not as it is made of the documents"
    row = session.execute(select(Record.collection, Record.id).where(Record.pk == owner)).first()
    if row is None:
        return None, f"{table} has something of record {owner}, which is missing"
    return f"{row.collection}:{row.id}", f"{table} is not as it is made of the documents"


def _differing_rows(session: Session, model: type[Base]) -> Iterator[Any]:
    table = rows_of(model)
    kept, made = (table.to_metadata(MetaData(), schema=schema) for schema in schemas(session))
    same = and_(*(kept.c[column.name] == made.c[column.name] for column in table.primary_key))
    key = next(iter(table.primary_key)).name
    others = [each.name for each in table.c if not each.primary_key]
    other = or_(False, *(kept.c[name].is_distinct_from(made.c[name]) for name in others))
    yield from session.execute(select(*kept.c).outerjoin(made, same).where(or_(made.c[key].is_(None), other)))
    yield from session.execute(select(*made.c).outerjoin(kept, same).where(kept.c[key].is_(None)))


def schemas(session: Session) -> tuple[str, str]:
    """Where the tables are that are kept, and where the temporary ones."""
    if session.get_bind().dialect.name == "sqlite":
        return "main", "temp"
    return session.execute(select(func.current_schema())).scalar_one(), "pg_temp"

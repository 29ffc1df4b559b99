"""The schema that the migrations make is the one the models describe, to the text of every constraint."""

import re
from typing import Any

from sqlalchemy import create_engine, inspect, text

import app.catalogue
import app.search.index.tables  # noqa: F401 - these bring in every model
from app.database import Base
from tests.databases import Databases


def described(url: str) -> dict[str, Any]:
    """Every table with its columns, keys, indexes and constraints."""
    engine = create_engine(url)
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        columns = [{**column, "type": str(column["type"])} for column in inspector.get_columns(table)]
        found[table] = {
            "columns": sorted(columns, key=lambda column: str(column["name"])),
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": sorted(inspector.get_foreign_keys(table), key=str),
            "indexes": sorted(map(_plain, inspector.get_indexes(table)), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "checks": sorted(inspector.get_check_constraints(table), key=str),
        }
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version'"))
            found["sql"] = {name: sorted(_clauses(sql or "")) for name, sql in rows}
    else:
        with engine.connect() as connection:
            # how an index is made, and how much is known of a column
            asked = "SELECT indexdef FROM pg_indexes WHERE tablename <> 'alembic_version'"
            found["indexes"] = sorted(connection.scalars(text(asked)))
            asked = "SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attstattarget > 0"
            found["statistics"] = sorted(connection.scalars(text(asked)))
    engine.dispose()
    return found


def _clauses(sql: str) -> list[str]:
    """The clauses of a statement, without the frame around them: columns may stand in any order."""
    within = re.sub(r"^CREATE TABLE \S+ \(|\)\s*$", "", re.sub(r"[\s\"]+", " ", sql))
    return [clause.strip() for clause in within.split(",")]


def _plain(index: Any) -> dict[str, str]:
    """An index with its condition as text."""
    conditions = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": conditions}


def test_migrations_and_models_agree(databases: Databases, migrated: str) -> None:
    by_migrations, by_models = databases.copy(migrated), databases.copy()
    engine = create_engine(by_models)
    Base.metadata.create_all(engine)
    engine.dispose()
    assert described(by_models) == described(by_migrations)
    for url in (by_migrations, by_models):
        databases.drop(url)

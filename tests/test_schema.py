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
    facets: dict[str, dict[Any, Any]] = {  # each is asked for all tables at once
        "columns": inspector.get_multi_columns(),
        "primary key": inspector.get_multi_pk_constraint(),
        "foreign keys": inspector.get_multi_foreign_keys(),
        "indexes": inspector.get_multi_indexes(),
        "unique": inspector.get_multi_unique_constraints(),
        "checks": inspector.get_multi_check_constraints(),
    }
    found: dict[str, Any] = {
        table: {name: _plain(facet[None, table]) for name, facet in facets.items()}
        for _, table in facets["columns"]
        if table != "alembic_version"
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


def _plain(facet: Any) -> Any:
    """What is said of a table, as text and in order, to be compared."""
    if isinstance(facet, list):
        return sorted((_plain(each) for each in facet), key=str)
    if isinstance(facet, dict):
        return {name: str(value) if name == "type" else _plain(value) for name, value in facet.items()}
    return facet if facet is None or isinstance(facet, (str, int)) else str(facet)


def test_migrations_and_models_agree(databases: Databases, migrated: str) -> None:
    by_migrations, by_models = databases.copy(migrated), databases.copy()
    engine = create_engine(by_models)
    Base.metadata.create_all(engine)
    engine.dispose()
    assert described(by_models) == described(by_migrations)
    for url in (by_migrations, by_models):
        databases.drop(url)

"""Where the newest edition is read, by the database."""

from sqlalchemy import Engine

from app.api.response_cache.editions import Disposable, Editions, SqliteEditions
from app.api.response_cache.postgres_editions import PostgresEditions


def editions_of(engine: Engine, *others: Disposable) -> Editions:
    """The editions of a database; `others` go to the same."""
    return SqliteEditions(engine, *others) if engine.dialect.name == "sqlite" else PostgresEditions(engine)

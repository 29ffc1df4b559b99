"""The migrations make what the models say, and can be taken back."""

from alembic import command
from sqlalchemy import create_engine, inspect

from app.database import alembic_config, migrate


def test_the_models_have_nothing_that_the_migrations_do_not_make(database_url: str) -> None:
    command.check(alembic_config(database_url))


def test_every_migration_can_be_taken_back_and_made_again(database_url: str) -> None:
    command.downgrade(alembic_config(database_url), "base")
    assert tables(database_url) == ["alembic_version"]
    migrate(database_url)
    assert len(tables(database_url)) > 1


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    names = sorted(inspect(engine).get_table_names())
    engine.dispose()
    return names

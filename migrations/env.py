"""What Alembic runs: migrates over the connection it is handed, or over one of its own to the configured URL."""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

import app.catalogue  # noqa: F401 - brings in every model
from app.database import Base


def migrate_over(connection: Connection) -> None:
    # batches always: a migration written on one database must also run on the other
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


def migrate_configured_url() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    if not url:
        raise RuntimeError("no connection and no sqlalchemy.url to migrate")
    with create_engine(url, poolclass=NullPool).connect() as connection:
        migrate_over(connection)


handed_in = context.config.attributes.get("connection")
if handed_in is None:
    migrate_configured_url()
else:
    migrate_over(handed_in)

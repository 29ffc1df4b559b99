"""What Alembic runs: migrates over the connection it is handed, or over one of its own to the configured URL."""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

import app.catalogue
import app.search.index.tables  # noqa: F401 - these bring in every model
from app.database import Base


def modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table or index is a matter of the models; the text index, with what SQLite keeps for it, is not."""
    return kind not in ("table", "index") or not str(name).startswith("search_index")


def migrate_over(connection: Connection) -> None:
    # batches always: a migration written on one database must also run on the other
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, include_name=modelled)
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

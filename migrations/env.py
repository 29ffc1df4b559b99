"""What Alembic runs, over the connection of whoever asks for it: one transaction, which they begin and commit.

Nothing here or in a migration knows the application: a migration does the same whatever became of the code since.
The models, for commands that compare the schema with them, come with the configuration.
"""

from alembic import context


def modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table or index is a matter of the models; the text index, with what SQLite keeps for it, is not."""
    return kind not in ("table", "index") or not str(name).startswith("search_index")


asked = context.config.attributes
with asked["connecting"]() as connection:
    # batches always: a migration written on one database must also run on the other
    context.configure(
        connection=connection,
        target_metadata=asked["models"],
        render_as_batch=True,
        include_name=modelled,
        transactional_ddl=True,
    )
    context.run_migrations()

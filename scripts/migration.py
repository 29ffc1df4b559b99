"""Write the next migration: what the models have that the migrations so far do not make."""

import sys
from tempfile import TemporaryDirectory

from alembic import command

import app.catalogue
import app.search.index.tables  # noqa: F401 - these bring in every model
from app.database import Base, alembic_config, migrate, migrations_folder


def main(name: str) -> None:
    """Migrate a scratch database and compare it with the models."""
    number = len(list((migrations_folder() / "versions").glob("[0-9]*.py"))) + 1
    with TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/registry.db"
        migrate(url)
        config = alembic_config(url, models=Base.metadata)
        command.revision(config, message=name, rev_id=f"{number:04d}", autogenerate=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit('Name the migration: make migration name="units have a telephone number"')
    main(sys.argv[1])

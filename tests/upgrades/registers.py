"""Registers as older releases left them. What is in them and how they were made: README.md beside this."""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from alembic import command

from app import datasets
from app.database import alembic_config, connect, migrate, writing
from app.prepared_statements import write_rows
from tests.registry_in_use import load, withdraw

FOLDER = Path(__file__).parent
AMENDED = FOLDER / "amended.ndjson"
SCHEMAS = ("0001", "0002", "0003")
"""The schemas of which there is a register."""

PARENTS = ("revision", "record", "version", "answer", "search_entry")
"""Tables that others refer to, each after those that it refers to itself."""

Row = tuple[str, dict[str, Any]]
"""A table and a row of it: `("search_word", {"word": "dogs", "recorded_from": 1})`."""


def old_register(url: str, schema: str) -> None:
    """Bring an empty database to an older schema, and fill it as the release of that schema did."""
    command.upgrade(alembic_config(url), schema)
    engine = connect(url, pool_size=1)
    try:
        with writing(engine) as session:
            for table, group in groupby(kept(schema), itemgetter(0)):
                rows = [row for _, row in group]
                write_rows(session.connection(), table, list(rows[0]), [tuple(row.values()) for row in rows])
    finally:
        engine.dispose()


def fresh_register(url: str) -> None:
    """Bring an empty database to the newest schema, and record the same four revisions with this release."""
    migrate(url)
    load(url, datasets.find("bch"), "load bch", "registry load")
    load(url, datasets.find(str(AMENDED)), "load amended.ndjson", "registry load")
    withdraw(url, "joint-unit:bh-police-dogs", merge_into="joint-unit:bh-dog-unit")
    withdraw(url, "joint-unit:bh-mounted-unit")


def kept(schema: str) -> Iterator[Row]:
    """The rows of the register of that schema, parents before children."""
    with gzip.open(FOLDER / f"schema-{schema}.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            table, row = json.loads(line)
            yield table, row


def keep(database: Path, schema: str) -> None:
    """Write the rows of an SQLite database where `kept` finds them: the same bytes for the same rows."""
    with closing(sqlite3.connect(database)) as connection:
        lines = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in _rows(connection))
    (FOLDER / f"schema-{schema}.ndjson.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))


def _rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """All rows but those that a migration writes, or SQLite for its text index."""
    connection.row_factory = sqlite3.Row
    asked = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    own = {"alembic_version", "installation"}
    names = [name for (name,) in connection.execute(asked) if name not in own and not name.startswith("search_index")]
    for table in sorted(names, key=lambda name: PARENTS.index(name) if name in PARENTS else len(PARENTS)):
        keys = [column[1] for column in connection.execute(f"PRAGMA table_info({table})") if column[5]]
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY {', '.join(keys)}"):
            yield table, dict(row)

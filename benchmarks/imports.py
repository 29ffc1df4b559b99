"""Imports beside plain ORM inserts of the same rows, each in a process of its own: `python -m benchmarks.imports`.

`registry load` reads, checks and writes a dataset with all that is derived from it. The baseline puts the rows that
this left in the tables into an empty database: a bulk insert of the ORM for each table, a chunk at a time, in one
transaction. No parsing, no rules, nothing worked out. What counts is CPU seconds, for the machine may be busy.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from app import register  # noqa: F401 - every table is known by it
from app.database import Base, connect, migrate
from benchmarks import dataset
from benchmarks.servers import Cost, cost_of, registry
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.postgres import Server

CHUNK = 1000
PRESENT = frozenset({"alembic_version", "installation"})
"""What an empty register has already."""


def main() -> None:
    options = _options()
    if options.copy:
        copy(*options.copy)
        return
    for size in options.units:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            databases: Databases = SqliteDatabases(folder)
            if options.database == "postgresql":
                databases = PostgresDatabases(stack.enter_context(Server(synchronous_commit="on", fsync="on")))
            print(f"{options.database}, {_compared(databases, folder / 'units.ndjson', size)}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure imports beside plain ORM inserts of the same rows.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--units", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--copy", nargs=2, metavar=("FROM", "TO"), help=argparse.SUPPRESS)
    return parser.parse_args()


def _compared(databases: Databases, file: Path, units: int) -> str:
    """A line for a dataset of so many units."""
    documents = dataset.write(file, units)
    loaded, copied = databases.copy(), databases.copy()
    for url in (loaded, copied):
        migrate(url)
    command, environment = registry(loaded, "load", str(file))
    ours = cost_of(command, environment)
    theirs = cost_of([sys.executable, "-m", "benchmarks.imports", "--copy", loaded, copied], {})
    return (
        f"{units:,} units ({documents:,} documents): load {_told(ours, units)}; "
        f"ORM {_told(theirs, units)}; ratio {theirs.seconds / ours.seconds:.2f}"
    )


def _told(cost: Cost, units: int) -> str:
    return f"{cost.seconds:.1f} CPU s, {units / cost.seconds:,.0f} units a CPU s, {cost.peak:.0f} MB at most"


def copy(source: str, target: str) -> None:
    """Put all rows of a register into an empty one, as an application with an ORM would."""
    with Session(connect(source)) as reading, Session(connect(target)) as session:
        for model, table in _models():
            for rows in _chunks(reading, table):
                session.execute(insert(model), rows)
        session.commit()
        for each in (reading, session):
            each.get_bind().engine.dispose()


def _models() -> Iterator[tuple[Any, Table]]:
    """Every model whose rows an import writes, the referred ones before those that refer."""
    by_table = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    for table in Base.metadata.sorted_tables:
        if table.name not in PRESENT:
            yield by_table[table], table


def _chunks(session: Session, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows = session.execute(select(*table.c), execution_options={"yield_per": CHUNK})
    for part in rows.partitions():
        yield [dict(row._mapping) for row in part]


if __name__ == "__main__":
    main()

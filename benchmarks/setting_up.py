"""Fills the databases of all candidates with the same data, and measures the import into the registry's."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
from sqlalchemy import text

from benchmarks import dataset, datasette
from benchmarks.orm import engine as baseline
from benchmarks.orm import load
from benchmarks.servers import cost_of, registry
from tests.postgres import Server


class Imported(NamedTuple):
    """What the import took: seconds of CPU, and the most memory that its process had, in MB."""

    documents: int
    seconds: float
    peak: float


class Pair(NamedTuple):
    """The addresses of two databases, and the process of their server, if they have one."""

    registry: str
    baseline: str
    server: int | None = None


class Registers(NamedTuple):
    """The same units for every candidate."""

    pair: Pair
    datasette: Path
    imported: Imported


@contextmanager
def registers(kind: str, units: int, keep: Path | None) -> Iterator[Registers]:
    """So many units for every candidate, loaded now, or kept from an earlier run in a folder named for it."""
    with ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="registry-benchmark-")))
        else:
            folder = keep.resolve() / f"{units}"
        place = folder / kind
        loaded = place / "loaded.json"
        if not loaded.exists():
            shutil.rmtree(place, ignore_errors=True)  # what an earlier run did not finish
            place.mkdir(parents=True)
        pair = stack.enter_context(databases(kind, place, kept=keep is not None))
        if not loaded.exists():
            imported = _filled(pair, folder, units)
            loaded.write_text(json.dumps(imported))
        yield Registers(pair, folder / datasette.FILE, Imported(*json.loads(loaded.read_text())))


def _filled(pair: Pair, folder: Path, units: int) -> Imported:
    data = folder / "data.ndjson"
    documents = dataset.write(data, units)
    imported = fill_registry(pair.registry, data, documents)
    fill_baseline(pair.baseline, data)
    analyse(pair.registry, pair.baseline)
    if not (folder / datasette.FILE).exists():
        datasette.make(folder / datasette.FILE, data)
    data.unlink()
    return imported


@contextmanager
def databases(kind: str, folder: Path, *, kept: bool = False) -> Iterator[Pair]:
    """The databases of the registry and of the baselines, empty unless they were kept."""
    if kind == "sqlite":
        yield Pair(f"sqlite:///{folder}/registry.db", f"sqlite:///{folder}/baseline.db")
        return
    with Server(folder / "postgresql" if kept else None) as server:
        address = server.url("postgres").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
            for name in {"registry", "baseline"} - there:
                connection.execute(f"CREATE DATABASE {name}".encode())
        yield Pair(server.url("registry"), server.url("baseline"), server.guard.pid)


def fill_registry(url: str, data: Path, documents: int) -> Imported:
    cost_of(*registry(url, "migrate"))
    return Imported(documents, *cost_of(*registry(url, "load", str(data))))


def fill_baseline(url: str, data: Path) -> None:
    engine = baseline.connect(url)
    load.load(engine, data)
    engine.dispose()


def analyse(*urls: str) -> None:
    """What PostgreSQL does by itself within a minute or so; SQLite never does it, so there it is left undone."""
    for url in urls:
        engine = baseline.connect(url)
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
                connection.execute(text("CHECKPOINT"))
        engine.dispose()

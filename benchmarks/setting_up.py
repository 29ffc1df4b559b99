"""Fills both databases with the same data, and measures the import into the registry's."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
from sqlalchemy import text

from benchmarks.orm import engine as baseline
from benchmarks.orm import load
from benchmarks.servers import cost_of, registry
from tests.postgres import Server


class Imported(NamedTuple):
    """How long the import took, and the most memory that its process had."""

    documents: int
    seconds: float
    peak_mb: float


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases: the registry's and the baseline's."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/registry.db", f"sqlite:///{folder}/baseline.db"
        return
    with Server() as server:
        address = server.url("postgres").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            for name in ("registry", "baseline"):
                connection.execute(f"CREATE DATABASE {name}".encode())
        yield server.url("registry"), server.url("baseline")


def fill_registry(url: str, dataset: Path, documents: int) -> Imported:
    _run(url, "migrate")
    started = time.perf_counter()
    peak = _run(url, "load", str(dataset))
    return Imported(documents, time.perf_counter() - started, peak)


def fill_baseline(url: str, dataset: Path) -> None:
    engine = baseline.connect(url)
    load.load(engine, dataset)
    engine.dispose()


def analyse(*urls: str) -> None:
    """What PostgreSQL does by itself within a minute or so; SQLite never does it, so there it is left undone."""
    for url in urls:
        engine = baseline.connect(url)
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()


def _run(url: str, *arguments: str) -> float:
    """Run one command of the registry; gives its peak of resident memory in MB."""
    return cost_of(*registry(url, *arguments)).peak

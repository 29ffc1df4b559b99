"""Writes over HTTP beside plain ORM inserts of the same rows, in turn: `python -m benchmarks.writes`.

Eight clients make joint units with a key; each write is one revision with all that is derived from it. The baseline
puts the rows that such a write left in the tables into a copy of the database: ORM objects, one session and one commit
for each revision, eight threads that take turns, as they must. No HTTP, no rules, nothing worked out.
"""

import argparse
import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import datasets
from app.api.callers import Scope
from app.catalogue import CATALOGUE
from app.curation.keys import create
from app.database import Base, connect, migrate, writing
from app.register import REGISTER
from app.registry.records import Revision, Version
from app.registry.writing import store
from app.search.index.tables import SHIFT
from benchmarks import servers
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.postgres import Server

CLIENTS = 8
Times = list[float]


def main() -> None:
    options = _options()
    with ExitStack() as stack:
        databases: Databases
        if options.database == "postgresql":
            databases = PostgresDatabases(stack.enter_context(Server(synchronous_commit="on", fsync="on")))
        else:
            databases = SqliteDatabases(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        url, key = _filled(databases)
        served = servers.serving(url)
        with servers.running(*served, "/readyz") as process:
            _post(process.address, key, 0.1)
        inserts = Inserts(databases.copy(url))
        address = stack.enter_context(servers.running(*served, "/readyz")).address
        _post(address, key, 1)  # everything is imported, and every statement made
        for number in range(options.rounds):
            ours, theirs = _post(address, key, options.seconds), inserts.run(options.seconds)
            print(
                f"round {number + 1}: {_told('HTTP', ours, options.seconds)}; {_told('ORM', theirs, options.seconds)}; "
                f"ratio {len(ours) / len(theirs):.2f}",
                flush=True,
            )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure writes over HTTP beside plain ORM inserts of the same rows.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    return parser.parse_args()


def _filled(databases: Databases) -> tuple[str, str]:
    """A database with both data sets, and a key."""
    url = databases.copy()
    migrate(url)
    engine = connect(url)
    for name in ("bch", "national"):
        with writing(engine) as session:
            store.save(session, REGISTER, datasets.find(name), actor="benchmark", reason=name)
    with writing(engine) as session:
        _, key = create(session, "benchmark", [Scope.CURATE])
    engine.dispose()
    return url, key


def _post(address: str, key: str, seconds: float) -> Times:
    """How long each of the writes took that eight clients made in so many seconds."""
    run = f"{time.time_ns():x}"

    def client(number: int) -> Callable[[], None]:
        connection = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=60)
        count = itertools.count()

        def write() -> None:
            document = _unit(f"unit-{run}-{number}-{next(count)}")
            answer = connection.post("/v1/joint-units?reason=measured", json=document)
            if answer.status_code != 201:
                raise RuntimeError(answer.text)

        return write

    return _at_once([client(number) for number in range(CLIENTS)], seconds)


def _unit(slug: str) -> dict[str, Any]:
    return {
        "id": slug,
        "name": f"Unit {slug}",
        "started": "2012-04",
        "functions": ["dogs"],
        "participants": [{"organisation": "force:kent", "started": "2012-04"}, {"organisation": "force:essex"}],
        "citations": [{"source": "national-facts", "about": ["/started", "/participants"]}],
    }


def _at_once(tasks: list[Callable[[], None]], seconds: float) -> Times:
    times: Times = []
    until = time.monotonic() + seconds

    def work(task: Callable[[], None]) -> None:
        while (began := time.monotonic()) < until:
            task()
            times.append(time.monotonic() - began)

    threads = [threading.Thread(target=work, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


class Inserts:
    """Puts the rows of the newest write into a copy of its database again and again, under new keys."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = connect(url, pool_size=CLIENTS)
        with Session(self.engine) as session:
            self.number = session.scalars(select(Revision.number).order_by(Revision.number.desc()).limit(1)).one()
            version = session.scalars(select(Version).where(Version.recorded_from == self.number)).one()
            self.record_pk, self.version_pk = version.record_pk, version.pk
            table: Any = CATALOGUE.by_type[version.collection].table
            self.rows = [(model, row) for model in _models() for row in self._rows(session, model, table)]
        self.counter, self.turn = itertools.count(1), threading.Lock()

    def _rows(self, session: Session, model: Any, own: Any) -> list[dict[str, Any]]:
        names = [column.name for column in model.__table__.columns]
        if model is own or "version_pk" in names:
            asked = select(model).where(model.version_pk == self.version_pk)
        elif "recorded_from" in names:
            asked = select(model).where(model.recorded_from == self.number)
        elif model.__tablename__ in ("revision", "record", "search_name"):
            key = {"revision": self.number, "record": self.record_pk}.get(model.__tablename__, self._entry(self.number))
            column = model.number if model.__tablename__ == "revision" else model.pk
            asked = select(model).where(column == key)
        else:
            return []
        return [{name: getattr(row, name) for name in names} for row in session.scalars(asked)]

    def _entry(self, number: int) -> int:
        return self.record_pk << SHIFT | number

    def run(self, seconds: float) -> Times:
        return _at_once([self._insert] * CLIENTS, seconds)

    def _insert(self) -> None:
        with self.turn, Session(self.engine) as session:
            step = next(self.counter)
            for model, rows in itertools.groupby(self.rows, key=lambda each: each[0]):
                session.add_all(model(**self._moved(row, step)) for _, row in rows)
                session.flush()  # no relationship says which table comes first
            session.commit()

    def _moved(self, row: dict[str, Any], step: int) -> dict[str, Any]:
        number, record, version = self.number + step, self.record_pk + step, self.version_pk + step
        found: dict[str, Any] = {"recorded_from": number, "number": number, "record_pk": record, "version_pk": version}
        moved: dict[str, Any] = {name: found[name] for name in row.keys() & found.keys() if row[name] is not None}
        if "pk" in row:
            pks = {self.record_pk: record, self.version_pk: version, self._entry(self.number): record << SHIFT | number}
            moved["pk"] = pks[row["pk"]]
        if row.get("target_pk") == self.record_pk:
            moved["target_pk"] = record
        for name in ("recorded", "digest", "id", "word", "previous"):
            if name in row:
                moved[name] = f"{row[name]}{step}"[-27:]
        return {**row, **moved}


def _models() -> list[Any]:
    mappers = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    return [mappers[table] for table in Base.metadata.sorted_tables if table in mappers]


def _told(name: str, times: Times, seconds: float) -> str:
    p99 = statistics.quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return f"{name} {len(times) / seconds:.0f}/s, p50 {statistics.median(times) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"


if __name__ == "__main__":
    main()

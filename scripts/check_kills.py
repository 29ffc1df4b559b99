"""Kill what writes, at any moment, and prove that nothing acknowledged is lost and nothing is half there.

    python -m scripts.check_kills [KILLS]

On SQLite and on PostgreSQL, several processes write at once and are killed (SIGKILL), each at a moment of its own. On
PostgreSQL the server is also stopped at once (SIGQUIT) while they write. After each round the database must have every
revision that was acknowledged, with its document, and be as `registry check` wants it.
"""

import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from multiprocessing.connection import Connection, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import connect, migrate, snapshot
from app.register import REGISTER
from app.registry.documents.canonical import parse_json
from app.registry.projections import stale
from app.registry.records import Version
from app.registry.verification import verify
from scripts.service_kills import KilledService
from scripts.writers import Acknowledgement, RunningWriter, SaveWriter, Writer
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.postgres import Server
from tests.registry_in_use import SOURCE, force, save

AT_ONCE = 3
MOST_HEARD = 10
"""Writes between one kill and the next."""
LONGEST = 0.1
"""Seconds from an acknowledgement to the kill: longer than a write takes."""
SEED = 7
DURABLE = {"synchronous_commit": "on"}
"""The tests' server acknowledges before it has written, to be fast."""

Make = Callable[[str], Writer]


class Outcome(NamedTuple):
    """What came of killing."""

    kills: int
    acknowledged: int
    faults: list[str]

    def __str__(self) -> str:
        return f"{self.kills} kills, {self.acknowledged} acknowledged revisions, {len(self.faults)} faults"


def check_kills(databases: Databases, kills: int, make: Make = SaveWriter, seed: int = SEED) -> Outcome:
    """Kill so many writers, some at once in each round, each round on a database of its own."""
    chance, template = random.Random(seed), new_register(databases)
    killed, acknowledged, faults = 0, 0, list[str]()
    while killed < kills:
        url = databases.copy(template)
        count = min(AT_ONCE, kills - killed)
        heard = killed_round(url, count, chance, make)
        killed, acknowledged = killed + count, acknowledged + len(heard)
        faults += proof(url, heard)
        databases.drop(url)
    return Outcome(killed, acknowledged, faults)


def new_register(databases: Databases) -> str:
    """A migrated database that has what the writers cite."""
    url = databases.copy()
    migrate(url)
    save(url, SOURCE)
    return url


def killed_round(url: str, count: int, chance: random.Random, make: Make = SaveWriter) -> list[Acknowledgement]:
    """Let so many writers run, and kill one after the other, each somewhere in a write."""
    heard: list[Acknowledgement] = []
    writers = [RunningWriter(make, url, f"w{number}") for number in range(count)]
    while writers:
        hear(writers, chance.randint(1, MOST_HEARD))
        time.sleep(chance.uniform(0, LONGEST))
        heard += writers.pop().kill()
    return heard


def hear(writers: Iterable[RunningWriter], count: int) -> None:
    """Wait until so many more writes are acknowledged, whoever made them."""
    by_end = {writer.acknowledgements: writer for writer in writers}
    for _ in range(count):
        ready = wait(list(by_end), 60)
        if not ready:
            raise RuntimeError("no writer writes")
        by_end[cast(Connection, ready[0])].hear()


def check_restarts(server: Server, url: str, restarts: int, make: Make = SaveWriter, seed: int = SEED) -> Outcome:
    """Stop the server at once while writers go on, start it anew, and so again."""
    chance = random.Random(seed)
    writers = [RunningWriter(make, url, f"w{number}") for number in range(AT_ONCE)]
    for _ in range(restarts):
        hear(writers, chance.randint(1, MOST_HEARD))
        time.sleep(chance.uniform(0, LONGEST))
        server.restart()
    hear(writers, 1)
    heard = [each for writer in writers for each in writer.kill()]
    return Outcome(restarts, len(heard), list(proof(url, heard)))


def check_service(databases: Databases, kills: int, seed: int = SEED) -> Outcome:
    """Kill the service so many times while eight clients write to it, and start it again each time."""
    chance, url = random.Random(seed), new_register(databases)
    service, acknowledged, faults = KilledService(url), 0, list[str]()
    for _ in range(kills):
        heard, wrong = service.round(chance)
        acknowledged += len(heard)
        faults += [*wrong, *proof(url, heard)]
    databases.drop(url)
    return Outcome(kills, acknowledged, faults)


def proof(url: str, acknowledged: Iterable[Acknowledgement]) -> Iterator[str]:
    """What is wrong: an acknowledged revision that is lost, a half one, anything stale, or a lock that was left."""
    engine = connect(url, pool_size=1)
    try:
        with snapshot(engine) as connection, Session(connection) as session:
            yield from lost(session, acknowledged)
            yield from (f"{url}: {each}" for each in verify(session, REGISTER))
            yield from (f"{url}: {name} is stale" for name in stale(session))
    finally:
        engine.dispose()
    try:
        save(url, force("afterwards", note=str(time.time_ns())))
    except SQLAlchemyError as error:
        yield f"{url}: nothing can be written any more: {error}"


def lost(session: Session, acknowledged: Iterable[Acknowledgement]) -> Iterator[str]:
    asked = select(Version.recorded_from, Version.record_id, Version.document)
    there = {(row.recorded_from, row.record_id): parse_json(row.document) for row in session.execute(asked)}
    for each in acknowledged:
        if there.get((each.revision, each.record_id), {}).get("note") != each.note:
            yield f"revision {each.revision} was acknowledged ({each.note}), and is lost"


def main(kills: int) -> int:
    """Kill so many on each database, and restart the server a tenth as often."""
    with ExitStack() as stack:
        postgresql = PostgresDatabases(stack.enter_context(Server(**DURABLE)))
        folder = Path(stack.enter_context(TemporaryDirectory()))
        sqlite = SqliteDatabases(folder)
        outcomes: dict[str, Callable[[], Outcome]] = {
            "sqlite, the service": lambda: check_service(sqlite, kills),
            "postgresql, the service": lambda: check_service(postgresql, kills),
            "sqlite": lambda: check_kills(sqlite, kills),
            "postgresql": lambda: check_kills(postgresql, kills),
            "postgresql, its server": lambda: check_restarts(
                postgresql.server, new_register(postgresql), max(1, kills // 10)
            ),
        }
        failed = 0
        for name, check in outcomes.items():
            began, outcome = time.monotonic(), check()
            print(f"{name}: {outcome}, {time.monotonic() - began:.0f} seconds", *outcome.faults, sep="\n  ", flush=True)
            failed += len(outcome.faults)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 200) else 0)

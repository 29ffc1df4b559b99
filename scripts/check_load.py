"""Ask much of a service at once, first calmly, then with one fault after the other: nobody may hear of it but by 503.

    python -m scripts.check_load [SECONDS] [sqlite|postgresql]

Readers, curators, followers and an importer work at `registry serve` as fast as it answers for four seconds, then
at 80 % of that. After SECONDS of calm each fault comes once, for a quarter of that time: a process of the service is
killed; PostgreSQL's primary is stopped at once and started again; a standby lags; the disk is full. In the end every
acknowledged write must be there, followers have heard of every revision once, and `registry check` find nothing.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from app import datasets
from app.api.callers import Scope
from app.curation.keys import create
from app.database import connect, writing
from scripts.check_kills import new_register, proof
from scripts.load_clients import CURATORS, LoadClients
from scripts.load_phases import Phase
from scripts.served import REGISTRY, free_port, wait_until_healthy
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.postgres import parent
from tests.registry_in_use import load
from tests.replication import Pair, wait_until

ROOM = "1g"
"""What the file system in memory has on which SQLite's disk is full."""
CALIBRATION, SHORTEST = 2.0, 3.0
"""Seconds in which it is measured how fast the service answers, and those for which a fault is endured at least."""
REPLACED = 40
"""Seconds in which there must be another process for one that was killed."""
FaultMaker = Callable[[], AbstractContextManager[object]]


class LoadedService:
    """`registry serve` with so many processes, and clients at work at it."""

    def __init__(self, url: str, processes: int, **told: str) -> None:
        """`told` are settings by their names: PORT."""
        self.url, self.processes, self.port = url, processes, free_port()
        engine = connect(url, pool_size=1)
        with writing(engine) as session:
            _, self.key = create(session, "Clients", [Scope.CURATE])
        engine.dispose()
        own = {"DATABASE_URL": url, "PORT": str(self.port), "WORKERS": str(processes), "WRITE_RATE": "100000/second"}
        self.environment = {**os.environ, **{f"REGISTRY_{name}": value for name, value in {**own, **told}.items()}}
        self.phases: list[Phase] = []

    @contextmanager
    def running(self) -> Iterator[Self]:
        self.server = subprocess.Popen(
            [REGISTRY, "serve"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_until_healthy(self.port, self.server)
            wait_until(lambda: len(self.workers()) == self.processes)
            yield self
        finally:
            self.server.terminate()
            self.server.wait(20)

    def workers(self) -> list[int]:
        """The processes that answer."""
        if self.processes == 1:
            return [self.server.pid]
        children = [each for each in Path("/proc").glob("[0-9]*") if parent(each) == self.server.pid]
        return [int(each.name) for each in children if b"spawn_main" in (each / "cmdline").read_bytes()]

    def work(self, seconds: float, faults: dict[Phase, FaultMaker]) -> None:
        """Calibrate, be calm, and have each fault; `phases` say what came of it."""
        clients = LoadClients(self.port, self.key, cold := Phase("cold", fault=False))
        try:
            self._watch(cold, CALIBRATION)
            self._calm(clients, seconds)
            for phase, fault in faults.items():
                clients.phase = phase
                with fault():
                    self._watch(phase, max(seconds / 4, SHORTEST))
                written_again(phase)
                if phase.full and not phase.refused_writes():
                    phase.faults.append("no write was refused: the disk was not full")
            clients.phase = end = Phase("end")
            self.phases.append(end)
            clients.end()
        finally:
            clients.give_up()
        end.faults += proof(self.url, clients.acknowledged)

    def _calm(self, clients: LoadClients, seconds: float) -> None:
        """See how fast it answers, and ask for a little less."""
        clients.phase = calibration = Phase("calibration", fault=False)
        self._watch(calibration, CALIBRATION)
        clients.pace(calibration, CALIBRATION)
        clients.phase = calm = Phase("calm", fault=False)
        self._watch(calm, seconds)
        calm.judge_memory(self.processes)

    def _watch(self, phase: Phase, seconds: float) -> None:
        """Let the clients work so long."""
        self.phases.append(phase)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(FileNotFoundError, ProcessLookupError):
                phase.memory.append(sum(map(memory, self.workers())))
            time.sleep(0.25)


def memory(process: int) -> int:
    """The bytes that a process has in memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def written_again(phase: Phase) -> None:
    """Wait until writes are acknowledged that were sent after the fault; it is one of the service if none is."""
    before, deadline = phase.statuses["write", "201"], time.monotonic() + 30
    while phase.statuses["write", "201"] <= before + CURATORS:
        if time.monotonic() > deadline:
            phase.faults.append("nothing is written after the fault")
            return
        time.sleep(0.05)


@contextmanager
def killed(service: LoadedService) -> Iterator[None]:
    """One of its processes is killed; in the end there must be another."""
    victim = random.choice(service.workers())
    os.kill(victim, signal.SIGKILL)
    yield
    wait_until(lambda: len(set(service.workers()) - {victim}) == service.processes, REPLACED)


@contextmanager
def restarted(pair: Pair) -> Iterator[None]:
    """The primary is stopped without a word to who is connected, and recovers."""
    pair.primary.stop_at_once()
    time.sleep(0.5)
    pair.primary.start()
    yield


@contextmanager
def lagging(pair: Pair) -> Iterator[None]:
    """Writes do not wait for the standby, and it shows none of them."""
    pair.primary.run("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()")
    pair.standby.run("SELECT pg_wal_replay_pause()")
    yield
    if pair.standby.run("SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()") != [(True,)]:
        raise RuntimeError("the standby does not lag")
    pair.standby.run("SELECT pg_wal_replay_resume()")
    pair.wait_for_each_other()


def mounted(folder: str | Path, *options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def own_disk() -> Iterator[tuple[Path, bool]]:
    """A folder that is a file system of its own, in memory; or is none, where that is not allowed."""
    with TemporaryDirectory() as folder:
        own = sys.platform == "linux" and mounted(folder, f"size={ROOM}")
        try:
            yield Path(folder), own
        finally:
            if own:
                subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(folder: Path, url: str) -> Iterator[None]:
    """The file system is as small as what is in it, and the log of the database has no page to spare."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(SqliteDatabases.path(url))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    wait_until(lambda: mounted(folder, "remount", f"size={taken(folder)}"))
    try:
        yield
    finally:
        mounted(folder, "remount", f"size={ROOM}")


def taken(folder: Path) -> int:
    of = os.statvfs(folder)
    return (of.f_blocks - of.f_bfree) * of.f_frsize


def new(databases: PostgresDatabases | SqliteDatabases) -> str:
    """A register with the built-in data set."""
    url = new_register(databases)
    load(url, datasets.find("bch"), "load bch", "registry load")
    return url


def on_sqlite(seconds: float, processes: tuple[int, ...] = (1, 2)) -> Iterator[tuple[str, list[Phase]]]:
    """What came of it with so many processes, one after the other on the same file."""
    with own_disk() as (folder, own):
        url = new(SqliteDatabases(folder))
        for count in processes:
            with LoadedService(url, count).running() as service:
                faults: dict[Phase, FaultMaker] = {}
                if count > 1:
                    faults[Phase("a process is killed", breaks=True)] = partial(killed, service)
                if own:
                    faults[Phase("the disk is full", full=True)] = partial(full, folder, url)
                service.work(seconds, faults)
            left_out = "" if own else "; NOT TRIED: a full disk, for nothing may be mounted here"
            yield f"sqlite, {count} processes{left_out}", service.phases


def on_postgresql(seconds: float) -> Iterator[tuple[str, list[Phase]]]:
    """What came of it with two processes, on a primary and a standby."""
    with ExitStack() as stack:
        pair = Pair(stack, max_connections="100")
        name = PostgresDatabases.name(new(PostgresDatabases(pair.primary)))
        service = LoadedService(pair.url(name), 2, REPLICA_URL=pair.url(name, "standby"))
        with service.running():
            faults: dict[Phase, FaultMaker] = {
                Phase("a process is killed", breaks=True): partial(killed, service),
                Phase("the primary is restarted"): partial(restarted, pair),
                Phase("the standby lags"): partial(lagging, pair),
            }
            service.work(seconds, faults)
        yield "postgresql, 2 processes", service.phases


def main(seconds: float, *databases: str) -> int:
    """Say what came of it; the number of faults."""
    found = 0
    for each in databases:
        for name, phases in {"sqlite": on_sqlite, "postgresql": on_postgresql}[each](seconds):
            print(name, *phases, sep="\n", flush=True)
            found += sum(len(phase.faults) for phase in phases)
    return found


if __name__ == "__main__":
    chosen = sys.argv[2:] or ["sqlite", "postgresql"]
    sys.exit(1 if main(float(sys.argv[1]) if len(sys.argv) > 1 else 600, *chosen) else 0)

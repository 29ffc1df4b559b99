"""Much is asked of the service, and faults befall it meanwhile: the short form of `make check-load`."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.database import migrate
from scripts.check_load import REPLACED, LoadedService, on_postgresql, on_sqlite
from scripts.load_phases import Phase, Told, events
from tests.databases import SqliteDatabases
from tests.replication import wait_until

SECONDS = 6.0
KINDS = {"detail", "list", "as_of", "search", "page", "view", "write", "import", "import seen", "changes"}

Runs = Callable[[], Iterator[tuple[str, list[Phase]]]]


@pytest.mark.parametrize(
    ("runs", "faults"),
    [
        (lambda: on_sqlite(SECONDS, (2,)), {"a process is killed", "the disk is full"}),
        (lambda: on_postgresql(SECONDS), {"a process is killed", "the primary is restarted", "the standby lags"}),
    ],
    ids=["sqlite", "postgresql"],
)
def test_under_load_nobody_hears_of_a_fault_but_by_503(runs: Runs, faults: set[str]) -> None:
    ((name, phases),) = runs()
    assert [f"{phase.name}: {fault}" for phase in phases for fault in phase.faults] == []
    tried = {phase.name for phase in phases} - {"cold", "calibration", "calm", "end"}
    # a full disk needs the right to mount one
    assert tried == faults - ({"the disk is full"} if "NOT TRIED" in name else set())
    calm = next(phase for phase in phases if phase.name == "calm")
    assert set(calm.times) >= KINDS
    assert calm.writes > 0


def entry(revision: int, place: int, of: int) -> dict[str, int]:
    return {"revision": revision, "place": place, "of": of}


def test_what_a_follower_misses_or_is_told_twice_is_found_out() -> None:
    told = Told()
    assert [told.hear(entry(*each)) for each in ((1, 1, 2), (1, 2, 2), (2, 1, 1))] == [None, None, None]
    assert told.hear(entry(2, 1, 1)) == "entry (2, 1) was told, and (3, 1) was next"
    assert told.hear(entry(4, 1, 2)) == "entry (4, 1) was told, and (3, 1) was next"
    assert told.hear(entry(5, 1, 1)) == "entry (5, 1) was told, and (4, 2) was next"


def test_an_event_that_did_not_come_whole_is_none() -> None:
    lines = [
        ": hello",
        "retry: 2000",
        "",
        "event: change",
        'data: {"a": 1}',
        "id: 1.ab.1",
        "",
        "event: change",
        "id: 2",
    ]
    assert list(events(lines)) == [{"event": "change", "data": '{"a": 1}', "id": "1.ab.1"}]


@pytest.mark.parametrize(
    ("memory", "grows"),
    [([100, 100, 150, 129], False), ([100, 100, 150, 131], True), ([400, 0, 0, 479], False), ([400, 0, 0, 481], True)],
)
def test_memory_that_grows_is_a_fault(memory: list[int], grows: bool) -> None:
    phase = Phase("calm")
    phase.memory = [each * 1_000_000 for each in memory]
    phase.judge_memory(1)
    assert bool(phase.faults) is grows


def test_a_process_that_is_killed_while_it_is_asked_how_it_is_has_a_successor_at_once(tmp_path: Path) -> None:
    # which database it is matters not to the supervisor
    url = SqliteDatabases(tmp_path).copy()
    migrate(url)
    service = LoadedService(url, 2)
    with service.running():
        victim = service.workers()[0]
        # silent, it is waited for when it is killed
        os.kill(victim, signal.SIGSTOP)
        time.sleep(1.5)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: len(set(service.workers()) - {victim}) == 2, REPLACED)

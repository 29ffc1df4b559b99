"""A backup or a restore that is killed leaves what was there, or what was to be there, whole."""

import contextlib
import os
import random
import sys
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from app.cli import main
from app.database import migrate
from tests.registry_in_use import SOURCE, force, save
from tests.test_cli import run
from tests.upgrades.processes import PROCESSES

KILLS, SEED = 8, 5


def command(url: str, *arguments: str) -> None:
    os.environ["REGISTRY_DATABASE_URL"] = url
    with contextlib.redirect_stdout(sys.stderr):
        main(list(arguments))


def started(url: str, *arguments: str) -> ForkServerProcess:
    process = PROCESSES.Process(target=command, args=(url, *arguments), daemon=True)
    process.start()
    return process


def revisions(path: Path) -> str:
    code, out, err = run(f"sqlite:///{path}", "check")
    assert (code, err) == (0, "")
    return out.splitlines()[-1]


@pytest.mark.parametrize("name", ["backup", "restore"])
def test_a_killed_backup_or_restore_is_as_if_it_had_not_run_or_whole(tmp_path: Path, name: str) -> None:
    path, backup, chance = tmp_path / "registry.db", tmp_path / "backup", random.Random(SEED)
    url = f"sqlite:///{path}"
    migrate(url)
    save(url, SOURCE, *(force(f"f{number}") for number in range(200)))
    assert run(url, "backup", str(backup))[0] == 0
    save(url, force("later"))
    older, newer = revisions(backup), revisions(path)
    target = backup if name == "backup" else path
    lasts = duration(f"sqlite:///{tmp_path}/other.db", backup)
    for _ in range(KILLS):
        process = started(url, name, "--replace", str(backup))
        process.join(chance.uniform(0, lasts))
        process.kill()
        process.join()
        assert revisions(target) in (older, newer)
    assert run(url, name, "--replace", str(backup))[0] == 0
    assert revisions(target) == (newer if name == "backup" else older)


def duration(url: str, backup: Path) -> float:
    """Seconds that a restore takes from the start of its process to the end; a backup takes less."""
    for _ in range(2):  # the first also waits for the server of processes
        began = time.monotonic()
        process = started(url, "restore", "--replace", str(backup))
        process.join()
        assert process.exitcode == 0
    return time.monotonic() - began

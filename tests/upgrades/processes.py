"""`registry migrate` in processes of its own, which begin with it: what it imports is there when they start."""

import contextlib
import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier

from app.cli import main

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "pytest"])


def started(url: str, start: Barrier | None = None) -> ForkServerProcess:
    """A process that migrates the database, once as many have come to `start` as it waits for."""
    process = PROCESSES.Process(target=registry_migrate, args=(url, start), daemon=True)
    process.start()
    return process


def registry_migrate(url: str, start: Barrier | None) -> None:
    """The command, to its exit."""
    os.environ["REGISTRY_DATABASE_URL"] = url
    if start:
        start.wait()
    with contextlib.redirect_stdout(sys.stderr):
        main(["migrate", "--backed-up"])

"""One measurement: requests by wrk, and the CPU time that they cost the server."""

import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.servers import Process, cpu_of

SCRIPT = Path(__file__).parent / "rotate.lua"
RESULT = re.compile(r"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$", re.MULTILINE)
TIMEOUT = 60


class MissingError(RuntimeError):
    """wrk or taskset is not installed."""


class Load(NamedTuple):
    """How hard to press, for how long, from which cores, and in how many threads."""

    connections: int
    seconds: float
    cores: str
    threads: int = 1


class Sample(NamedTuple):
    """What one run of wrk found: requests/s, the latency at two percentiles in milliseconds, microseconds of CPU.

    `cpu` is the server's for a request, `database` that of PostgreSQL's server for it.
    """

    rate: float
    requests: int
    p50: float
    p99: float
    cpu: float = 0
    database: float = 0


def require() -> None:
    for program, package in (("wrk", "wrk"), ("taskset", "util-linux")):
        if not shutil.which(program):
            raise MissingError(f"{program} is not installed: apt-get install {package}")


def measure(process: Process, lines: Sequence[str], start: int, load: Load, database: int | None = None) -> Sample:
    """Ask lines - a path, and behind a tab an ETag - in turn, from one on; `database` is the process of its server.

    Raises RuntimeError when anything but a success came.
    """
    before, behind = process.cpu(), cpu_of(database) if database else 0
    sample = _asked(process.address, lines, start, load)
    cpu, behind = process.cpu() - before, (cpu_of(database) if database else 0) - behind
    each = 1e6 / max(sample.requests, 1)
    return sample._replace(cpu=cpu * each, database=behind * each)


def _asked(address: str, lines: Sequence[str], start: int, load: Load) -> Sample:
    # wrk inherits the servers' core unless it is told otherwise
    command = ["taskset", "-c", load.cores, "wrk", f"-t{load.threads}", f"-c{load.connections}"]
    command += [f"-d{math.ceil(load.seconds)}s", "--timeout", f"{TIMEOUT}s", "-s", str(SCRIPT), address, "--"]
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        command += [file.name, str(start)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=load.seconds + 2 * TIMEOUT)
    return read(done.stdout + done.stderr, address)


def read(output: str, address: str) -> Sample:
    """What the script wrote at the end. Raises RuntimeError where a request failed, or none was answered."""
    found = RESULT.search(output)
    if not found or int(found[3]) or not int(found[1]):
        raise RuntimeError(f"{address}: wrk met errors\n{output}")
    requests, duration, _, p50, p99 = map(int, found.groups())
    return Sample(requests * 1e6 / duration, requests, p50 / 1000, p99 / 1000)

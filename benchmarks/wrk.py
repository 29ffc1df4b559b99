"""One measurement with wrk, on the core that the servers are not on."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

SCRIPT = Path(__file__).parent / "rotate.lua"


class MissingError(RuntimeError):
    """wrk or taskset is not installed."""


class Load(NamedTuple):
    """How hard to press, for how long, and from which core."""

    connections: int
    seconds: float
    core: int


class Sample(NamedTuple):
    """What one run of wrk found: requests/s, and the latency at two percentiles in milliseconds."""

    rate: float
    requests: int
    p50: float
    p99: float


def require() -> None:
    for program, package in (("wrk", "wrk"), ("taskset", "util-linux")):
        if not shutil.which(program):
            raise MissingError(f"{program} is not installed: apt-get install {package}")


def measure(address: str, paths: Path, start: int, load: Load) -> Sample:
    """Ask the paths of a file in turn, from line `start` on. Raises RuntimeError when anything but a success came."""
    command = [
        "taskset",
        "-c",
        str(load.core),
        "wrk",
        "-t1",
        f"-c{load.connections}",
        f"-d{load.seconds:g}s",
        "--timeout",
        "10s",
    ]
    command += ["-s", str(SCRIPT), address, "--", str(paths), str(start)]
    # wrk inherits the servers' core unless it is told otherwise
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=load.seconds + 30).stdout
    found = re.search(r"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$", output, re.MULTILINE)
    if not found or int(found[3]):
        raise RuntimeError(f"{address}: wrk met errors\n{output}")
    requests, duration, _, p50, p99 = map(int, found.groups())
    return Sample(requests * 1e6 / duration, requests, p50 / 1000, p99 / 1000)

"""The candidates as their users run them: one process each, on a port of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

BIN = Path(sys.executable).parent
UVICORN = (
    *(str(BIN / "uvicorn"), "--loop", "uvloop", "--http", "httptools"),
    *("--no-access-log", "--log-level", "warning", "--no-server-header"),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def registry(url: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    return [str(BIN / "registry"), *arguments], {"REGISTRY_DATABASE_URL": url}


@contextmanager
def running(command: list[str], environment: dict[str, str], probe: str) -> Iterator[str]:
    """A server started with `--port` behind the command; its address, once `probe` is answered."""
    with measured(command, environment, probe) as process:
        yield process.address


@contextmanager
def measured(command: list[str], environment: dict[str, str], probe: str) -> Iterator["Process"]:
    """The same, with the process itself."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    process = subprocess.Popen(
        [*command, "--port", str(port)], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        wait(process, address + probe)
        yield Process(address, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def wait(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"a server ended with status {process.returncode}")
        try:
            httpx.get(url, timeout=10).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("a server did not answer within 30 seconds")


class Process(NamedTuple):
    """A server that runs: where it answers, and which process it is."""

    address: str
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that it has taken so far."""
        steps = (Path("/proc") / str(self.pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(steps[11]) + int(steps[12])) / os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """What a process took: seconds of CPU, and the most memory that it had, in MB."""

    seconds: float
    peak: float


def cost_of(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """What a command takes in a process of its own; of PostgreSQL's server nothing is counted."""
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        _, status, used = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with status {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

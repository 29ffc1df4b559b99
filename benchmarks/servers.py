"""The candidates as their users run them: a server of its own each, on a port of its own, and what it takes."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

BIN = Path(sys.executable).parent
PEERS = Path(__file__).parent.parent / ".venv-bench" / "bin"
"""Where the programs of the peers are, which the service must not see."""
PORT = "{port}"
UVICORN = (
    *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning", "--no-server-header"),
    *("--port", PORT),
)
MB = 1_000_000
PATIENCE = 300
"""Seconds that a server may take to answer first."""


class Cost(NamedTuple):
    """What a process took: seconds of CPU, and the most memory that it had, in MB."""

    seconds: float
    peak: float


class Process(NamedTuple):
    """A server that runs: where it answers, which process it is, what its first answer took: seconds, and of CPU."""

    address: str
    pid: int
    first: float = 0
    taken: float = 0

    def cpu(self) -> float:
        """Seconds of CPU that it has taken so far, with the processes that it started."""
        return cpu_of(self.pid)

    def memory(self) -> float:
        """MB of pages of its own, with those of the processes that it started."""
        return sum(memory_of(pid, "RssAnon") for pid in family(self.pid))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def registry(url: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """A command of the registry, and the environment that it needs."""
    return [str(BIN / "registry"), *arguments], {"REGISTRY_DATABASE_URL": url}


def serving(url: str, **settings: object) -> tuple[list[str], dict[str, str]]:
    """The registry as a server, with settings by their names without `REGISTRY_`."""
    command, environment = registry(url, "serve", "--port", PORT)
    return command, environment | {f"REGISTRY_{name}": str(value) for name, value in settings.items()}


def uvicorn(application: str) -> list[str]:
    return [str(BIN / "uvicorn"), application, *UVICORN]


@contextmanager
def running(command: Sequence[str], environment: dict[str, str], probe: str) -> Iterator[Process]:
    """A server, told its port in place of `{port}`, once `probe` is answered."""
    port = str(free_port())
    arguments = [argument.replace(PORT, port) for argument in command]
    began = time.perf_counter()
    process = subprocess.Popen(arguments, env=_within(environment), stdout=subprocess.DEVNULL)
    try:
        wait(process, f"http://127.0.0.1:{port}{probe}")
        first = time.perf_counter() - began
        yield Process(f"http://127.0.0.1:{port}", process.pid, first, cpu_of(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(process: subprocess.Popen[bytes], url: str) -> None:
    """Ask until there is an answer. Raises RuntimeError when the server ends, or answers something else than 200."""
    address = urlsplit(url)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"a server ended with status {process.returncode}")
        connection = http.client.HTTPConnection(address.netloc, timeout=PATIENCE)
        try:
            connection.request("GET", f"{address.path}?{address.query}" if address.query else address.path)
            status = connection.getresponse().status
        except OSError:
            time.sleep(0.01)
            continue
        finally:
            connection.close()
        if status != 200:
            raise RuntimeError(f"{url}: {status}")
        return
    raise RuntimeError(f"a server did not answer within {PATIENCE} seconds")


def _within(environment: dict[str, str]) -> dict[str, str]:
    """This environment with another's settings; modules are compiled once, not by every process."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | environment


def family(pid: int) -> list[int]:
    """A process and all that it started, and these, that still run."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process and its family, those included that have ended."""
    return sum(_ticks(each) for each in family(pid)) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    steps = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, steps[11:15]))


def memory_of(pid: int, name: str) -> float:
    """A figure of /proc/PID/status, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) * 1024 / MB


def cost_of(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """What a command takes in a process of its own; of PostgreSQL's server nothing is counted."""
    process = subprocess.Popen(command, env=_within(environment), stdout=subprocess.DEVNULL)
    try:
        _, status, used = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with status {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

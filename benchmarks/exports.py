"""Measure the exports: seconds, MB a second, and the server's peak memory. `python -m benchmarks.exports --help`."""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks import dataset, servers, setting_up

FILES = ("register.ndjson", "register.csv.zip", "register.jsonld", "register.parquet.zip", "joint-units.parquet")
MB = 1_000_000


class Sample(NamedTuple):
    """One export: its size, how long it took, and the server's memory in MB.

    `before` and `most` are of its own memory; `peak` counts the pages of the database too that SQLite maps.
    """

    size: int
    seconds: float
    before: float
    most: float
    peak: float


def main() -> None:
    options = _options()
    print("| units | file | MB | seconds | MB/s | memory before | at most | peak RSS |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|")
    for units in options.units:
        with (
            tempfile.TemporaryDirectory(prefix="registry-benchmark-") as folder,
            setting_up.databases(options.database, Path(folder)) as (url, _),
        ):
            data = Path(folder) / "data.ndjson"
            setting_up.fill_registry(url, data, dataset.write(data, units))
            for file in FILES:
                print(_line(units, file, measure(url, file + options.query)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure exports of registers of several sizes, a new server each.")
    parser.add_argument("--units", type=int, nargs="+", default=[10_000, 100_000], help="joint units in the data")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--query", default="", help='what to ask with: "?as_of=2012-06"')
    return parser.parse_args()


def measure(url: str, file: str) -> Sample:
    """Export once from a server of its own, throwing the bytes away."""
    with _served(url) as (address, process), httpx.Client(timeout=600) as client:
        client.get(f"{address}/v1/forces").raise_for_status()
        before = most = _memory(process, "RssAnon")
        started, size = time.perf_counter(), 0
        with client.stream("GET", f"{address}/v1/exports/{file}") as answer:
            answer.raise_for_status()
            for piece in answer.iter_raw():
                size += len(piece)
                most = max(most, _memory(process, "RssAnon"))
        return Sample(size, time.perf_counter() - started, before, most, _memory(process, "VmHWM"))


@contextmanager
def _served(url: str) -> Iterator[tuple[str, int]]:
    command, environment = servers.registry(url, "serve")
    address = f"http://127.0.0.1:{(port := servers.free_port())}"
    arguments = [*command, "--port", str(port)]
    process = subprocess.Popen(arguments, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        servers.wait(process, f"{address}/readyz")
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(10)


def _memory(process: int, name: str) -> float:
    """A figure of /proc/PID/status, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) * 1024 / MB


def _line(units: int, file: str, sample: Sample) -> str:
    size = sample.size / MB
    rate = f"{size:,.1f} | {sample.seconds:.1f} | {size / sample.seconds:.1f}"
    return f"| {units:,} | {file} | {rate} | {sample.before:.0f} | {sample.most:.0f} | {sample.peak:.0f} |"


if __name__ == "__main__":
    main()

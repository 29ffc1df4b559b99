"""Measure the exports: seconds, MB a second, and the server's peak memory. `python -m benchmarks.exports --help`."""

import argparse
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks import dataset, servers, setting_up

FILES = ("register.ndjson", "register.csv.zip", "register.jsonld", "register.parquet.zip", "joint-units.parquet")


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
            setting_up.databases(options.database, Path(folder)) as pair,
        ):
            data = Path(folder) / "data.ndjson"
            setting_up.fill_registry(pair.registry, data, dataset.write(data, units))
            for file in FILES:
                print(_line(units, file, measure(pair.registry, file + options.query)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure exports of registers of several sizes, a new server each.")
    parser.add_argument("--units", type=int, nargs="+", default=[10_000, 100_000], help="joint units in the data")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--query", default="", help='what to ask with: "?as_of=2012-06"')
    return parser.parse_args()


def measure(url: str, file: str) -> Sample:
    """Export once from a server of its own, throwing the bytes away."""
    with servers.running(*servers.serving(url), "/v1/forces") as process, httpx.Client(timeout=600) as client:
        before = most = process.memory()
        started, size = time.perf_counter(), 0
        with client.stream("GET", f"{process.address}/v1/exports/{file}") as answer:
            answer.raise_for_status()
            for piece in answer.iter_raw():
                size += len(piece)
                most = max(most, process.memory())
        return Sample(size, time.perf_counter() - started, before, most, servers.memory_of(process.pid, "VmHWM"))


def _line(units: int, file: str, sample: Sample) -> str:
    size = sample.size / servers.MB
    rate = f"{size:,.1f} | {sample.seconds:.1f} | {size / sample.seconds:.1f}"
    return f"| {units:,} | {file} | {rate} | {sample.before:.0f} | {sample.most:.0f} | {sample.peak:.0f} |"


if __name__ == "__main__":
    main()

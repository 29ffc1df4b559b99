"""The response cache beside a bare ASGI application that sends the same bytes, in turn: `python -m benchmarks.cached`.

Rates, and the CPU time of the server's process for one request: that is what a busy machine disturbs least.
"""

import argparse
import os
import pickle
import random
import statistics
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks import dataset, servers, setting_up, workload, wrk

SERVER_CORE, LOAD_CORE = 0, 1
BARE, CACHED, UNCACHED = "bare", "cached", "uncached"
ASKED = 40
"""Addresses of each operation, all of which the cache has room for."""


class Taken(NamedTuple):
    """What one measurement took: requests a second, and CPU microseconds of the server a request."""

    rate: float
    cost: float


def main() -> None:
    options = _options()
    wrk.require()
    os.sched_setaffinity(0, {SERVER_CORE})
    with tempfile.TemporaryDirectory(prefix="registry-benchmark-") as name, ExitStack() as stack:
        folder = Path(name)
        url = options.url
        if url is None:
            data = folder / "data.ndjson"
            url, _ = stack.enter_context(setting_up.databases(options.database, folder))
            setting_up.fill_registry(url, data, dataset.write(data, options.units))
        _measure(options, url, folder, stack)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the response cache against a bare ASGI application.")
    parser.add_argument("--units", type=int, default=5_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", help="a database that holds the units already")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    return parser.parse_args()


def _measure(options: argparse.Namespace, url: str, folder: Path, stack: ExitStack) -> None:
    command, environment = servers.registry(url, "serve")
    processes = {
        CACHED: stack.enter_context(servers.measured(command, environment, "/v1/forces")),
        UNCACHED: stack.enter_context(
            servers.measured(command, {**environment, "REGISTRY_CACHE_SIZE": "0"}, "/v1/forces")
        ),
    }
    with httpx.Client(base_url=processes[CACHED].address, headers={"accept-encoding": "identity"}) as client:
        asked = {name: paths[:ASKED] for name, paths in _paths(client, options.units).items()}
        bare = {
            f"/{name}{number}": _answer(client, path)
            for name, paths in asked.items()
            for number, path in enumerate(paths)
        }
    (folder / "answers").write_bytes(pickle.dumps({path.lstrip("/"): [answer] for path, answer in bare.items()}))
    command = [*servers.UVICORN[:1], "benchmarks.bare:app", *servers.UVICORN[1:]]
    processes[BARE] = stack.enter_context(
        servers.measured(command, {"BARE_ANSWERS": str(folder / "answers")}, "/detail0")
    )
    samples: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    for number in range(options.rounds):
        for operation, paths in asked.items():
            turns = [BARE, CACHED, UNCACHED]
            random.Random(number).shuffle(turns)
            for turn in turns:
                file = folder / "paths"
                own = [f"/{operation}{number}" for number in range(len(paths))] if turn == BARE else paths
                file.write_text("\n".join(own) + "\n")
                samples[operation, turn].append(_taken(processes[turn], file, options.seconds))
    for operation in asked:
        _say(operation, {turn: samples[operation, turn] for turn in (BARE, CACHED, UNCACHED)})


def _paths(client: httpx.Client, units: int) -> dict[str, list[str]]:
    return {each.name: each.ours for each in workload.operations(client, units) if each.name != "page 1"}


def _answer(client: httpx.Client, path: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    answer = client.get(path)
    headers = [
        (name.encode(), value.encode()) for name, value in answer.headers.items() if name not in ("date", "server")
    ]
    return headers, answer.content


def _taken(process: servers.Process, paths: Path, seconds: float) -> Taken:
    before = process.cpu()
    sample = wrk.measure(process.address, paths, 0, wrk.Load(16, seconds, LOAD_CORE))
    return Taken(sample.rate, (process.cpu() - before) * 1e6 / sample.requests)


def _say(operation: str, found: dict[str, list[Taken]]) -> None:
    rates = {turn: statistics.median(each.rate for each in taken) for turn, taken in found.items()}
    costs = {turn: statistics.median(each.cost for each in taken) for turn, taken in found.items()}
    told = "; ".join(f"{turn} {rates[turn]:,.0f}/s, {costs[turn]:.0f} us" for turn in found)
    share = f"cached to bare: {rates[CACHED] / rates[BARE]:.2f} by rate, {costs[BARE] / costs[CACHED]:.2f} by CPU"
    sys.stdout.write(f"{operation}: {told}; {share}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

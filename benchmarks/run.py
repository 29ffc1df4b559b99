"""Measure the registry side by side with the baseline: `python -m benchmarks.run --help`."""

import argparse
import os
import pickle
import random
import signal
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks import compare, dataset, report, servers, setting_up, workload, wrk

SERVER_CORE, LOAD_CORE = 0, 1
REGISTRY_ALONE = ("page 1", "deep")
SLOWER = 2
"""How much longer the baseline's lists are measured: they are so slow that few would come back."""


def main() -> None:
    options = _options()
    try:
        wrk.require()
    except wrk.MissingError as error:
        sys.exit(str(error))
    signal.signal(signal.SIGALRM, _stop)
    signal.signal(signal.SIGTERM, _stop)
    signal.alarm(options.minutes * 60)
    # inherited by everything that is started from here but wrk: servers, and PostgreSQL
    os.sched_setaffinity(0, {SERVER_CORE})
    with tempfile.TemporaryDirectory(prefix="registry-benchmark-") as folder:
        _measure(options, Path(folder))


def _stop(number: int, _frame: object) -> None:
    # leaves through the `with` blocks, which stop the servers and remove the files
    sys.exit(f"stopped by {signal.Signals(number).name}: not done in the time given, or told to end")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the registry against an ORM service and a bare ASGI one.")
    parser.add_argument("--units", type=int, default=20_000, help="joint units in the data (default 20,000)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="of each measurement (default 3)")
    parser.add_argument("--minutes", type=int, default=10, help="give up after so many (default 10)")
    return parser.parse_args()


def _measure(options: argparse.Namespace, folder: Path) -> None:
    data = folder / "data.ndjson"
    documents = dataset.write(data, options.units)
    with ExitStack() as stack:
        ours, baseline = stack.enter_context(setting_up.databases(options.database, folder))
        _say(f"loading {documents:,} documents into {options.database}")
        imported = setting_up.fill_registry(ours, data, documents)
        setting_up.fill_baseline(baseline, data)
        setting_up.analyse(ours, baseline)
        addresses = _serve(stack, ours, baseline)
        operations, sizes = _prepare(addresses, options.units, folder)
        environment = {"BARE_ANSWERS": str(folder / "answers")}
        bare = [*servers.UVICORN[:1], "benchmarks.bare:app", *servers.UVICORN[1:]]
        addresses[report.BARE] = stack.enter_context(servers.running(bare, environment, "/detail"))
        samples = _rounds(options, addresses, operations, folder)
    _say("")
    sys.stdout.write("\n".join(report.lines(samples, sizes, imported, options.units)) + "\n")


def _serve(stack: ExitStack, ours: str, baseline: str) -> dict[str, str]:
    command = [*servers.UVICORN[:1], "benchmarks.orm.main:app", *servers.UVICORN[1:]]
    environment = {"BASELINE_DATABASE_URL": baseline}
    probe = f"{workload.PATH}?limit=1"
    return {
        report.OURS: stack.enter_context(servers.running(*servers.registry(ours, "serve"), probe)),
        report.BASELINE: stack.enter_context(servers.running(command, environment, probe)),
    }


def _prepare(addresses: dict[str, str], units: int, folder: Path) -> tuple[list[workload.Operation], dict[str, int]]:
    """Find the paths, check that the answers are the same, and write down what the bare application sends."""
    with ExitStack() as stack:
        clients = {
            name: stack.enter_context(httpx.Client(base_url=address, timeout=20)) for name, address in addresses.items()
        }
        _say("finding pages and comparing answers")
        operations = list(workload.operations(clients[report.OURS], units))
        sizes = {one.name: compare.check(clients[report.OURS], clients[report.BASELINE], one) for one in operations}
        sent = {
            one.name: compare.answers(clients[report.OURS], one) for one in operations if one.name not in REGISTRY_ALONE
        }
    (folder / "answers").write_bytes(pickle.dumps(sent))
    return operations, sizes


def _rounds(
    options: argparse.Namespace, addresses: dict[str, str], operations: list[workload.Operation], folder: Path
) -> report.Samples:
    samples: report.Samples = defaultdict(list)
    asked: dict[tuple[str, str], int] = defaultdict(int)
    for number in range(1, options.rounds + 1):
        for operation in operations:
            _say(f"round {number}: {operation.name}")
            paths = {report.OURS: operation.ours}
            if operation.name not in REGISTRY_ALONE:
                paths |= {report.BASELINE: operation.baseline, report.BARE: [f"/{operation.name}"]}
            turns = list(paths)
            random.Random(number).shuffle(turns)
            for name in turns:
                file = folder / "paths"
                file.write_text("\n".join(paths[name]) + "\n")
                key = (name, operation.name)
                sample = wrk.measure(addresses[name], file, asked[key], _load(options.seconds, *key))
                asked[key] += sample.requests
                samples[key].append(sample)
    return samples


def _load(seconds: float, candidate: str, operation: str) -> wrk.Load:
    if operation == "detail":
        return wrk.Load(16, seconds, LOAD_CORE)
    # what is under way when the time is up does not count: with 16 that would be much of the baseline's work
    return wrk.Load(4, seconds * (SLOWER if candidate == report.BASELINE else 1), LOAD_CORE)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()

"""Measure the registry side by side with its peers: `python -m benchmarks.run --help`."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import candidates, figures, machine, report, rounds, servers, setting_up, wrk
from benchmarks.rounds import say


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
    os.sched_setaffinity(0, {rounds.SERVER_CORE})
    for units in options.units:
        _measured(options, units).save(options.results)
        report.write(figures.read(options.results), options.results)
        drawn = [str(servers.PEERS / "python"), "-m", "benchmarks.plots", str(options.results)]
        subprocess.run(drawn, check=True)


def _stop(number: int, _frame: object) -> None:
    # leaves through the `with` blocks, which stop the servers and remove the files
    sys.exit(f"stopped by {signal.Signals(number).name}: not done in the time given, or told to end")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the registry beside its peers and a bare ASGI application.")
    parser.add_argument("--units", type=int, nargs="+", default=[1_000, 100_000], help="joint units in the data")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--keep", type=Path, help="a folder for registers that are loaded once and kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="of each measurement at least (default 3)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes on all cores; 1: not measured")
    parser.add_argument("--results", type=Path, default=figures.FOLDER, help="where the figures and the curves go")
    parser.add_argument("--minutes", type=int, default=240, help="give up after so many (default 240)")
    return parser.parse_args()


def _measured(options: argparse.Namespace, units: int) -> figures.Result:
    facts = machine.facts()
    say(f"{units:,} units, {options.database}")
    with (
        tempfile.TemporaryDirectory(prefix="registry-benchmark-") as name,
        setting_up.registers(options.database, units, options.keep) as registers,
    ):
        folder = Path(name)
        services = candidates.services(registers, folder)
        result = figures.Result(
            facts=facts,
            database=options.database,
            units=units,
            rounds=options.rounds,
            seconds=options.seconds,
            loaded=figures.Loaded(**registers.imported._asdict()),
        )
        with rounds.Asked(folder, services, registers.pair.server, options.seconds) as asked:
            asked.prepare(units)
            before = asked.memory()
            result.operations = asked.measure(options.rounds)
            after = asked.memory()
            result.memory = {name: figures.Memory(before=before[name], after=after[name]) for name in before}
        result.starts = rounds.starts(services)
        if options.workers > 1:
            result.workers = options.workers
            result.save(options.results)  # whatever comes of the rest
            result.cores = rounds.on_all_cores(asked, options.workers, options.rounds)
        result.failures = asked.failures
    return result


if __name__ == "__main__":
    main()

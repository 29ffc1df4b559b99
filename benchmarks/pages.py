"""Pages for people and costly answers, of registers of several sizes: `python -m benchmarks.pages --units 1000 100000`.

Each is asked one at a time of a service that keeps nothing (`REGISTRY_CACHE_SIZE=0`): the first answer, which may have
to look up what is then remembered for the revision, and the median of those that follow, with the CPU time of the
server for one of these.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks import dataset, servers, setting_up

UNIT, FORCE = "unit-0000007", "force-07"
PAGES = {
    "home": "/",
    "record: unit": f"/joint-units/{UNIT}",
    "record: force": f"/forces/{FORCE}",
    "list": "/joint-units",
    "list of a force on a day": f"/joint-units?force={FORCE}&as_of=2012-04-01",
    "report (s.23HA)": f"/forces/{FORCE}/collaborations?as_of=2012-04-01",
    "network": "/network?as_of=2012-04-01",
    "timeline": f"/timeline?force={FORCE}",
}
ANSWERS = {
    "s.23HA, 50 of each part": f"/v1/forces/{FORCE}/collaborations?as_of=2012-04-01&limit=50",
    "statistics by force": "/v1/statistics/joint-units?group_by=force&as_of=2012-04-01",
    "network": "/v1/network?as_of=2012-04-01",
    "timeline of a force": f"/v1/timeline?force={FORCE}",
    "coverage": "/v1/coverage",
    "list by name": "/v1/joint-units?sort=name",
    "list by start, of a force": f"/v1/joint-units?sort=-started&force={FORCE}",
    "list on a day": f"/v1/joint-units?force={FORCE}&as_of=2012-04-01",
    "detail": f"/v1/joint-units/{UNIT}",
}
ASKED = 9


class Taken(NamedTuple):
    """What an answer took: milliseconds of the first and of the median of those that followed, CPU of these, and kB."""

    first: float
    median: float
    cpu: float
    size: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure pages and costly answers of registers of several sizes.")
    parser.add_argument("--units", type=int, nargs="+", default=[1000])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", help="a database that holds the units already")
    options = parser.parse_args()
    found = {units: _measured(options, units) for units in options.units}
    for name in (*(f"page: {name}" for name in PAGES), *(f"/v1: {name}" for name in ANSWERS)):
        _say(name, [found[units][name] for units in options.units])


def _measured(options: argparse.Namespace, units: int) -> dict[str, Taken]:
    with tempfile.TemporaryDirectory(prefix="registry-benchmark-") as name, ExitStack() as stack:
        folder, url = Path(name), options.url
        if url is None:
            data = folder / "data.ndjson"
            url = stack.enter_context(setting_up.databases(options.database, folder)).registry
            setting_up.fill_registry(url, data, dataset.write(data, units))
        served = servers.serving(url, CACHE_SIZE=0, REQUEST_TIMEOUT=600)
        process = stack.enter_context(servers.running(*served, "/readyz"))
        client = stack.enter_context(httpx.Client(base_url=process.address, timeout=600, follow_redirects=True))
        taken = {f"page: {name}": _taken(client, process, path) for name, path in PAGES.items()}
        return taken | {f"/v1: {name}": _taken(client, process, path) for name, path in ANSWERS.items()}


def _taken(client: httpx.Client, process: servers.Process, path: str) -> Taken:
    first, size = _ask(client, path)
    before = process.cpu()
    times = [_ask(client, path)[0] for _ in range(ASKED)]
    return Taken(first, statistics.median(times), (process.cpu() - before) * 1000 / ASKED, size)


def _ask(client: httpx.Client, path: str) -> tuple[float, float]:
    began = time.perf_counter()
    answer = client.get(path, headers={"accept": "text/html" if not path.startswith("/v1") else "application/json"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
    return (time.perf_counter() - began) * 1000, len(answer.content) / 1000


def _say(name: str, found: Sequence[Taken]) -> None:
    told = (f"{each.first:,.0f} | {each.median:,.0f} | {each.cpu:,.0f} | {each.size:,.0f}" for each in found)
    sys.stdout.write(f"| {name} | {' | '.join(told)} |\n")


if __name__ == "__main__":
    main()

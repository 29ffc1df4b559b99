"""Makes sure, before anything is timed, that the candidates answer the same things."""

from itertools import zip_longest
from typing import Any

import httpx

from benchmarks.workload import Operation

CHECKED = 10


class DifferenceError(RuntimeError):
    """The baseline answers something else than the registry."""


def check(ours: httpx.Client, baseline: httpx.Client, operation: Operation) -> int:
    """Compare whole answers - ids, order, every field, presence, totals; gives the number of bytes of one of ours."""
    sizes = []
    step = max(1, len(operation.ours) // CHECKED)
    for path, other in list(zip(operation.ours, operation.baseline, strict=True))[::step]:
        response, theirs = ours.get(path).raise_for_status(), baseline.get(other).raise_for_status().json()
        mine = response.json()
        _same(f"{path} data", mine["data"], theirs["data"])
        _same(f"{path} total", mine["meta"].get("total"), theirs["meta"].get("total"))
        _same(f"{path} has a next page", bool(mine["links"].get("next")), bool(theirs["links"].get("next")))
        sizes.append(len(response.content))
    return sum(sizes) // len(sizes)


def answers(client: httpx.Client, operation: Operation, most: int = 50) -> list[tuple[Any, bytes]]:
    """Answers of the registry with their headers, for the bare application to send."""
    kept = ("content-type", "content-length", "etag", "cache-control", "link")
    found = []
    for path in operation.ours[:most]:
        response = client.get(path)
        headers = [(name.encode(), value.encode()) for name, value in response.headers.items() if name in kept]
        found.append((headers, response.content))
    return found


def _same(where: str, mine: Any, theirs: Any) -> None:
    """Alike but for a presence that was not asked for: the registry leaves it out, a response model has it null."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for name in {*mine, *theirs}:
            if name in mine or theirs[name] is not None or name != "presence":
                _same(f"{where}/{name}", mine.get(name, "missing"), theirs.get(name, "missing"))
    elif isinstance(mine, list) and isinstance(theirs, list) and where.endswith("/not_recorded"):
        _same(f"{where} in order", str(sorted(mine)), str(sorted(theirs)))
    elif isinstance(mine, list) and isinstance(theirs, list):
        for index, (one, other) in enumerate(zip_longest(mine, theirs, fillvalue="missing")):
            _same(f"{where}/{index}", one, other)
    elif mine != theirs:
        raise DifferenceError(f"{where}: {mine!r} here, {theirs!r} from the baseline")

"""The results as a page: facts, tables, ratios and what is to be reached, of all that was measured last."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.candidates import BARE, CACHED, EMPTY
from benchmarks.figures import FOLDER, Figures, Measured, Result
from benchmarks.targets import Verdict, verdicts
from benchmarks.workload import DATASETTE, DRF, ORM, PEERS, REGISTRY

FILE = Path(__file__).parent / "RESULTS.md"
TITLES = {
    BARE: "bare ASGI",
    CACHED: "registry, cached",
    REGISTRY: "registry, uncached",
    DATASETTE: "Datasette",
    DRF: "Django REST framework",
    ORM: "FastAPI and ORM",
    EMPTY: "empty FastAPI",
}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HEAD = """# Results

Written by `make bench` (`python -m benchmarks.run`); [how it is measured](README.md). Cells are microseconds of CPU
that one request takes of the server, and requests a second on one core. With PostgreSQL, what its own server takes for
the request is added (service + database). Ratios are of CPU time unless they say otherwise. Only figures of one run can
be compared.
"""


def write(results: Sequence[Result], folder: Path = FOLDER) -> None:
    """Write the page of the results; of results kept elsewhere, into that folder."""
    file = FILE if folder == FOLDER else folder / FILE.name
    file.write_text("\n".join(page(results, folder.name if folder == FOLDER else ".")) + "\n", encoding="utf-8")


def page(results: Sequence[Result], curves: str) -> Iterator[str]:
    yield HEAD
    for database, name in DATABASES.items():
        found = [each for each in results if each.database == database]
        for result in found:
            yield from _section(result, found[0], f"{name}, {result.units:,} units")
        if len(found) > 1:
            yield from _growth(found, name, f"{curves}/growth-{database}.svg")


def _section(result: Result, smallest: Result, title: str) -> Iterator[str]:
    yield f"## {title}\n"
    yield from _table(("fact", "value"), result.facts.items())
    yield f"\n{result.rounds} rounds of {result.seconds:g} s or more for each cell, one worker on one core.\n"
    names = [name for name in TITLES if any(name in each.by for each in result.operations.values())]
    yield from _operations(result.operations, names)
    yield "\n### Ratios\n"
    yield from _ratios(result)
    yield "\n### What production asks for\n"
    yield from _table(("what", "by CPU", "by rate", "to reach", "reached"), map(_judged, verdicts(result, smallest)))
    yield "\n### Start and memory\n"
    yield from _processes(result)
    if result.cores:
        yield f"\n### All cores: {result.workers} workers, with the clients on the same cores\n"
        yield from _operations(result.cores, [BARE, CACHED, REGISTRY])
    if result.failures:
        yield "\n### Not answered\n"
        yield from (f"- {each}" for each in sorted(set(result.failures)))
    yield ""


def _operations(operations: dict[str, Measured], names: Sequence[str]) -> Iterator[str]:
    rows = (
        (name, f"{each.size:,.0f}", *(_cell(each.by.get(candidate)) for candidate in names))
        for name, each in operations.items()
    )
    yield from _table(("operation", "kB", *(TITLES[name] for name in names)), rows)


def _cell(figures: Figures | None) -> str:
    if figures is None:
        return ""
    cost = f"{figures.cpu:,.0f} + {figures.database:,.0f}" if figures.database else f"{figures.cpu:,.0f}"
    rate = f"{figures.rate:,.0f}" if figures.rate >= 10 else f"{figures.rate:,.1f}"
    return f"{cost} us · {rate}/s"


def _ratios(result: Result) -> Iterator[str]:
    """The share of bare ASGI, and how many times as much the peers take as the registry without its cache."""
    heads = (
        "operation",
        "cached: share of bare",
        "uncached: share of bare",
        *(f"{TITLES[peer]}, times" for peer in PEERS),
    )
    pairs = ((BARE, CACHED), (BARE, REGISTRY), *((peer, REGISTRY) for peer in PEERS))
    rows = (
        (name, *(_times(each, *pair) for pair in pairs), f"{_p99(each)}") for name, each in result.operations.items()
    )
    yield from _table((*heads, "p99 cached, uncached, ms"), rows)


def _times(measured: Measured, one: str, other: str) -> str:
    """By CPU, and by rate."""
    left, right = measured.by.get(one), measured.by.get(other)
    if left is None or right is None:
        return ""
    return f"{left.cost / right.cost:.2f} ({right.rate / left.rate:.2f} by rate)"


def _p99(measured: Measured) -> str:
    return ", ".join(f"{measured.by[name].p99:,.1f}" for name in (CACHED, REGISTRY) if name in measured.by)


def _judged(verdict: Verdict) -> tuple[str, ...]:
    return verdict.what, verdict.cpu, verdict.rate, verdict.wanted, "yes" if verdict.reached else "**NO**"


def _processes(result: Result) -> Iterator[str]:
    rows = []
    for name, title in TITLES.items():
        start, memory = result.starts.get(name), result.memory.get(name)
        if start or memory:
            started = (f"{start.elapsed:,.0f}", f"{start.cpu:,.0f}") if start else ("", "")
            kept = (f"{memory.before:,.0f}", f"{memory.after:,.0f}") if memory else ("", "")
            rows.append((title, *started, *kept))
    yield from _table(("", "first answer, ms", "CPU, ms", "memory of its own, MB", "after all rounds"), rows)


def _growth(found: Sequence[Result], database: str, curve: str) -> Iterator[str]:
    yield f"## {database}: how it grows\n"
    yield "Microseconds of CPU a request of the registry without its cache; each size is a run of its own.\n"
    units = [f"{each.units:,} units" for each in found]
    rows = []
    for name in found[0].operations:
        costs = [each.cost(name, REGISTRY) for each in found]
        first, last = costs[0], costs[-1]
        times = f"{last / first:.2f}" if first and last else ""
        rows.append((name, *("" if cost is None else f"{cost:,.0f}" for cost in costs), times))
    yield from _table(("operation", *units, "last to first"), rows)
    yield f"\n![CPU microseconds a request by the number of units, of every candidate]({curve})\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|---|{'--:|' * (len(heads) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"

"""What the registry is to reach in production, and whether a run says that it does."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.candidates import BARE, CACHED, EMPTY
from benchmarks.figures import Figures, Result
from benchmarks.workload import DATASETTE, DRF, REGISTRY

SHARES = {
    "sqlite": {"detail": 0.85, "list": 0.85, "304": 0.85},
    "postgresql": {"detail": 0.65, "list": 0.55, "304": 0.85},
}
"""Of a bare ASGI application that sends the same bytes."""
TIMES = (
    ("detail", DATASETTE, 5.0),
    ("detail", DRF, 25.0),
    ("list", DATASETTE, 8.0),
    ("list", DRF, 80.0),
    ("list-as-of", DATASETTE, 4.0),
    ("search-rare", DATASETTE, 1.0),
)
"""How many times as much a peer takes as the registry without its cache."""
DEEPEST = 1.1
GROWTH = (
    ("list", "list", 1.5),
    ("list-sorted", "list in another order", 2.0),
    ("list-as-of", "list with a total that nobody asked for before", 3.0),
)
VIEWS = {"s.23HA": "list to consider under s.23HA", "statistics": "statistics by force", "network": "network"}
LONGEST_VIEW = 300_000.0
IMPORT, IMPORT_MB, START = 3_000.0, 250.0, 1.5


class Verdict(NamedTuple):
    """What was to be reached, what was found by CPU time and by rate, and whether that is enough by CPU time."""

    what: str
    cpu: str
    rate: str
    wanted: str
    reached: bool


def verdicts(result: Result, smallest: Result) -> Iterator[Verdict]:
    """Of one run; growth is told against the smallest register on the same database."""
    for operation, share in SHARES[result.database].items():
        title = "304, from the cache" if operation == "304" else f"{operation}, cached"
        yield from _ratio(result, operation, (BARE, CACHED), f"{title}: share of bare ASGI", share)
    for operation, peer, times in TIMES:
        title = (
            f"{operation}, uncached: times as fast as {'Datasette' if peer == DATASETTE else 'Django REST framework'}"
        )
        yield from _ratio(result, operation, (peer, REGISTRY), title, times)
    first, deep = result.figures("page 1", REGISTRY), result.figures("deep", REGISTRY)
    if first and deep:
        yield _at_most("a page deep in the list against its first", first, deep, DEEPEST)
    for operation, title, most in GROWTH if smallest.units < result.units else ():
        small, large = smallest.figures(operation, REGISTRY), result.figures(operation, REGISTRY)
        if small and large:
            yield _at_most(f"{title}: {result.units:,} units against {smallest.units:,}", small, large, most)
    for operation, title in VIEWS.items():
        if taken := result.cost(operation, REGISTRY):
            yield Verdict(f"{title}, ms", f"{taken / 1000:,.1f}", "", "≤ 300", taken <= LONGEST_VIEW)
    yield from _others(result)


def _ratio(result: Result, operation: str, pair: tuple[str, str], title: str, least: float) -> Iterator[Verdict]:
    """How many times as much the one takes as the other."""
    one, other = (result.figures(operation, name) for name in pair)
    if one and other:
        by_cpu = one.cost / other.cost
        yield Verdict(title, _told(by_cpu), _told(other.rate / one.rate), f"≥ {least:g}", by_cpu >= least)


def _at_most(title: str, one: Figures, other: Figures, most: float) -> Verdict:
    by_cpu = other.cost / one.cost
    return Verdict(title, _told(by_cpu), _told(one.rate / other.rate), f"≤ {most:g}", by_cpu <= most)


def _others(result: Result) -> Iterator[Verdict]:
    rate, peak = result.units / result.loaded.seconds, result.loaded.peak
    yield Verdict("import: units a CPU second", f"{rate:,.0f}", "", f"≥ {IMPORT:,.0f}", rate >= IMPORT)
    yield Verdict("import: most memory, MB", f"{peak:.0f}", "", f"≤ {IMPORT_MB:.0f}", peak <= IMPORT_MB)
    if {CACHED, EMPTY} <= result.starts.keys():
        ours, empty = result.starts[CACHED], result.starts[EMPTY]
        by_cpu = ours.cpu / empty.cpu
        title = "cold start to the first answer against an empty FastAPI service"
        yield Verdict(title, _told(by_cpu), _told(ours.elapsed / empty.elapsed), f"≤ {START:g}", by_cpu <= START)


_told: Callable[[float], str] = "{:,.2f}".format

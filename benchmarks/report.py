"""The result as a table, and the ratios to reach."""

from collections import defaultdict
from statistics import median

from benchmarks.setting_up import Imported
from benchmarks.wrk import Sample

Samples = dict[tuple[str, str], list[Sample]]
OURS, BASELINE, BARE = "registry", "orm", "bare"
TARGETS = {"detail": 5.0, "list": 10.0, "list-as-of": 5.0}
"""How many times as fast as the baseline each operation must be."""
DEEPEST, SLOWEST_IMPORT = 1.5, 3000


def lines(samples: Samples, sizes: dict[str, int], imported: Imported, units: int) -> list[str]:
    """The report; medians over the rounds."""
    rates: dict[str, dict[str, float]] = defaultdict(dict)
    for (candidate, operation), found in samples.items():
        rates[operation][candidate] = median(sample.rate for sample in found)
    out = ["| operation | KB | registry /s | p99 ms | ORM /s | bare /s | to ORM | to reach | share of bare |"]
    out.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for operation, by in rates.items():
        p99 = median(sample.p99 for sample in samples[OURS, operation])
        cells = [
            operation,
            f"{sizes[operation] / 1000:.0f}",
            f"{by[OURS]:,.0f}",
            f"{p99:.1f}",
            *_compared(operation, by),
        ]
        out.append(f"| {' | '.join(cells)} |")
    deep = rates["page 1"][OURS] / rates["deep"][OURS]
    verdict = f"(to reach: ≤ {DEEPEST}) {_met(deep <= DEEPEST)}"
    out += ["", f"deep page against page 1: {deep:.2f} times as long {verdict}"]
    return [*out, _import(imported, units)]


def _compared(operation: str, by: dict[str, float]) -> list[str]:
    if operation not in TARGETS:
        return [""] * 5
    ratio, target = by[OURS] / by[BASELINE], TARGETS[operation]
    verdict = f"≥ {target:g} {_met(ratio >= target)}"
    return [f"{by[BASELINE]:,.1f}", f"{by[BARE]:,.0f}", f"{ratio:.1f}", verdict, f"{by[OURS] / by[BARE]:.3f}"]


def _import(imported: Imported, units: int) -> str:
    rate = units / imported.seconds
    return (
        f"import: {units:,} units ({imported.documents:,} documents) in {imported.seconds:.1f} s, {rate:,.0f} units/s "
        f"(to reach: ≥ {SLOWEST_IMPORT:,}) {_met(rate >= SLOWEST_IMPORT)}, {imported.peak_mb:.0f} MB at most"
    )


def _met(reached: bool) -> str:
    return "yes" if reached else "NO"

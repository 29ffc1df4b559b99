"""The phases of a load, what was asked and answered in each, and what a follower is told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from statistics import median, quantiles
from typing import Any

MOST_GROWTH, LEAST_GROWTH = 0.2, 30_000_000
"""The part, and the bytes of each process, by which memory may grow in a phase without a fault: the larger of both."""


class Phase:
    """A stretch of the load: what was asked in it and answered, and what was wrong."""

    def __init__(self, name: str, *, fault: bool = True, breaks: bool = False, full: bool = False) -> None:
        self.name, self.fault = name, fault
        self.breaks, self.full = breaks, full
        """Whether connections may break in it, and whether the disk is full."""
        self.times: dict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[tuple[str, str]] = Counter()
        self.memory: list[int] = []
        """Bytes that the service had, from time to time."""
        self.faults: list[str] = []
        self.writes = 0

    def asked(self, kinds: Iterable[str]) -> int:
        """How often it was asked for these."""
        return sum(len(self.times[kind]) for kind in kinds)

    def refused_writes(self) -> int:
        return sum(self.statuses[kind, status] for kind in ("write", "import") for status in ("503", "507"))

    def grown(self) -> tuple[int, int]:
        """The memory in its first quarter and in its last."""
        quarter = max(1, len(self.memory) // 4)
        return int(median(self.memory[:quarter])), int(median(self.memory[-quarter:]))

    def judge_memory(self, processes: int) -> None:
        first, last = self.grown()
        if last - first > max(MOST_GROWTH * first, LEAST_GROWTH * processes):
            self.faults.append(f"memory grew from {first / 1e6:.0f} to {last / 1e6:.0f} MB")

    def __str__(self) -> str:
        lines = [f"{self.name}: {len(self.faults)} faults"]
        if self.memory:
            lines[0] += ", memory {} MB, then {} MB".format(*(each // 1_000_000 for each in self.grown()))
        for kind in sorted({kind for kind, _ in self.statuses}):
            told = ", ".join(f"{n} of {status}" for (of, status), n in sorted(self.statuses.items()) if of == kind)
            lines.append(f"  {kind}: {told}{spread(self.times[kind])}")
        return "\n".join([*lines, *(f"  FAULT {fault}" for fault in self.faults[:20])])


def spread(times: list[float]) -> str:
    """How long answers took, in milliseconds."""
    if not times:
        return ""
    worst = quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return f"; p50 {median(times) * 1000:.0f}, p99 {worst * 1000:.0f} ms"


class Told:
    """The last entry that a follower heard of."""

    def __init__(self) -> None:
        self.revision = self.place = self.of = 0

    def hear(self, entry: dict[str, Any]) -> str | None:
        """What is wrong with the next one: something was left out before it, or it was told already."""
        next_one = (self.revision, self.place + 1) if self.place < self.of else (self.revision + 1, 1)
        found = (entry["revision"], entry["place"])
        (self.revision, self.place), self.of = found, entry["of"]
        return None if found == next_one else f"entry {found} was told, and {next_one} was next"


def events(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Server-sent events that came whole and have an id (WHATWG HTML section 9.2)."""
    event: dict[str, str] = {}
    for line in lines:
        if not line and "id" in event:
            yield event
        if line:
            name, _, value = line.partition(":")
            event[name] = value.removeprefix(" ")
        else:
            event = {}

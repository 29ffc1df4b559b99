"""Memory, processor time and open files of each process that answers."""

import multiprocessing
import os
from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector


class ProcessMetrics(Collector):
    """The usual metrics of a process, `registry_process_…`, of each: `process="1"` is the one that began first."""

    def collect(self) -> Iterator[Metric]:
        """Read them from the system; a process that has just ended has none."""
        found: dict[str, Metric] = {}
        for number, pid in enumerate(_processes(), 1):
            for metric in ProcessCollector("registry", pid=lambda pid=pid: pid, registry=None).collect():  # type: ignore[misc]
                whole = found.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                for sample in metric.samples:
                    whole.add_sample(sample.name, {"process": str(number)}, sample.value)
        yield from found.values()
        workers = Metric("registry_processes", "Processes that answer.", "gauge")
        workers.add_sample("registry_processes", {}, len(_processes()))
        yield workers


def _processes() -> list[int]:
    """Those that answer: the children of this one where it has some, else this one."""
    children = [child.pid for child in multiprocessing.active_children() if child.pid]
    return sorted(children) or [os.getpid()]

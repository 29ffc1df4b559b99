"""The candidates in turn, round by round: one way to time all of them."""

import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks import candidates, compare, figures, servers, workload, wrk
from benchmarks.candidates import BARE, CACHED, EMPTY, Candidate
from benchmarks.workload import DATASETTE, DRF, ORM, REGISTRY, Operation

SERVER_CORE, LOAD_CORE = 0, 1
PATIENCE = 60
"""The most seconds that one measurement may take."""
ENOUGH = 10
"""So many answers one connection should get at least."""
ON_ALL_CORES = ("detail", "list")
STARTED = 5


class Asked:
    """Running candidates, what each is asked by operation, and how hard."""

    def __init__(self, folder: Path, services: dict[str, Candidate], server: int | None, seconds: float) -> None:
        self.folder, self.services, self.server, self.seconds = folder, services, server, seconds
        self.stack = ExitStack()
        self.processes: dict[str, servers.Process] = {}
        self.operations: dict[str, Operation] = {}
        self.sizes: dict[str, float] = {}
        self.lines: dict[tuple[str, str], list[str]] = {}
        self.failures: list[str] = []
        self.turns: dict[tuple[str, str], int] = defaultdict(int)

    def __enter__(self) -> "Asked":
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def start(self, name: str, candidate: Candidate) -> None:
        self.processes[name] = self.stack.enter_context(servers.running(*candidate))

    def prepare(self, units: int) -> None:
        """Start all, find the paths, make sure that the answers are the same, and give them to the bare application."""
        for name, candidate in self.services.items():
            self.start(name, candidate)
        clients = candidates.clients(self.stack, self.processes)
        say("finding pages and comparing answers")
        for operation in workload.operations(clients[REGISTRY], units):
            compare.check(clients, operation)
            self.operations[operation.name] = operation
            self.lines |= {(name, operation.name): paths for name, paths in operation.paths.items()}
        kept = candidates.kept(clients[CACHED], self.operations.values())
        self.start(BARE, candidates.bare(candidates.sent(kept), self.folder))
        for name, answers in kept.items():
            self.sizes[name] = sum(len(body) for _, (_, _, body) in answers) / len(answers) / 1000
            self.lines[CACHED, name] = [line for line, _ in answers]
            self.lines[BARE, name] = [candidates.bare_path(name, at) for at in range(len(answers))]

    def measure(self, rounds: int) -> dict[str, figures.Measured]:
        """Medians over the rounds; what fails is told, and the rest goes on."""
        found: dict[tuple[str, str], list[wrk.Sample]] = defaultdict(list)
        loads = {key: self._load(*key) for key in self.lines}
        for number in range(1, rounds + 1):
            for operation in self.operations:
                say(f"round {number}: {operation}")
                turns = [key for key in self.lines if key[1] == operation]
                random.Random(number).shuffle(turns)
                for key in turns:
                    if sample := self._sample(key, loads[key]):
                        found[key].append(sample)
        measured = {name: figures.Measured(size=self.sizes[name]) for name in self.operations}
        for (name, operation), samples in found.items():
            measured[operation].by[name] = figures.Figures.of(samples)
        return measured

    def _sample(self, key: tuple[str, str], load: wrk.Load) -> wrk.Sample | None:
        database = self.server if key[0] in (REGISTRY, CACHED, ORM, DRF) else None
        return self.sampled(key, self.processes[key[0]], load, database)

    def sampled(
        self, key: tuple[str, str], process: servers.Process, load: wrk.Load, database: int | None
    ) -> wrk.Sample | None:
        """One measurement, that goes on in the lines where the last one ended; nothing if it failed, which is noted."""
        try:
            sample = wrk.measure(process, self.lines[key], self.turns[key], load, database)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            self.failures.append(f"{key[0]}, {key[1]}: {' '.join(str(error).split())[:200]}")
            return None
        self.turns[key] += sample.requests
        return sample

    def _load(self, name: str, operation: str) -> wrk.Load:
        """The slower the answers, the fewer at once and the longer: what is under way at the end does not count."""
        lines = self.lines[name, operation]
        with candidates.client(self.processes[name]) as client:
            _time(client, lines[0])
            single = _time(client, lines[0 if name == CACHED else 1 % len(lines)])
        connections = 16 if single < 0.005 else 4 if single < 0.03 else 2
        if self.operations[operation].costly and name == REGISTRY:
            connections = min(connections, 2)
        return wrk.Load(connections, min(PATIENCE, max(self.seconds, ENOUGH * single)), str(LOAD_CORE))

    def memory(self) -> dict[str, float]:
        return {name: process.memory() for name, process in self.processes.items()}


def _time(client: httpx.Client, line: str) -> float:
    path, _, tag = line.partition("\t")
    began = time.perf_counter()
    client.get(path, headers={"if-none-match": tag} if tag else {})
    return time.perf_counter() - began


def on_all_cores(asked: Asked, workers: int, rounds: int) -> dict[str, figures.Measured]:
    """The registry and the bare application in several processes, with nobody bound to a core."""
    everywhere = set(range(os.cpu_count() or 1))
    for pid in (os.getpid(), *(servers.family(asked.server) if asked.server else ())):
        os.sched_setaffinity(pid, everywhere)
    names = (REGISTRY, CACHED, BARE)
    load = wrk.Load(32, asked.seconds, ",".join(map(str, sorted(everywhere))), len(everywhere))
    found: dict[tuple[str, str], list[wrk.Sample]] = defaultdict(list)
    bare = Candidate(servers.uvicorn("benchmarks.bare:app"), {"BARE_ANSWERS": str(asked.folder / "answers")}, "/bare")
    for number in range(1, rounds + 1):
        say(f"round {number}: {workers} workers")
        for name in random.Random(number).sample(names, len(names)):
            candidate = (bare if name == BARE else asked.services[name]).workers(workers)
            with servers.running(*candidate) as process:
                database = asked.server if name != BARE else None
                for key in ((name, operation) for operation in ON_ALL_CORES):
                    # the first time until all processes are there, and warm
                    for seconds in (1, asked.seconds):
                        pressed = load._replace(seconds=seconds)
                        sample = asked.sampled(key, process, pressed, database)
                    if sample:
                        found[key].append(sample)
    measured = {name: figures.Measured(size=asked.sizes[name]) for name in ON_ALL_CORES}
    for (name, operation), samples in found.items():
        measured[operation].by[name] = figures.Figures.of(samples)
    os.sched_setaffinity(0, {SERVER_CORE})
    return measured


def starts(services: dict[str, Candidate]) -> dict[str, figures.Start]:
    """From the command to the first answer: medians, in turn, beside an empty FastAPI service."""
    found: dict[str, list[servers.Process]] = defaultdict(list)
    chosen = {name: services[name] for name in (CACHED, ORM, DRF, DATASETTE)} | {EMPTY: candidates.empty()}
    for number in range(STARTED):
        say(f"start {number + 1}")
        for name, candidate in chosen.items():
            with servers.running(*candidate) as process:
                found[name].append(process)
    return {name: figures.start(processes) for name, processes in found.items()}


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()

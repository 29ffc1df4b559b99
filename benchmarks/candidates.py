"""Who is measured: how each is started, and what the bare application sends."""

import pickle
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks import datasette, servers
from benchmarks.setting_up import Registers
from benchmarks.workload import DATASETTE, DRF, ORM, PATH, REGISTRY, Operation

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers, body."""
CACHED, BARE, EMPTY = "cached", "bare", "empty"
ASKED, ROOM = 40, 1_500_000
"""Of each operation so many addresses, and bytes of their answers, are asked of the cache: it has room for all."""
UNASKED = frozenset({"date", "server", "content-length"})
"""Headers that the server writes itself, or writes anew."""
FIRST = f"{PATH}/unit-0000001"
GUNICORN = (
    "--worker-class",
    "gthread",
    "--threads",
    "4",
    "--bind",
    f"127.0.0.1:{servers.PORT}",
    "--log-level",
    "error",
)


class Candidate(NamedTuple):
    """A command, its environment, and what it is asked first: a unit, where it has any."""

    command: list[str]
    environment: dict[str, str]
    probe: str

    def workers(self, count: int) -> "Candidate":
        """The same in so many processes."""
        return self._replace(command=[*self.command, "--workers", str(count)])


def services(registers: Registers, folder: Path) -> dict[str, Candidate]:
    """All that have the units: the registry without its cache and with it, and its peers."""
    pair = registers.pair
    on_baseline = {"BASELINE_DATABASE_URL": pair.baseline}
    drf = [str(servers.PEERS / "gunicorn"), "benchmarks.drf.wsgi", *GUNICORN]
    queried = datasette.path("detail", id=FIRST.rpartition("/")[2])
    patient = {"REQUEST_TIMEOUT": 600}
    return {
        REGISTRY: Candidate(*servers.serving(pair.registry, CACHE_SIZE=0, **patient), FIRST),
        CACHED: Candidate(*servers.serving(pair.registry, **patient), FIRST),
        ORM: Candidate(servers.uvicorn("benchmarks.orm.main:app"), on_baseline, FIRST),
        DRF: Candidate(drf, {**on_baseline, "PYTHONPATH": str(servers.PEERS.parent.parent)}, FIRST),
        DATASETTE: Candidate(datasette.command(registers.datasette, folder), {}, queried),
    }


def empty() -> Candidate:
    """A FastAPI service with nothing in it."""
    return Candidate(servers.uvicorn("benchmarks.empty:app"), {}, "/")


def bare(answers: dict[str, Answer], folder: Path) -> Candidate:
    """The bare application with these answers."""
    file = folder / "answers"
    file.write_bytes(pickle.dumps(answers))
    return Candidate(servers.uvicorn("benchmarks.bare:app"), {"BARE_ANSWERS": str(file)}, f"/{BARE}")


def kept(client: httpx.Client, operations: Iterable[Operation]) -> dict[str, list[tuple[str, Answer]]]:
    """What the cache is asked for by operation: lines, and the answers, which the bare application sends too."""
    found: dict[str, list[tuple[str, Answer]]] = {}
    for operation in operations:
        lines, size = found.setdefault(operation.name, []), 0
        for line in operation.ours[:ASKED]:
            answer = _answer(client, line)
            size += len(answer[2])
            if lines and size > ROOM:
                break
            lines.append((line, answer))
    return found


def sent(found: dict[str, list[tuple[str, Answer]]]) -> dict[str, Answer]:
    """The answers by the paths of the bare application, and one to see that it runs."""
    answers = {bare_path(name, at): answer for name, lines in found.items() for at, (_, answer) in enumerate(lines)}
    return answers | {f"/{BARE}": (200, [], b"")}


def bare_path(operation: str, at: int) -> str:
    return f"/{operation.replace(' ', '-')}/{at}"


def _answer(client: httpx.Client, line: str) -> Answer:
    path, _, tag = line.partition("\t")
    answer = client.get(path, headers={"if-none-match": tag} if tag else {})
    if answer.status_code != (304 if tag else 200):
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
    headers = [(name.encode(), value.encode()) for name, value in answer.headers.items() if name not in UNASKED]
    length = [] if tag else [(b"content-length", str(len(answer.content)).encode())]
    return answer.status_code, headers + length, answer.content


def clients(stack: ExitStack, processes: dict[str, servers.Process]) -> dict[str, httpx.Client]:
    """One for each, that asks as wrk does."""
    return {name: stack.enter_context(client(process)) for name, process in processes.items()}


def client(process: servers.Process) -> httpx.Client:
    """A client that says of itself what wrk says, which is nothing: answers are kept by what clients accept."""
    made = httpx.Client(base_url=process.address, timeout=600)
    for name in ("accept", "accept-encoding", "user-agent"):
        del made.headers[name]
    return made

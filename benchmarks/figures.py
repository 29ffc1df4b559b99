"""What a run found, as it is kept in a file: by operation and candidate, medians over the rounds."""

from pathlib import Path
from statistics import median
from typing import Self

from pydantic import BaseModel

from benchmarks.servers import Process
from benchmarks.wrk import Sample

FOLDER = Path(__file__).parent / "results"


class Figures(BaseModel):
    """Of one candidate: requests a second, milliseconds, microseconds of CPU a request, its own and the database's."""

    rate: float
    p50: float
    p99: float
    cpu: float
    database: float = 0

    @property
    def cost(self) -> float:
        return self.cpu + self.database

    @classmethod
    def of(cls, samples: list[Sample]) -> Self:
        return cls(**{name: median(getattr(each, name) for each in samples) for name in cls.model_fields})


class Measured(BaseModel):
    """Of one operation: kB of an answer, and the figures by candidate."""

    size: float
    by: dict[str, Figures] = {}


class Memory(BaseModel):
    """MB of pages of its own, when it had started and after all rounds."""

    before: float
    after: float


class Start(BaseModel):
    """To the first answer, in ms: by the clock, and of CPU."""

    elapsed: float
    cpu: float


def start(processes: list[Process]) -> Start:
    """The medians of several starts."""
    elapsed = median(each.first for each in processes) * 1000
    return Start(elapsed=elapsed, cpu=median(each.taken for each in processes) * 1000)


class Loaded(BaseModel):
    """The import: documents, seconds of CPU, most memory in MB."""

    documents: int
    seconds: float
    peak: float


class Result(BaseModel):
    """Of one database and number of units."""

    facts: dict[str, str]
    database: str
    units: int
    rounds: int
    seconds: float
    operations: dict[str, Measured] = {}
    cores: dict[str, Measured] = {}
    workers: int = 1
    memory: dict[str, Memory] = {}
    starts: dict[str, Start] = {}
    loaded: Loaded
    failures: list[str] = []

    def cost(self, operation: str, candidate: str) -> float | None:
        figures = self.figures(operation, candidate)
        return figures.cost if figures else None

    def figures(self, operation: str, candidate: str) -> Figures | None:
        measured = self.operations.get(operation)
        return measured.by.get(candidate) if measured else None

    def save(self, folder: Path = FOLDER) -> None:
        folder.mkdir(exist_ok=True)
        (folder / f"{self.database}-{self.units}.json").write_text(self.model_dump_json(indent=1) + "\n")


def read(folder: Path = FOLDER) -> list[Result]:
    """All that was found, the smaller registers first, SQLite before PostgreSQL."""
    found = [Result.model_validate_json(file.read_text()) for file in folder.glob("*-*.json")]
    return sorted(found, key=lambda each: (each.database != "sqlite", each.units))

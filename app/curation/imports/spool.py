"""The spool: datasets that came in, each in a file until it is written or refused.

The process that works on one holds a lock on its file, which the system lets go of when the process ends, however it
ends. So every process of this machine can tell a dataset that is worked on from one that was cut off. How far the work
is stands in a small file beside it: the database has one writer, and that is busy.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from app.registry.problems import Fault, Refused, Unsupported
from app.registry.writing.ndjson import read_lines
from app.registry.writing.outcome import Entry

DATASET, PROGRESS, NEXT = ".ndjson", ".progress", ".next"
SUFFIXES = (NEXT, PROGRESS, DATASET)


class Progress(NamedTuple):
    """How far the work on a dataset is: `state` "writing", step "answers made", 1500 of 4000."""

    state: str
    step: str
    done: int
    of: int | None


class SpoolFolder:
    """The folder; `largest`: bytes that one dataset may have."""

    def __init__(self, path: str | None, largest: int) -> None:
        self.path = Path(path) if path else Path(tempfile.gettempdir()) / f"registry-imports-{os.geteuid()}"
        self.largest = largest

    def open(self, name: str) -> "Spool":
        """A place for a dataset of that name. Raises Refused where there is none."""
        try:
            with self._alone():
                file = (self.path / f"{name}{DATASET}").open("x+b")
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise no_room(error) from error
        return Spool(self.path / name, file, self.largest)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder for a moment: no file is taken for left behind between its making and its lock."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        # in a folder for everybody somebody else may have made it, to read along
        if self.path.stat().st_uid != os.geteuid():
            raise PermissionError(f"{self.path} belongs to another user")
        with (self.path / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def works_on(self, name: str) -> bool:
        """Whether a process of this machine works on the dataset."""
        try:
            with (self.path / f"{name}{DATASET}").open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            pass
        return False

    def progress(self, name: str) -> Progress | None:
        """How far the work on the dataset is; None before it begins."""
        try:
            return Progress(**orjson.loads((self.path / f"{name}{PROGRESS}").read_bytes()))
        except FileNotFoundError:
            return None

    def sweep(self) -> None:
        """Take away what processes that are gone have left. What cannot be is in nobody's way."""
        with suppress(OSError), self._alone():
            names = {file.stem for file in self.path.iterdir() if file.suffix in SUFFIXES}
            for name in names:
                if not self.works_on(name):
                    _remove(self.path / name)


class Spool:
    """One dataset in its file: written once, then read as often as is needed."""

    def __init__(self, stem: Path, file: IO[bytes], largest: int) -> None:
        self.name, self.stem, self.file, self.largest = stem.name, stem, file, largest
        self.folder = stem.parent
        self.size, self._digest = 0, sha256()
        self.kept = False
        """Whether it outlives the request that brought it."""

    def __iter__(self) -> Iterator[Entry]:
        self.file.seek(0)
        yield from read_lines(self.file)

    def add(self, piece: bytes) -> None:
        """Put the next piece down. Raises Unsupported for more than is taken, Refused where there is no room."""
        self.size += len(piece)
        if self.size > self.largest:
            message = f"is longer than {self.largest} bytes; send it in parts, or ask who runs the register"
            raise Unsupported("content-too-large", f"the dataset {message}", (Fault("body", message),))
        self._digest.update(piece)
        try:
            self.file.write(piece)
        except OSError as error:
            raise no_room(error) from error

    def complete(self) -> None:
        """Put down what is still on its way to the disk. Raises Refused where there is no room."""
        try:
            self.file.flush()
        except OSError as error:
            raise no_room(error) from error

    @property
    def digest(self) -> bytes:
        """What tells it from any other dataset."""
        return self._digest.digest()

    def note(self, progress: Progress) -> None:
        """Say how far the work on it is. Nothing depends on it, so nothing fails for it."""
        with suppress(OSError):
            # two names, for nobody may read half of it
            following = self.stem.with_suffix(NEXT)
            following.write_bytes(orjson.dumps(progress._asdict()))
            following.replace(self.stem.with_suffix(PROGRESS))

    def close(self) -> None:
        """Take it away."""
        _remove(self.stem)
        self.file.close()


def _remove(stem: Path) -> None:
    for suffix in SUFFIXES:
        stem.with_suffix(suffix).unlink(missing_ok=True)


def no_room(error: OSError) -> Refused:
    """The problem with a folder that takes nothing."""
    detail = f"the dataset cannot be put down: {error.strerror or error}; ask who runs the register"
    return Refused("unavailable", detail, headers={"Retry-After": "60"})


def as_object(progress: Progress | None) -> dict[str, Any] | None:
    """Progress as answers have it."""
    return {"step": progress.step, "done": progress.done, "of": progress.of} if progress else None

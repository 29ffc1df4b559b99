"""Break the code on purpose, one place at a time: each mutant of tests/mutants.yaml must make a test fail.

Works on copies of the tree, two side by side, never on the tree itself, and on SQLite alone. First the tests that are
named there must pass on an unbroken copy: a mutant that "fails" a broken test proves nothing. With words behind the
command, only the mutants in whose file or name one of them stands; with `--every 24` one in 24 of these, others
on the next day, so that in 24 days all have had their turn.
"""

import argparse
import importlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parent.parent
LIST = ROOT / "tests" / "mutants.yaml"
COPIED = ("app", "tests", "scripts", "migrations", "docs", "openapi", "pyproject.toml", "README.md")
SIDE_BY_SIDE = 2
TOO_LONG = 120
"""Seconds after which a mutant that never ends is taken for found."""
LONGEST_UNBROKEN = 3600
"""Seconds that the tests of all mutants may take together before anything is broken."""
PASSED, FAILED = 0, 1
"""The exit codes of pytest that say something of the code; all others say that it was asked wrongly."""
EITHER_DATABASE = "not postgresql"
ALREADY_THERE = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"


class Mutant(NamedTuple):
    """One place of the code said otherwise, and the tests that must notice."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    only: str | None

    @classmethod
    def read(cls, entry: dict[str, Any]) -> "Mutant":
        """From an entry of the list."""
        tests = tuple(entry["tests"].split())
        return cls(entry["name"], entry["file"], entry["from"], entry["to"], tests, entry.get("only"))

    @property
    def chosen(self) -> str:
        """The tests as pytest's `-k` chooses them."""
        return f"{EITHER_DATABASE} and ({self.only})" if self.only else EITHER_DATABASE

    @property
    def misplaced(self) -> str | None:
        """What is wrong with it, None for nothing."""
        found = (ROOT / self.file).read_text().count(self.old)
        if found != 1:
            return f"its text stands there {found} times, not once"
        return "it changes nothing" if self.old == self.new else None


# each run is forked off a process that has what takes longest to import, but nothing of the tree
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(
    ["pytest", "alembic", "fastapi", "httpx", "hypothesis", "psycopg", "rapidfuzz", "sqlalchemy.orm", "uvicorn", "yaml"]
)


def _run_pytest(folder: str, arguments: list[str], said: str) -> None:
    """Run pytest in a copy of the tree, and end with its exit code."""
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    for stream in (1, 2):
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND), stream)
    found = str(importlib.import_module("app").__file__)
    if not found.startswith(folder):
        raise ImportError(f"{found} would be tested instead of the copy in {folder}")
    sys.exit(pytest.main(arguments))


class Copy:
    """A copy of the tree to break."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)
        # compiled once, and recognised by content: a mutant may be as long as before, and written within the second
        compiled = ("-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "app", "migrations")
        subprocess.run([sys.executable, *compiled], cwd=folder, check=True)

    def tested(self, tests: tuple[str, ...], chosen: str, longest: int = TOO_LONG) -> tuple[int | None, str]:
        """The exit code of pytest, and what it wrote; FAILED for what never ends."""
        quiet = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", ALREADY_THERE)
        said = self.folder / "said.txt"
        arguments = (str(self.folder), [*quiet, *tests, "-k", chosen], str(said))
        process = FORKING.Process(target=_run_pytest, args=arguments)
        process.start()
        process.join(longest)
        if process.is_alive():
            process.kill()
            process.join()
            return FAILED, "it never ends"
        return process.exitcode, said.read_text()

    def survives(self, mutant: Mutant) -> str | None:
        """How a mutant got away, None where a test failed."""
        place = self.folder / mutant.file
        whole = place.read_text()
        place.write_text(whole.replace(mutant.old, mutant.new))
        try:
            code, said = self.tested(mutant.tests, mutant.chosen)
        finally:
            place.write_text(whole)
        if code == FAILED:
            return None
        return "SURVIVED" if code == PASSED else f"could not be tested:\n{said[-2000:]}"


def unbroken(mutants: list[Mutant]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What must pass before anything is broken: all that the mutants name, in as few runs as possible."""
    whole = sorted({test for mutant in mutants if not mutant.only for test in mutant.tests})
    if whole:
        yield tuple(whole), EITHER_DATABASE
    some = sorted({test for mutant in mutants if mutant.only for test in mutant.tests})
    if some:
        wanted = " or ".join(sorted({f"({mutant.only})" for mutant in mutants if mutant.only}))
        yield tuple(some), f"{EITHER_DATABASE} and ({wanted})"


def chosen(words: list[str], every: int) -> list[Mutant]:
    """The mutants in whose file or name one of the words stands; of these one in so many, on each day others."""
    mutants = [Mutant.read(entry) for entry in yaml.safe_load(LIST.read_text())]
    meant = [one for one in mutants if not words or any(word in f"{one.file} {one.name}" for word in words)]
    return meant[datetime.now(UTC).toordinal() % every :: every]


def main(words: list[str], every: int) -> int:
    """Break and test; gives the exit code."""
    began = time.monotonic()
    mutants = chosen(words, every)
    faults = [f"{one.file}: {one.name}: {one.misplaced}" for one in mutants if one.misplaced]
    if faults or not mutants:
        print(*faults or ["no mutant is meant"], sep="\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        survivors = _broken(mutants, Path(folder))
    print(f"{len(mutants)} mutants, {survivors} survive, {time.monotonic() - began:.0f} s")
    return 1 if survivors else 0


def _broken(mutants: list[Mutant], folder: Path) -> int:
    """Test every mutant, and say what came of it; gives how many survive."""
    copies: Queue[Copy] = Queue()
    for number in range(SIDE_BY_SIDE):
        (folder / str(number)).mkdir()
        copies.put(Copy(folder / str(number)))

    def sound(run: tuple[tuple[str, ...], str]) -> str | None:
        copy = copies.get()
        tests, chosen = run
        code, said = copy.tested(tests, chosen, LONGEST_UNBROKEN)
        copies.put(copy)
        return None if code == PASSED else said

    def broken(mutant: Mutant) -> str | None:
        copy, began = copies.get(), time.monotonic()
        how = copy.survives(mutant)
        copies.put(copy)
        print(f"{how or 'killed'}  {time.monotonic() - began:4.1f} s  {mutant.file}: {mutant.name}", flush=True)
        return how

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for said in pool.map(sound, unbroken(mutants)):
            if said:
                print(f"the tests fail without any mutant:\n{said[-4000:]}")
                return len(mutants)
        return sum(how is not None for how in pool.map(broken, mutants))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(main(asked.words, asked.every))

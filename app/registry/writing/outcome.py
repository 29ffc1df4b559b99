"""What a save is given, and what it gives back: entries, counts, and all that is wrong with them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.registry.problems import Fault, RuleBroken

MOST_FAULTS = 100
Say = Callable[[str, int], None]
"""Hears of progress: what is being done, and to how many documents."""


class Entry(NamedTuple):
    """A document to save, and where it stands ("forces.yaml line 3"), so that what is wrong with it can be found."""

    where: str
    document: Any


class Withdrawal(NamedTuple):
    """A record "type:id" to withdraw; a duplicate is joined into the record `merge_into`."""

    target: str
    merge_into: str | None = None


@dataclass
class Saved:
    """What a save did. `revision` is None when everything was already recorded as given."""

    revision: int | None
    changed: int = 0
    unchanged: int = 0
    amended: int = 0
    """Documents left out: their record said the same before, and was amended since."""
    warnings: list[Fault] = field(default_factory=list)

    @property
    def read(self) -> int:
        """The documents read so far."""
        return self.changed + self.unchanged + self.amended


class Faults:
    """What is wrong with the documents of one save."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, where: str, faults: Iterable[tuple[str, str]], rule: str | None = None) -> None:
        """Take down what is wrong with a document. Raises RuleBroken when it is too much to read."""
        self.found += (Fault(f"{where} {pointer}".strip(), message, rule) for pointer, message in faults)
        if len(self.found) >= MOST_FAULTS:
            self.refuse()

    def refuse(self) -> None:
        """Raise RuleBroken if anything is wrong."""
        if self.found:
            many = "at least " if len(self.found) >= MOST_FAULTS else ""
            detail = f"{many}{len(self.found)} faults; nothing was written"
            raise RuleBroken(detail, tuple(self.found))


def silent(step: str, done: int) -> None:
    """Says nothing of progress."""

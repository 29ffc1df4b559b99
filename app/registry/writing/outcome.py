"""What a save is given, and what it gives back: entries, counts, and all that is wrong with them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.registry.problems import Fault, RuleBroken

MOST_FAULTS = 1000
MOST_WARNINGS = 1000
"""As many are told one by one; a dataset may have more than anybody reads."""
Say = Callable[[str, int, int | None], None]
"""Hears of progress: what is being done, to how many documents, and of how many, where that is known."""


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
    recorded: str | None = None
    """When the revision was recorded."""
    changed: int = 0
    unchanged: int = 0
    amended: int = 0
    """Documents left out: their record said the same before, and was amended since."""
    warnings: list[Fault] = field(default_factory=list)
    """The first MOST_WARNINGS of them."""
    warned: int = 0
    """How many there are."""

    @property
    def read(self) -> int:
        """The documents read so far."""
        return self.changed + self.unchanged + self.amended

    def warn(self, warning: Fault) -> None:
        """Take down a warning, and keep it if there is room."""
        self.warned += 1
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(warning)


class Faults:
    """What is wrong with documents: the first MOST_FAULTS faults, and with `count_all` how many there are in all."""

    def __init__(self, *, count_all: bool = False) -> None:
        self.count_all = count_all
        self.found: list[Fault] = []
        self.count = 0

    def add(self, where: str, faults: Iterable[tuple[str, str]], rule: str | None = None) -> None:
        """Take down what is wrong with a document. Raises RuleBroken when it is too much to read."""
        for pointer, message in faults:
            self.count += 1
            if len(self.found) < MOST_FAULTS:
                self.found.append(Fault(f"{where} {pointer}".strip(), message, rule))
        if self.count >= MOST_FAULTS and not self.count_all:
            self.refuse()

    def refuse(self) -> None:
        """Raise RuleBroken if anything is wrong."""
        if not self.found:
            return
        detail = f"{self.count} faults; nothing was written"
        if not self.count_all and self.count >= MOST_FAULTS:
            detail = f"at least {detail}"
        elif self.count > MOST_FAULTS:
            detail = f"{self.count} faults, of which the first {MOST_FAULTS} are told; nothing was written"
        raise RuleBroken(detail, tuple(self.found), self.count)


def silent(step: str, done: int, of: int | None = None) -> None:
    """Says nothing of progress."""

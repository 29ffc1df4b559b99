"""What the doctor finds."""

from typing import NamedTuple


class Diagnosis(NamedTuple):
    """One thing that is wrong with an installation, and what to do about it; a note where it may be meant so."""

    what: str
    fix: str
    note: bool = False

    def __str__(self) -> str:
        return f"{'note: ' if self.note else ''}{self.what}: {self.fix}"

"""What a verification finds."""

from typing import NamedTuple


class Discrepancy(NamedTuple):
    """One thing that is not as it was written: the record ("force:kent"), where it is of one, and what."""

    record: str | None
    sentence: str

    def __str__(self) -> str:
        return f"{self.record}: {self.sentence}" if self.record else self.sentence

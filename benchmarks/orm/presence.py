"""The presence on a day, written down from the table of the API's contract, apart from the registry's own code."""

from enum import IntEnum
from typing import NamedTuple, Self

from app.registry.dates import AFTER_ALL, BEFORE_ALL, parse_edtf


class Presence(IntEnum):
    absent = 0
    possible = 1
    presumed = 2
    certain = 3


ABSENT = Presence.absent.name


class Bounds(NamedTuple):
    """The start lies in [s0, s1], the end in [e0, e1]; `seen` is the latest day on which it was surely seen."""

    s0: int
    s1: int
    ends: bool
    e0: int
    e1: int
    seen: int

    @property
    def starts(self) -> tuple[int, int]:
        return self.s0, self.s1

    @classmethod
    def read(cls, started: str | None, ended: str | None, observed: tuple[str, ...]) -> Self:
        s0, s1 = parse_edtf(started) if started else (BEFORE_ALL, AFTER_ALL)
        days = [parse_edtf(day) for day in observed]
        s1 = min([s1, *(day.latest for day in days)])
        seen = max([BEFORE_ALL - 1, *(day.earliest for day in days)])
        if ended is None:
            return cls(s0, s1, False, AFTER_ALL, AFTER_ALL, seen)
        if ended == "unknown":
            return cls(s0, s1, True, max(s1, seen + 1), AFTER_ALL, seen)
        e0, e1 = parse_edtf(ended)
        return cls(s0, s1, True, max(e0, seen + 1), e1, seen)

    def presence(self, day: int) -> Presence:
        if day < self.s0 or (self.ends and day >= self.e1):
            return Presence.absent
        if day < self.s1 or (self.ends and day >= self.e0):
            return Presence.possible
        return Presence.certain if self.ends or day <= self.seen else Presence.presumed

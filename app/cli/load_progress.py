"""How far a load is, told so that one can wait for it: how many of how many, and how long it will take yet."""

import sys
import time
from collections.abc import Callable

import click

SHARES = {
    "checked": 15,
    "read": 17,
    "rules checked": 7,
    "periods made": 16,
    "answers made": 26,
    "search made": 19,
}
"""The steps in their order, and what each takes of the whole, in hundredths: as measured with one dataset."""
REWRITTEN_EVERY, TOLD_EVERY = 0.2, 10.0
"""Seconds between what a terminal shows in one line, and between the lines that are kept elsewhere."""


class LoadProgress:
    """Tells of the load of one dataset: every step as it begins and ends, and while it lasts now and then."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.began = self.told = clock()
        self.step = ""
        # a terminal has one line for each step, what is kept one for each time
        self.rewrites = sys.stdout.isatty()

    def __call__(self, step: str, done: int, of: int | None) -> None:
        """Hear of a step: it is done to so many documents, of so many."""
        now, ended, begun = self.clock(), done == of, step != self.step
        if not begun and not ended and now - self.told < (REWRITTEN_EVERY if self.rewrites else TOLD_EVERY):
            return
        self.told, self.step = now, step
        total = f" of {of:,}" if of is not None else ""
        said = f"  {step}: {done:,}{total} documents{self._left(step, done, of, now)}"
        click.echo(f"\r{said}\033[K" if self.rewrites else said, nl=not self.rewrites or ended)

    def _left(self, step: str, done: int, of: int | None, now: float) -> str:
        """What is left of the whole, as far as it has been going."""
        steps = list(SHARES)
        if not of or step not in steps:
            return ""
        part = sum(SHARES[each] for each in steps[: steps.index(step)]) + SHARES[step] * done / of
        seconds = (now - self.began) * (100 - part) / part
        if seconds < 1:
            return ""
        return f", {seconds:.0f} s left" if seconds < 100 else f", {seconds / 60:.0f} min left"

"""What was meant instead: a "did you mean" for names that are unknown."""

import difflib
from collections.abc import Iterable
from typing import Any


def nearest(wrong: Any, known: Iterable[str]) -> str | None:
    """The known name that is spelt most nearly like a wrong one; None where none is near."""
    near = difflib.get_close_matches(str(wrong)[:100], sorted(known), 1, 0.6)
    return near[0] if near else None


def did_you_mean(wrong: Any, known: Iterable[str]) -> str:
    """A "did you mean" for a wrong name, or what there is to choose from."""
    choice = sorted(known)
    if near := nearest(wrong, choice):
        return f"; did you mean '{near}'?"
    return f"; use {', '.join(choice)}" if 0 < len(choice) <= 30 else ""

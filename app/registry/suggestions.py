"""What was meant instead: a "did you mean" for names that are unknown."""

import difflib
from collections.abc import Iterable
from typing import Any


def did_you_mean(wrong: Any, known: Iterable[str]) -> str:
    """A "did you mean" for a wrong name, or what there is to choose from."""
    choice = sorted(known)
    near = difflib.get_close_matches(str(wrong)[:100], choice, 1, 0.6)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; use {', '.join(choice)}" if 0 < len(choice) <= 30 else ""

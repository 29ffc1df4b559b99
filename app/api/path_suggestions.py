"""What was meant by a path that does not exist: "/units" for "/v1/joint-units"."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from urllib.parse import quote

LEAST, MOST_STEPS, LONGEST_STEP = 0.6, 6, 120
_AHEAD = re.compile(r"api|rest|v[0-9]+")


def near_path(path: str, templates: Iterable[str]) -> str | None:
    """The path that is nearest, of those that exist: "/v1/joint-units" for "/joint-unit"; None if none is near.

    `templates` are the paths that there are, with placeholders: "/v1/forces/{id}".
    """
    asked = [step for step in path.split("/") if step]
    while asked and _AHEAD.fullmatch(asked[0].lower()):
        asked.pop(0)
    if not 0 < len(asked) <= MOST_STEPS or max(map(len, asked)) > LONGEST_STEP:
        return None
    found = max(_fits(asked, templates), default=(0.0, ""))
    return found[1] if found[0] >= LEAST and found[1] != path else None


def _fits(asked: list[str], templates: Iterable[str]) -> Iterator[tuple[float, str]]:
    """Each path of as many steps: how well its worst step fits, and how it would be written."""
    for template in templates:
        whole = [step for step in template.split("/") if step]
        steps = whole[1:] if whole[:1] == ["v1"] else whole
        if len(steps) == len(asked) and not steps[0].startswith("{"):
            fit = min(_likeness(given, step) for given, step in zip(asked, steps, strict=True))
            written = [quote(given) if step.startswith("{") else step for given, step in zip(asked, steps, strict=True)]
            yield fit, "/" + "/".join([*whole[: len(whole) - len(steps)], *written])


def _likeness(given: str, step: str) -> float:
    """How well what was given stands for a step of a path, from 0 to 1; any text stands for a placeholder."""
    if step.startswith("{"):
        return 1.0 if step.endswith("}") else 0.0
    given = given.lower().replace("_", "-")
    likeness = SequenceMatcher(None, given, step).ratio()
    return 0.7 + 0.3 * likeness if _words(given) <= _words(step) else likeness


def _words(step: str) -> set[str]:
    """The words of a step in the singular: {"joint", "unit"}."""
    return {re.sub(r"ies$", "y", word).removesuffix("s") for word in step.split("-")}

"""What people call a force: its place, with whatever word they have for a police force.

"Norfolk Police" is Norfolk Constabulary: only its place tells a force from others. A text that names another kind of
body beside the place ("Norfolk Police Authority", "Norfolk PCC") is not the name of a force.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from app.registry.folding import MINOR
from app.search.query.abbreviations import MEANINGS

LEADING = ("police", "constabulary")
"""Words of which one must be there, or begun, for a text to speak of a force and not of its place alone."""
FORCE_WORDS = frozenset((*LEADING, "force", "service"))
"""Words for a police force, which tell none from another."""
SHORTEST_BEGUN = 2
_POLICE = re.compile(r"\b(?:police (?:force|service)|constabulary)\b")


@lru_cache(maxsize=8192)
def place_in(name: str) -> tuple[str, ...]:
    """The words of a force's folded name that say where: `("northern", "ireland")`."""
    return tuple(word for word in name.split() if word not in FORCE_WORDS and word not in MINOR)


def one_word(text: str) -> str:
    """A folded text with one word for a police force: of "kent police service", "kent police"."""
    return _POLICE.sub("police", text)


def other_names(text: str) -> list[str]:
    """What else a force may be called that a folded text names: of "beds police" its place, its constabulary…; or none.

    Abbreviations by convention are written out.
    """
    spelt = one_word(" ".join(MEANINGS.get(word, word) for word in text.split()))
    if "police" not in spelt.split():
        return []
    place = " ".join(word for word in spelt.split() if word != "police")
    return [place, f"{place} police", f"{place} constabulary"] if place else []


def places_among(words: Sequence[str]) -> list[int]:
    """Which words of a query say where a force is: of "norfolk police" the first, `[0]`.

    The last word may be begun only: "norfolk pol". None, where no place is named, or no force.
    """
    ending = _leading_begun(words[-1]) if words else None
    said = [*words[:-1], ending or words[-1]] if words else []
    return [at for at, word in enumerate(said) if word not in FORCE_WORDS] if {*said} & {*LEADING} else []


def _leading_begun(word: str) -> str | None:
    if len(word) < SHORTEST_BEGUN:
        return None
    return next((each for each in LEADING if each.startswith(word)), None)

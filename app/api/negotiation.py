"""Which of several media types a client asks for: RFC 9110 section 12.5.1."""

from collections.abc import Sequence
from functools import lru_cache

LONGEST_REMEMBERED = 200
"""Characters of an `Accept` of which it is remembered what it prefers."""


def preferred(accept: str | None, offered: tuple[str, ...]) -> str:
    """The media type that the client likes best; the first one offered, where it likes several or none as well."""
    return (_remembered if not accept or len(accept) <= LONGEST_REMEMBERED else _preferred)(accept, offered)


def _preferred(accept: str | None, offered: Sequence[str]) -> str:
    ranges = [_range(item) for item in (accept or "*/*").split(",")]
    return max(offered, key=lambda kind: _quality(kind, ranges))


_remembered = lru_cache(1000)(_preferred)


def likings(accept: str) -> tuple[tuple[str, float], ...]:
    """What `Accept` says, in one form: two that are equal choose the same of whatever is offered."""
    found: dict[str, float] = {}
    for kind, quality in map(_range, (accept or "*/*").split(",")):
        found[kind] = max(quality, found.get(kind, quality))
    return tuple(sorted(found.items()))


def _range(item: str) -> tuple[str, float]:
    kind, *parameters = (part.strip().lower() for part in item.split(";"))
    weights = [part.removeprefix("q=") for part in parameters if part.startswith("q=")]
    try:
        return kind, float(weights[0]) if weights else 1.0
    except ValueError:
        return kind, 0.0


def _quality(kind: str, ranges: list[tuple[str, float]]) -> float:
    """By the narrowest range that fits: the very type, then any of its sort, then any at all."""
    for wanted in (kind, kind.partition("/")[0] + "/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0

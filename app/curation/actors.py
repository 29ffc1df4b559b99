"""What a revision calls those who made it: ids of keys alone, which name nobody."""

from collections.abc import Sequence

LONGEST = 200
"""As long as `Revision.actor` may be."""
_ACCEPTED = ", accepted by "


def accepted(authors: Sequence[str], accepters: Sequence[str]) -> str:
    """The actor of a proposal that was accepted: "k-4x8s0w2m1q, accepted by k-9c3f7h5j2d"."""
    tail = _ACCEPTED + _shortened(accepters, LONGEST // 3)
    return _shortened(authors, LONGEST - len(tail)) + tail


def _shortened(names: Sequence[str], room: int) -> str:
    """The names, and how many more there are where the room does not take them all."""
    for count in range(len(names), 0, -1):
        more = [f"{len(names) - count} more"] if count < len(names) else []
        if len(text := ", ".join([*names[:count], *more])) <= room:
            return text
    return f"{len(names)} keys"


def wrote(actor: str) -> list[str]:
    """Who wrote a revision, without those who accepted it."""
    return actor.partition(_ACCEPTED)[0].split(", ")

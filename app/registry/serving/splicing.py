"""Where in a kept answer a day changes something, noted when it is made: so nothing need be read to change it.

The front of an answer is written field by field, and `periods` holds the places: behind the field `type`, where its
presence is said; of each list of dated parts, where it and its parts begin and end; and of each state, its value.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Any

import orjson

from app.registry.dates import Span
from app.registry.presence import Presence, presence_of

STATE = "="
"""In `periods`: before the name of a state stand its runs of days."""
FRONT = "|"
"""In `periods`: how much of the body comes before its evidence. No day changes what is behind."""
PLACES = "@"
"""In `periods`: the places in the body."""
Places = dict[str, Any]
"""`{"type": 41, "participants": [310, 502, 311, 400, 401, 501], "=lifecycle": [560, 568]}`, in their order."""
KeptPart = tuple[str, Presence]
"""A dated part of an answer as JSON, and how sure it is that it was there."""
SAID = {presence: f',"presence":"{presence}"' for presence in Presence}
"""The field of presence, behind others."""


def front_of(items: Iterable[tuple[str, Any]], parts: Container[str], states: Container[str]) -> tuple[str, Places]:
    """The front of a body as JSON, without the brace that closes it, and the places in it."""
    pieces: list[str] = []
    places: Places = {}
    at = 1
    for name, value in items:
        written = [_written(item) for item in value] if name in parts else [_written(value)]
        start = at + len(name) + 3  # the quotation marks and the colon
        text = f"[{','.join(written)}]" if name in parts else written[0]
        if name == "type":
            places[name] = start + len(text)
        elif name in parts:
            places[name] = [start, start + len(text), *_ends(start + 1, written)]
        elif name in states:
            places[STATE + name] = [start, start + len(text)]
        pieces.append(f'"{name}":{text}')
        at = start + len(text) + 1  # and the comma
    return "{" + ",".join(pieces), places


def _written(value: Any) -> str:
    return orjson.dumps(value).decode()


def _ends(at: int, written: Iterable[str]) -> Iterable[int]:
    """Where each item of a list begins and ends, the first at `at`."""
    for item in written:
        yield from (at, at + len(item))
        at += len(item) + 1


def parts_on(body: str, place: Sequence[int], periods: Iterable[Sequence[int]], days: Span) -> list[KeptPart]:
    """The parts of a list that were there on the days, as JSON, each with its presence."""
    found: list[KeptPart] = []
    for start, end, period in zip(place[2::2], place[3::2], periods, strict=True):
        presence = presence_of(period, days)
        if presence is not Presence.ABSENT:
            found.append((f"{body[start : end - 1]}{SAID[presence]}}}", presence))
    return found

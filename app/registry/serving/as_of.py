"""Answers on a day: the kept answer, read back and written as it was in the world."""

from typing import Any

import orjson

from app.registry.collection import Collection, Phase
from app.registry.dates import Span
from app.registry.documents.canonical import Document, parse_json
from app.registry.presence import Period, Presence, presence_of
from app.registry.serving.answers import FRONT, STATE


def at(collection: Collection, body: str, periods: str, days: Span) -> str:
    """An answer as it was in the world on `days`: parts that were absent left out, the others with their presence.

    Only the front of the body is read and written anew.
    """
    known = parse_json(periods)
    cut, whole = known.pop(FRONT), Period(*known.pop(""))
    shown: Document = {}
    for name, value in parse_json(body[:cut] + "}").items():
        shown[name] = _present(value, known[name], days) if name in known else value
        if name == "type":
            shown["presence"] = whole.presence(days).value
    phase = Phase(True, days.latest >= whole.begins_earliest, days.earliest >= whole.possible_until)
    for name, state in collection.states.items():
        value = state.on(known[STATE + name], days)
        lapsed = value in state.presumed and whole.presence(days) is Presence.POSSIBLE
        shown[name] = None if lapsed else value
    for name, compute in collection.computed.items():
        shown[name] = compute(shown, phase)
    return orjson.dumps(shown).decode()[:-1] + body[cut:]


def _present(parts: Any, periods: list[list[int]], days: Span) -> list[Document]:
    kept = []
    for part, bounds in zip(parts, periods, strict=True):
        presence = presence_of(bounds, days)
        if presence is not Presence.ABSENT:
            part["presence"] = presence.value
            kept.append(part)
    return kept

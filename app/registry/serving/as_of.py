"""Answers on a day: the kept answer, read back and written as it was in the world."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from app.registry.collection import Collection, Phase, State
from app.registry.dates import Span
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.presence import RANKS, Period, Presence, presence_of, strongest, weakest
from app.registry.serving.splicing import FRONT, PLACES, SAID, STATE, KeptPart, parts_on


@lru_cache(1000)
def _needles(refs: frozenset[Ref]) -> tuple[str, ...]:
    """How references to records begin in an answer; within a text, its quotation marks would have backslashes."""
    return tuple(f'{{"id":"{ref.id}","type":"{ref.type}",' for ref in refs)


class PartMatch(NamedTuple):
    """What a filter found a record by: a part in one of these fields that names one of these records.

    `PartMatch(("participants",), frozenset({Ref("force", "norfolk")}))`

    Or a record that it names in the field `way`, of which `by_way` says how sure it is that this one leads to what was
    asked for; not where something is recorded in the field `unless`.
    """

    fields: tuple[str, ...]
    refs: frozenset[Ref]
    way: str | None = None
    by_way: Mapping[Ref, Presence] = {}
    unless: str | None = None

    def presence(self, shown: Document) -> Presence:
        """The strongest presence of any part of an answer that matches."""
        parts = (part for name in self.fields for part in shown[name] if self._names(part))
        return strongest((*(Presence(part["presence"]) for part in parts), *self._by_way(shown), Presence.ABSENT))

    def presence_among(self, parts: Mapping[str, Iterable[KeptPart]]) -> Presence:
        """The strongest presence of any of its parts that matches; `parts` are given as JSON, by their fields.

        A part has references in its own fields alone, none in parts of its own, so their text says which.
        """
        found, needles = Presence.ABSENT, _needles(self.refs)
        for name in self.fields:
            for text, sure in parts[name]:
                if RANKS[sure] < RANKS[found] and any(needle in text for needle in needles):
                    found = sure
        return found

    def _by_way(self, shown: Document) -> list[Presence]:
        if self.way is None or (self.unless and shown[self.unless]):
            return []
        return [self.by_way[ref] for each in shown[self.way] if (ref := Ref.of(each)) in self.by_way]

    def _names(self, part: Document) -> bool:
        return any(isinstance(value, dict) and "url" in value and Ref.of(value) in self.refs for value in part.values())


def at(collection: Collection, body: str, periods: str, days: Span, matches: Sequence[PartMatch] = ()) -> str:
    """An answer as it was in the world on `days`: parts that were absent left out, the others with their presence.

    With `matches`, its presence is that of the weakest of them, and that of the record stands beside it.
    """
    known = parse_json(periods)
    if collection.computed or any(match.way for match in matches):
        return _read_anew(collection, body, known, days, matches)
    presence = presence_of(known[""], days)
    pieces: list[str] = []
    kept: dict[str, list[KeptPart]] = {}
    done = said_at = 0
    for name, place in known[PLACES].items():
        start, end = (place, place) if name == "type" else place[:2]
        pieces.append(body[done:start])
        done = end
        if name == "type":
            said_at = len(pieces)
            pieces.append(SAID[presence])
        elif name[0] == STATE:
            value = _state_on(collection.states[name[1:]], known[name], days, presence)
            pieces.append(f'"{value}"' if value else "null")
        else:
            found = kept[name] = parts_on(body, place, known[name], days)
            pieces.append(f"[{','.join([text for text, _ in found])}]")
    if matches:
        weak = weakest((presence, *[match.presence_among(kept) for match in matches]))
        pieces[said_at] = f'{SAID[weak]},"presence_of_record":"{presence}"'
    pieces.append(body[done:])
    return "".join(pieces)


def _state_on(state: State, runs: Any, days: Span, presence: Presence) -> str | None:
    """The value of a state, which lapses with the presumption on which it rests."""
    value = state.on(runs, days)
    return None if value in state.presumed and presence is Presence.POSSIBLE else value


def _read_anew(collection: Collection, body: str, known: Document, days: Span, matches: Sequence[PartMatch]) -> str:
    """The answer where a field is worked out of what is shown: its front is read and written anew."""
    cut, whole = known.pop(FRONT), Period(*known.pop(""))
    presence = whole.presence(days)
    shown: Document = {}
    for name, value in parse_json(body[:cut] + "}").items():
        shown[name] = _present(value, known[name], days) if name in known else value
        if name == "type":
            shown |= _presences(presence, matches)
    if matches:
        shown["presence"] = weakest((presence, *(match.presence(shown) for match in matches))).value
    phase = Phase(begun=days.latest >= whole.begins_earliest)
    for name, state in collection.states.items():
        shown[name] = _state_on(state, known[STATE + name], days, presence)
    for name, compute in collection.computed.items():
        shown[name] = compute(shown, phase)
    return orjson.dumps(shown).decode()[:-1] + body[cut:]


def _presences(presence: Presence, matches: Iterable[PartMatch]) -> Document:
    """The fields of presence, in their order."""
    return {"presence": presence.value, **({"presence_of_record": presence.value} if matches else {})}


def _present(parts: Any, periods: list[list[int]], days: Span) -> list[Document]:
    kept = []
    for part, bounds in zip(parts, periods, strict=True):
        presence = presence_of(bounds, days)
        if presence is not Presence.ABSENT:
            part["presence"] = presence.value
            kept.append(part)
    return kept

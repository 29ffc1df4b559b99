"""What an unknown word may have been meant for: known words spelt nearly so, or known words written as one."""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, Integer, bindparam, func, literal, select, union_all

from app.registry.folding import MINOR, pieces
from app.search.index.tables import SearchPiece, SearchWord

MOST_SPELLINGS, MOST_ALIKE = 3, 80
"""By how many words a word is corrected; chosen among how many."""
SHORTEST_PART, MOST_PARTS, LONGEST_WHOLE = 3, 4, 30
"""Of how many letters, and how many, the words are that are written as one; longer ones are not taken apart."""

SURE = 0.7
"""How well a known word must stand for an unknown one, to be surer than others written as one: it is a letter off."""


class Spelling(NamedTuple):
    """A word to look for, as a whole or as a beginning, and how well it stands for what was asked (0 to 1).

    The text may be two words that follow each other: "tri force" for "triforce".
    """

    text: str
    prefix: bool
    quality: float


class Correction(NamedTuple):
    """What an unknown word was taken for: known words that it is made of, or else those that are spelt nearly so.

    "dogunit" has the parts `("dog", "unit")`; "bedfordshrie" is near to "bedfordshire".
    """

    parts: tuple[str, ...] = ()
    near: tuple[Spelling, ...] = ()

    @property
    def texts(self) -> list[str]:
        """The correction as people would write it: "dog unit"."""
        return [" ".join(self.parts)] if self.parts else list(dict.fromkeys(each.text for each in self.near))


def correction_of(connection: Connection, revision: int, word: str, joins: Sequence[str]) -> Correction:
    """What an unknown word may have been meant for, by the words that were known at a revision.

    Nothing, where it and words beside it are together a known one.
    """
    asked = {"pieces": sorted(pieces(word)), "parts": [*_parts(word), *joins]}
    alike, known = list[str](), set[str]()
    for other, whole in connection.execute(_ALIKE_OR_PART, asked | {"revision": revision, "length": len(word)}).all():
        if whole:
            alike.append(other)
        else:
            known.add(other)
    if not known.isdisjoint(joins):
        return Correction()
    near = _nearest(word, alike)
    parts = () if near and near[0].quality > SURE else _parted(word, known)
    return Correction(parts, () if parts else near)


_RECORDED = bindparam("revision", type_=Integer)
_ALIKE = (
    select(SearchPiece.word, literal(1).label("whole"))
    .where(SearchPiece.piece.in_(bindparam("pieces", expanding=True)))
    .where(SearchPiece.recorded_from <= _RECORDED)
    .group_by(SearchPiece.word)
    .order_by(func.count().desc(), func.abs(func.length(SearchPiece.word) - bindparam("length")), SearchPiece.word)
    .limit(MOST_ALIKE)
    .subquery()
)
_PART = select(SearchWord.word, literal(0)).where(
    SearchWord.word.in_(bindparam("parts", expanding=True)), SearchWord.recorded_from <= _RECORDED
)
_KNOWN = _PART.with_only_columns(SearchWord.word)
_ALIKE_OR_PART = union_all(select(_ALIKE), _PART)
"""In one statement the known words that have the most pieces in common with a word, and those that are parts of it."""


def known_halves(connection: Connection, revision: int, words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Words, each with the two known ones that it is made of: `{"triforce": ("tri", "force")}`; others are left out."""
    halves = {word: list(_halves(word)) for word in words if word.isalpha() and len(word) <= LONGEST_WHOLE}
    parts = sorted({part for pairs in halves.values() for pair in pairs for part in pair})
    known = set(connection.scalars(_KNOWN, {"parts": parts, "revision": revision})) if parts else set()
    met = {word: next((pair for pair in pairs if known.issuperset(pair)), ()) for word, pairs in halves.items()}
    return {word: pair for word, pair in met.items() if pair}


def _halves(word: str) -> Iterator[tuple[str, str]]:
    for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        yield word[:place], word[place:]


def _nearest(word: str, others: Iterable[str]) -> tuple[Spelling, ...]:
    """Those of the words that are spelt nearly like an unknown one, or whose beginnings are: the nearest alone."""
    most = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
    near: list[tuple[int, str, bool]] = []
    for other in others:
        distance = OSA.distance(word, other, score_cutoff=most)
        begun = OSA.distance(word, other[: len(word)], score_cutoff=most)
        if distance <= most:
            near.append((distance, other, False))
        elif len(other) > len(word) and begun <= most:
            near.append((begun, other, True))
    nearest = sorted(near, key=lambda each: (each[0], each[2], each[1]))
    return tuple(
        Spelling(other, False, 0.85 - 0.1 * distance - 0.1 * begun)
        for distance, other, begun in nearest[:MOST_SPELLINGS]
        if distance == nearest[0][0]
    )


def _parts(word: str) -> list[str]:
    """All that stands in a word and may be a word; nothing where it is too long to be taken apart."""
    starts = range(len(word) - SHORTEST_PART + 1 if len(word) <= LONGEST_WHOLE else 0)
    found = {word[start:end] for start in starts for end in range(start + SHORTEST_PART, len(word) + 1)}
    return sorted(found - {word})


def _parted(word: str, known: Set[str]) -> tuple[str, ...]:
    """The words that an unknown one is made of, with minor ones between: the fewest, of those the longest first."""
    best: dict[int, tuple[str, ...]] = {len(word): ()}
    for start in range(len(word) - SHORTEST_PART, -1, -1):
        found = []
        for end in sorted(best, reverse=True):
            part, rest = word[start:end], best[end]
            if part in MINOR:
                fits = bool(start and rest and len(part) > 1)
            else:
                fits = part in known and sum(each not in MINOR for each in rest) < MOST_PARTS
            if fits:
                found.append((part, *rest))
        if found:
            best[start] = min(found, key=len)
    return best.get(0, ())

"""What a query asks for: its words, and for each the spellings under which it is looked for."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, bindparam, func, select

from app.insight.search.abbreviations import MEANINGS, SYNONYMS
from app.registry.entries import SearchPiece, SearchWord
from app.registry.folding import MINOR, fold, pieces, singular
from app.registry.vocabulary import SHORTEST_WORD

MOST_WORDS, MOST_CORRECTED, MOST_SPELLINGS, MOST_ALIKE = 12, 6, 3, 80
"""How many words of a query are looked for, and corrected; by how many words each; chosen among how many."""
SHORTEST_BEGINNING, MOST_BEGUN = 2, 200
"""From how many letters on a word is taken for the beginning of others, and of how many for all words together."""


class Spelling(NamedTuple):
    """A word to look for, as a whole or as a beginning, and how well it stands for what was asked (0 to 1)."""

    text: str
    prefix: bool
    quality: float


@dataclass(frozen=True)
class Word:
    """A word of a query, its spellings best first, and `begun`, the known words that begin so."""

    text: str
    spellings: tuple[Spelling, ...]
    corrected: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()

    @cached_property
    def needles(self) -> list[tuple[str, float]]:
        """The spellings as they stand in a text that has a space on either side of every word."""
        return [(f" {each.text}" + ("" if each.prefix else " "), each.quality) for each in self.spellings]

    def quality(self, text: str) -> float:
        """How well the best spelling in the text stands for the word; 0: none is there."""
        for needle, quality in self.needles:
            if needle in text:
                return quality
        return 0.0


@dataclass(frozen=True)
class Asked:
    """A query: its folded text, and the words that tell something apart, each once."""

    text: str
    words: tuple[Word, ...] = field(default=())

    @cached_property
    def _meant(self) -> dict[str, bool]:
        return {}

    def means(self, word: str) -> bool:
        """Whether a folded word stands for one of its words."""
        if word not in self._meant:
            self._meant[word] = any(each.quality(f" {word} ") for each in self.words)
        return self._meant[word]

    @property
    def corrections(self) -> dict[str, list[str]]:
        """The words that are not known, and what they were taken for."""
        return {word.text: list(word.corrected) for word in self.words if word.corrected}


def asked(connection: Connection, revision: int, text: str) -> Asked:
    """Read a query against the words that the registry had at a revision. Without letters or digits: no words."""
    folded = fold(text)
    every = list(dict.fromkeys(folded.split()))
    telling = ([word for word in every if word not in MINOR] or every)[:MOST_WORDS]
    words: list[Word] = []
    for word in telling:
        begun = _begun(connection, revision, word, MOST_BEGUN // len(telling))
        unsure = len(word) >= SHORTEST_WORD and word.isalpha() and word not in MEANINGS and word not in begun[:1]
        if unsure and sum(bool(each.corrected) for each in words) < MOST_CORRECTED:
            words += _corrected(connection, revision, word, begun)
        else:
            words.append(_word(word, begun))
    return Asked(folded, tuple(words[:MOST_WORDS]))


def _begun(connection: Connection, revision: int, word: str, most: int) -> tuple[str, ...]:
    """The known words that begin so, by alphabet: the word itself, if it is known, comes first."""
    asked = {"word": word, "beyond": f"{word}\U0010ffff", "revision": revision, "most": most}
    return tuple(connection.scalars(_BEGINNING, asked)) if len(word) >= SHORTEST_BEGINNING else ()


_BEGINNING = (
    select(SearchWord.word)
    .where(SearchWord.word.between(bindparam("word"), bindparam("beyond")))
    .where(SearchWord.recorded_from <= bindparam("revision"))
    .order_by(SearchWord.word)
    .limit(bindparam("most"))
)


def _corrected(connection: Connection, revision: int, word: str, begun: tuple[str, ...]) -> list[Word]:
    """An unknown word with what it may have been meant for: words spelt nearly so, or else two written as one."""
    near = _alike(connection, revision, word)
    halves = () if near or begun else _halves(connection, revision, word)
    return [_word(half, ()) for half in halves] or [_word(word, begun, near)]


def _halves(connection: Connection, revision: int, word: str) -> tuple[str, ...]:
    """The two known words that an unknown one is made of, the longest first half first."""
    cuts = [(word[:cut], word[cut:]) for cut in range(len(word) - SHORTEST_WORD, SHORTEST_WORD - 1, -1)]
    known = _known(connection, revision, sorted({half for cut in cuts for half in cut})) if cuts else set()
    return next((cut for cut in cuts if known.issuperset(cut)), ())


def _known(connection: Connection, revision: int, words: list[str]) -> set[str]:
    found = select(SearchWord.word).where(SearchWord.word.in_(words), SearchWord.recorded_from <= revision)
    return set(connection.scalars(found))


def _word(text: str, begun: tuple[str, ...], near: tuple[Spelling, ...] = ()) -> Word:
    """The word with its spellings: as it is, begun only, in the singular or plural, in full, corrected."""
    others = (singular(text), f"{text}s", MEANINGS.get(text, text))
    own = {Spelling(text, False, 1.0), Spelling(text, True, 0.9)}
    own |= {Spelling(other, False, 0.95) for other in others if other != text}
    own |= {Spelling(other, False, 0.9) for other in SYNONYMS.get(text, ())}
    spellings = sorted({*own, *near}, key=lambda each: (-each.quality, each.text))
    return Word(text, tuple(spellings), tuple(dict.fromkeys(each.text for each in near)), begun)


def _alike(connection: Connection, revision: int, word: str) -> tuple[Spelling, ...]:
    """Known words that are spelt nearly like an unknown one, or whose beginnings are: the nearest alone."""
    most = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
    near: list[tuple[int, str, bool]] = []
    for other in _candidates(connection, revision, word):
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


def _candidates(connection: Connection, revision: int, word: str) -> list[str]:
    """Known words that have the most pieces in common with this one."""
    asked = {"pieces": sorted(pieces(word)), "revision": revision, "length": len(word)}
    return list(connection.scalars(_ALIKE, asked))


_ALIKE = (
    select(SearchPiece.word)
    .where(SearchPiece.piece.in_(bindparam("pieces", expanding=True)))
    .where(SearchPiece.recorded_from <= bindparam("revision"))
    .group_by(SearchPiece.word)
    .order_by(func.count().desc(), func.abs(func.length(SearchPiece.word) - bindparam("length")), SearchPiece.word)
    .limit(MOST_ALIKE)
)

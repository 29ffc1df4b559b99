"""What a query asks for: its words, and for each the spellings under which it is looked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Connection, bindparam, select

from app.registry.folding import MINOR, fold, singular
from app.search.index.entries import MOST_INITIALS
from app.search.index.tables import SearchWord
from app.search.index.vocabulary import SHORTEST_WORD
from app.search.query.abbreviations import MEANINGS, PHRASES, SYNONYMS
from app.search.query.force_names import places_among
from app.search.query.spelling import Correction, Spelling, correction_of, known_halves

MOST_WORDS, MOST_CORRECTED = 12, 6
"""How many words of a query are looked for, and corrected."""
SHORTEST_BEGINNING, MOST_BEGUN = 2, 200
"""From how many letters on a word is taken for the beginning of others, and of how many for all words together."""


@dataclass(frozen=True)
class Word:
    """A word of a query, its spellings best first, `begun`, the known words that begin so, and `joins`, it with others.

    Of "nw rocu", each word may also be a part of "nwrocu".
    """

    text: str
    spellings: tuple[Spelling, ...]
    begun: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()

    @cached_property
    def letters(self) -> list[str]:
        """The initials that it may be, or be a part of."""
        return [self.text, *(each for each in self.joins if len(each) <= MOST_INITIALS)]

    @cached_property
    def initials(self) -> list[tuple[str, str]]:
        """Those as they stand among initials that have a space on either side: of a whole name, and of its ending."""
        return [(f" {each} ", f" -{each} ") for each in self.letters]

    @cached_property
    def needles(self) -> list[tuple[str, float]]:
        """The spellings as they stand in a text that has a space on either side of every word."""
        return [(f" {each.text}" + ("" if each.prefix else " "), each.quality) for each in self.spellings]

    def within(self, text: str) -> "Word":
        """The word with those spellings alone that stand in a text: what can be met in a part of it."""
        met = zip(self.spellings, self.needles, strict=True)
        return Word(self.text, tuple(spelling for spelling, (needle, _) in met if needle in text))

    def quality(self, text: str) -> float:
        """How well the best spelling in the text stands for the word; 0: none is there."""
        for needle, quality in self.needles:
            if needle in text:
                return quality
        return 0.0


@dataclass(frozen=True)
class ParsedQuery:
    """A query: its folded text, the words that tell something apart, and what unknown ones were taken for."""

    text: str
    words: tuple[Word, ...] = field(default=())
    corrections: dict[str, list[str]] = field(default_factory=dict)
    slug: str = ""
    """The text as it would be an id."""

    @cached_property
    def places(self) -> list[int]:
        """Which of its words say where a force is, if it may be what people call a force."""
        return places_among([word.text for word in self.words])

    @cached_property
    def _meant(self) -> dict[str, bool]:
        return {}

    def means(self, word: str) -> bool:
        """Whether a folded word stands for one of its words."""
        if word not in self._meant:
            self._meant[word] = any(each.quality(f" {word} ") for each in self.words)
        return self._meant[word]


def parse_query(connection: Connection, revision: int, text: str) -> ParsedQuery:
    """Read a query against the words that the registry had at a revision. Without letters or digits: no words."""
    folded = fold(text)
    every = list(dict.fromkeys(each for word in folded.split() for each in PHRASES.get(word, word).split()))
    telling = ([word for word in every if word not in MINOR] or every)[:MOST_WORDS]
    halves = known_halves(connection, revision, telling)
    words: list[Word] = []
    corrections: dict[str, list[str]] = {}
    for place, word in enumerate(telling):
        begun = _begun(connection, revision, word, MOST_BEGUN // len(telling))
        joins = tuple(_joins(telling, place))
        unsure = len(word) >= SHORTEST_WORD and word.isalpha() and word not in MEANINGS and not begun
        unknown = Correction()
        if unsure and len(corrections) < MOST_CORRECTED:
            unknown = correction_of(connection, revision, word, joins)
        if any(unknown):
            corrections[word] = unknown.texts
        words += [_word(part) for part in unknown.parts if part not in MINOR] or [
            _word(word, begun, unknown.near, joins, " ".join(halves.get(word, ())) if word in begun else "")
        ]
    return ParsedQuery(folded, tuple(words[:MOST_WORDS]), corrections, text.strip().lower())


def _joins(words: list[str], place: int) -> Iterator[str]:
    """A word with a neighbour as one; with two, where that may be initials."""
    for size in (2, 3):
        for start in range(max(0, place - size + 1), min(place, len(words) - size) + 1):
            join = "".join(words[start : start + size])
            if size == 2 or len(join) <= MOST_INITIALS:
                yield join


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


def _word(
    text: str,
    begun: tuple[str, ...] = (),
    near: tuple[Spelling, ...] = (),
    joins: tuple[str, ...] = (),
    halves: str = "",
) -> Word:
    """The word with its spellings: as it is, begun only, singular or plural, in full, joined, in two, corrected."""
    others = (singular(text), f"{text}s", MEANINGS.get(text, text), halves or text, *joins)
    own = {Spelling(text, False, 1.0), Spelling(text, True, 0.9)}
    own |= {Spelling(other, False, 0.95) for other in others if other != text}
    own |= {Spelling(other, False, 0.9) for other in SYNONYMS.get(text, ())}
    spellings = sorted({*own, *near}, key=lambda each: (-each.quality, each.text))
    return Word(text, tuple(spellings), begun, joins)

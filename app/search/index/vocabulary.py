"""The words of all entries for search, and their pieces: what a query is completed and corrected by."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select

from app.prepared_statements import PreparedStatement, write_rows
from app.registry.chunks import chunked
from app.registry.folding import fold, pieces
from app.search.index.tables import SearchWord

ADDRESSES = ("http ", "https ")
"""What a folded address begins with."""
SHORTEST_WORD = 4
"""Shorter words are not corrected, nor corrected to."""


_RECORDED = PreparedStatement(select(SearchWord.word).where(SearchWord.word.in_(bindparam("words", expanding=True))))


class Vocabulary:
    """Learns the words of one revision."""

    def __init__(self, connection: Connection, number: int) -> None:
        self.connection, self.number, self.known = connection, number, set[str]()

    def add(self, words: Iterable[str]) -> None:
        """Write those that are new."""
        new = sorted({*words} - self.known)
        self.known.update(new)
        for chunk in chunked(new):
            recorded = set(_RECORDED.scalars(self.connection, words=chunk))
            learn(self.connection, {word: self.number for word in chunk if word not in recorded})


def words_of(row: Mapping[str, str]) -> set[str]:
    """The words of an entry that are made of letters: what a query may have begun, or misspelt.

    Not those of addresses, nor of the id of a source, which is made of one: words run together are no words.
    """
    names = [name for name in row["names"].split("\n") if not name.startswith(ADDRESSES)]
    if row["collection"] == "source":
        names = [name for name in names if name != fold(row["record_id"])]
    other, *_ = row["other"].split("\n")
    return {word for word in f"{' '.join(names)} {row['links']} {other}".split() if word.isalpha()}


def learn(connection: Connection, words: Mapping[str, int]) -> None:
    """Write new words, each with the revision that first wrote it, and the pieces of those that can be corrected to."""
    long = ((word, number) for word, number in words.items() if len(word) >= SHORTEST_WORD)
    parts = [(piece, word, number) for word, number in long for piece in sorted(pieces(word))]
    write_rows(connection, "search_word", ("word", "recorded_from"), list(words.items()))
    write_rows(connection, "search_piece", ("piece", "word", "recorded_from"), parts)

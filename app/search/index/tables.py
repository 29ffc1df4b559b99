"""The tables in which records are looked for by words. Made from answers alone, and so replaceable.

An entry holds the text of a record, folded; `tokens` is what the database indexes: with FTS5 on SQLite, as a
`tsvector` on PostgreSQL. Both hold the same tokens and are asked for whole tokens or their beginnings alone, so both
find the same.
"""

from typing import Any

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.database import Base, code_text
from app.registry.records import BigKey, Recorded

SHIFT = 24
"""The key of an entry is its record's, shifted by so many bits, plus the revision that wrote it."""


class SearchEntry(Recorded, Base):
    """The text of a record, or of a duplicate that was merged into it, as it was found from one revision on."""

    __tablename__ = "search_entry"

    pk: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    """Orders what is found, the same on every database: by record, then by revision."""
    record_pk: Mapped[int] = mapped_column(ForeignKey("record.pk"))
    """The record that is found, whose type and id follow."""
    collection: Mapped[str] = mapped_column(code_text(40))
    record_id: Mapped[str] = mapped_column(code_text(120))
    names: Mapped[str] = mapped_column(Text)
    """Its names and ids, folded, one a line."""
    initials: Mapped[str] = mapped_column(Text)
    """The initials of its names; those of the endings of its names begin with "-"."""
    links: Mapped[str] = mapped_column(Text)
    """Words of what it is linked to, and of its kind."""
    other: Mapped[str] = mapped_column(Text)
    """Words of its note, its location and the like; on a line of its own, its website."""
    marks: Mapped[str] = mapped_column(Text)
    """Tokens of the forces and bodies that it is, or names in its own fields."""
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))

    __table_args__ = (
        Index("ix_search_entry_record_pk", "record_pk"),
        CheckConstraint("recorded_to > recorded_from", name="recorded_in_order"),
    )


class SearchName(Base):
    """A name or id of an entry, folded, in the order of the alphabet: what a query may be, or be the beginning of."""

    __tablename__ = "search_name"

    name: Mapped[str] = mapped_column(code_text(200), primary_key=True)
    pk: Mapped[int] = mapped_column(ForeignKey("search_entry.pk"), primary_key=True)
    """The entry."""

    __table_args__ = ({"sqlite_with_rowid": False},)


class FirstRecorded:
    """Since when the registry has had it."""

    @declared_attr
    def recorded_from(cls) -> Mapped[int]:  # noqa: N805
        """The revision that first wrote it."""
        return mapped_column(ForeignKey("revision.number", deferrable=True, initially="DEFERRED"))


class SearchWord(FirstRecorded, Base):
    """A word that stands in some entry: what a query is corrected by."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(code_text(40), primary_key=True)


class SearchPiece(FirstRecorded, Base):
    """A piece of such a word, by which words that are spelt alike are found."""

    __tablename__ = "search_piece"

    piece: Mapped[str] = mapped_column(code_text(41), primary_key=True)
    word: Mapped[str] = mapped_column(code_text(40), primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


FTS5 = """CREATE VIRTUAL TABLE search_index USING fts5(
    tokens, content='search_entry', content_rowid='pk', detail='none', tokenize="ascii tokenchars '~.@_'"
)"""
FILLED = """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_index (rowid, tokens) VALUES (new.pk, new.tokens);
END"""
GIN = "CREATE INDEX search_index ON search_entry USING gin (tokens)"
STATISTICS = "ALTER TABLE search_entry ALTER COLUMN tokens SET STATISTICS 1000"
"""The index of tokens, and on SQLite what fills it: entries are never changed or deleted, but for `recorded_to`.

PostgreSQL must know of how rare ten thousand tokens are to tell when to use the index.
FTS5's `ascii` tokenizer takes every character beyond ASCII for a part of a word: tokens are parted by spaces alone.
"""


def _with_text_index(table: Any) -> None:
    made = (("sqlite", FTS5), ("sqlite", FILLED), ("postgresql", GIN), ("postgresql", STATISTICS))
    for dialect, statement in made:
        event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]


_with_text_index(SearchEntry.__table__)

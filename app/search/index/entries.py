"""Entries for search, made of answers when those are made: what a record is called, linked to, and otherwise says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from app.prepared_statements import write_rows
from app.reads.answers.records import ServedRecord
from app.registry.collection import Catalogue
from app.registry.folding import endings, fold, initials, joined, unhyphened
from app.registry.records import Record
from app.search.index.tables import SHIFT, SearchEntry
from app.search.index.texts import Level, Said, said

LONGEST_NAME, MOST_INITIALS = 200, 6
"""A longer name is cut in the index; nobody says more initials than that."""
ADDRESS = "://"
"""By what an address is told from a name: it has no initials and no words of its own."""
MARKED = ("force", "governance-body", "organisation")


class Indexed(NamedTuple):
    """The text of an entry, folded."""

    names: str
    initials: str
    links: str
    other: str
    marks: str


ENTRY_COLUMNS = (
    "pk",
    "recorded_from",
    "recorded_to",
    "record_pk",
    "collection",
    "record_id",
    *Indexed._fields,
    "tokens",
)


def indexed(body: ServedRecord, derived: Set[str]) -> Indexed:
    """The text of an entry, made of an answer; references in `derived` fields are not its own."""
    texts = list(said(body))
    names: list[str] = []
    letters: list[str] = []
    links: list[str] = []
    other: list[str] = []
    addresses: list[str] = []
    for level, pointer, text, target in texts:
        if level is Level.LINK:
            links.append(linked(text, target))
            continue
        folded = fold(text)
        if pointer == "/website":
            addresses.append(folded)
        elif level is Level.OTHER:
            other += (folded, *joined(text))
        else:
            names.append(folded)
        if level is Level.NAME and ADDRESS not in text:
            if "-" in text:
                names.append(unhyphened(text))
            letters += initials(folded) if body["type"] == "source" else letters_of(folded)
    return Indexed(
        names="\n".join(dict.fromkeys(filter(None, names))),
        initials=_distinct(letters),
        links=_distinct(links),
        other=" \n ".join((_distinct(other), *addresses)),
        marks=_distinct(_marks(body, texts, derived)),
    )


def letters_of(name: str) -> list[str]:
    """The initials of a folded name, then those of its endings that people say, which begin with "-".

    Not for titles of sources, which are sentences: nobody says the initials of how one ends.
    """
    return [*initials(name), *("-" + letters for letters in endings(name) if len(letters) <= MOST_INITIALS)]


@lru_cache(maxsize=16384)
def linked(text: str, target: str = "") -> str:
    """The words of a link, or of a post or kind: its name, its initials ("gmp", "dcc") and its id."""
    words = [fold(text), *joined(text), fold(target.partition(":")[2])]
    words += [letters for letters in initials(words[0]) if len(letters) <= MOST_INITIALS]
    return " ".join(words)


def _distinct(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(" ".join(texts).split()))


def _marks(body: ServedRecord, texts: Iterable[Said], derived: Set[str]) -> Iterator[str]:
    named = [each for each in texts if each.target.startswith(MARKED)]
    own = (each.target for each in named if each.pointer.split("/", 2)[1] not in derived)
    return map(mark, own if body["type"] not in MARKED else (f"{body['type']}:{body['id']}", *own))


def mark(name: str) -> str:
    """The token for a type, or for a record's "type:id"."""
    return "@" + name.replace("-", "_").replace(":", ".")


def tokens(kind: str, entry: Indexed) -> str:
    """What the database indexes: see `app.search.query.candidates` for what is asked of it."""
    words = entry.names.split()
    found = [mark(kind), *entry.marks.split(), *_beginnings(entry.initials)]
    found += [*("." + word for word in words), *words, *entry.links.split(), *entry.other.split()]
    return " ".join(dict.fromkeys(found))


def _beginnings(initials: str) -> Iterator[str]:
    """The tokens for initials, and for the first two and more of them; those of endings are whole."""
    for letters in initials.split():
        if letters[0] == "-":
            yield "~" + letters[1:]
        else:
            yield from ("~" + letters[:length] for length in range(2, min(len(letters), MOST_INITIALS) + 1))


def row_of(
    catalogue: Catalogue, pk: int, number: int, answer: ServedRecord, before: tuple[int, Indexed] | None
) -> dict[str, Any] | None:
    """The row of an entry, None where the one before says the same."""
    kind, slug = answer["type"], answer["id"]
    entry = indexed(answer, catalogue.by_type[kind].incoming.keys())
    if before and before[1] == entry:
        return None
    row = {"pk": pk << SHIFT | number, "record_pk": pk, "collection": kind, "record_id": slug, **entry._asdict()}
    return {**row, "recorded_from": number, "recorded_to": None, "tokens": tokens(kind, entry)}


def write(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows of entries, with their names."""
    names = [(name, row["pk"]) for row in rows for name in {cut(name) for name in row["names"].split("\n")}]
    write_rows(connection, "search_entry", ENTRY_COLUMNS, [tuple(row[name] for name in ENTRY_COLUMNS) for row in rows])
    write_rows(connection, "search_name", ("name", "pk"), names)


def cut(name: str) -> str:
    """A folded name as it is kept for itself."""
    return name[:LONGEST_NAME].rstrip()


def withdraw(connection: Connection, record_pk: int, survivor: int | None, number: int) -> None:
    """Close what led to a record that a revision withdrew; if it was a duplicate, all of it leads to `survivor`."""
    own = SearchEntry.record_pk == record_pk
    closing = update(SearchEntry).where(own, SearchEntry.recorded_to.is_(None))
    connection.execute(closing.values(recorded_to=number))
    if survivor is None:
        return
    into = connection.execute(select(Record.pk, Record.collection, Record.id).where(Record.pk == survivor)).one()
    moved = dict(zip(("record_pk", "collection", "record_id"), into, strict=True))
    asked = select(*SearchEntry.__table__.columns).where(own, SearchEntry.recorded_to == number)
    moved |= {"recorded_from": number, "recorded_to": None}
    rows = [{**row._mapping, **moved, "pk": row.pk >> SHIFT << SHIFT | number} for row in connection.execute(asked)]
    if rows:
        write(connection, sorted(rows, key=lambda row: row["pk"]))

"""Entries for search, made of answers when those are made: what a record is called, linked to, and otherwise says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from app.registry.answers import Rendered
from app.registry.collection import Catalogue
from app.registry.documents import Document
from app.registry.entries import SHIFT, SearchEntry, SearchName
from app.registry.folding import fold, initials, joined
from app.registry.records import Record, rows_of
from app.registry.vocabulary import Vocabulary, words_of

LONGEST_NAME, MOST_INITIALS = 200, 6
"""A longer name is cut in the index; nobody says more initials than that."""
LABELS = {"force": "police force"}
"""What a type is called in words, where its name does not say it."""
KEYS = ("id", "code", "reference")
LINKING = frozenset({"kind", "post", "publisher", "region", "country", "outcome", "stage"})
DESCRIBING = frozenset(
    {"note", "location", "text", "end_reason", "conditions", "decided_by", "legal_basis_as_stated", "website"}
)
PASSED_OVER = frozenset(
    {"citations", "identifiers", "other_names", "missing_parties", "approval", "started", "ended", "observed"}
)
MARKED = ("force", "governance-body")


class Level(IntEnum):
    """How much a text says of which record it is."""

    NAME = 0
    KEY = 1
    LINK = 2
    OTHER = 3


class Said(NamedTuple):
    """A text of an answer: its JSON Pointer, and of a reference the "type:id"."""

    level: Level
    pointer: str
    text: str
    target: str = ""


class Indexed(NamedTuple):
    """The text of an entry, folded."""

    names: str
    initials: str
    links: str
    other: str
    marks: str


def said(body: Document) -> Iterator[Said]:
    """The texts of an answer by which its record is found, the most telling first."""
    yield from called(body)
    kind = str(body["type"])
    yield Said(Level.LINK, "/type", LABELS.get(kind, kind))
    found: list[Said] = []
    _collect(body, "", found)
    yield from sorted(found, key=lambda each: each.level)


def called(body: Document) -> Iterator[Said]:
    """Its names and ids."""
    if body["name"]:
        yield Said(Level.NAME, "/name", body["name"])
    for index, other in enumerate(body["other_names"]):
        yield Said(Level.NAME, f"/other_names/{index}/name", other["name"])
    yield from (Said(Level.KEY, f"/{name}", body[name]) for name in KEYS if body.get(name))
    for index, identifier in enumerate(body["identifiers"]):
        yield Said(Level.KEY, f"/identifiers/{index}/value", identifier["value"])
    if body["type"] == "source" and body["url"]:
        yield Said(Level.KEY, "/url", body["url"])


def _collect(part: Document, pointer: str, found: list[Said]) -> None:
    """The texts and references in an answer, or a part of it."""
    for name, value in part.items():
        if value and name not in PASSED_OVER:
            here = f"{pointer}/{name}"
            if isinstance(value, list):
                for index, item in enumerate(value):
                    _look(item, f"{here}/{index}", name, found)
            else:
                _look(value, here, name, found)


def _look(value: Any, pointer: str, name: str, found: list[Said]) -> None:
    if isinstance(value, str):
        if name in LINKING or name in DESCRIBING:
            found.append(Said(Level.LINK if name in LINKING else Level.OTHER, pointer, value))
    elif isinstance(value, dict):
        if "url" in value and "type" in value:
            found.append(Said(Level.LINK, f"{pointer}/name", value["name"], f"{value['type']}:{value['id']}"))
        elif "edtf" not in value:
            _collect(value, pointer, found)


def indexed(body: Document, derived: Set[str]) -> Indexed:
    """The text of an entry, made of an answer; references in `derived` fields are not its own."""
    texts = list(said(body))
    names: list[str] = []
    words: dict[Level, list[str]] = {level: [] for level in Level}
    for level, _, text, target in texts:
        if level is Level.LINK:
            words[level].append(linked(text, target))
        else:
            (words[level] if level is Level.OTHER else names).append(fold(text))
            words[Level.LINK] += joined(text) if level is not Level.KEY else ()
        if level is Level.NAME:
            words[level] += initials(names[-1])
    return Indexed(
        names="\n".join(dict.fromkeys(filter(None, names))),
        initials=_distinct(words[Level.NAME]),
        links=_distinct(words[Level.LINK]),
        other=_distinct(words[Level.OTHER]),
        marks=_distinct(_marks(body, texts, derived)),
    )


@lru_cache(maxsize=65536)
def linked(text: str, target: str = "") -> str:
    """The words of a link, or of a post or kind: its name, its initials ("gmp", "dcc") and its id."""
    words = [fold(text), *joined(text), fold(target.partition(":")[2])]
    words += [letters for letters in initials(words[0]) if len(letters) <= MOST_INITIALS]
    return " ".join(words)


def _distinct(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(" ".join(texts).split()))


def _marks(body: Document, texts: Iterable[Said], derived: Set[str]) -> Iterator[str]:
    named = [each for each in texts if each.target.startswith(MARKED)]
    own = (each.target for each in named if each.pointer.split("/", 2)[1] not in derived)
    return map(mark, own if body["type"] not in MARKED else (f"{body['type']}:{body['id']}", *own))


def mark(name: str) -> str:
    """The token for a type, or for a record's "type:id"."""
    return "@" + name.replace("-", "_").replace(":", ".")


def tokens(kind: str, entry: Indexed) -> str:
    """What the database indexes: see `app.insight.search.candidates` for what is asked of it."""
    words = entry.names.split()
    found = [mark(kind), *entry.marks.split(), *_beginnings(entry.initials)]
    found += [*("." + word for word in words), *words, *entry.links.split(), *entry.other.split()]
    return " ".join(dict.fromkeys(found))


def _beginnings(initials: str) -> Iterator[str]:
    """The tokens for initials, and for the first two and more of them."""
    for letters in initials.split():
        yield from ("~" + letters[:length] for length in range(2, min(len(letters), MOST_INITIALS) + 1))


class Indexer:
    """Writes the entries of one revision."""

    def __init__(self, session: Session, catalogue: Catalogue, number: int) -> None:
        self.session, self.catalogue, self.number = session, catalogue, number
        self.vocabulary = Vocabulary(session, number)

    def add(self, made: Rendered) -> None:
        """Index answers that were made anew, in the order of their records; entries that stay the same stay."""
        before = self._before(made.replaced) if made.replaced else {}
        answers = sorted(made.documents.items(), key=lambda item: item[0])
        made_rows = (row_of(self.catalogue, pk, self.number, answer, before.get(pk)) for pk, answer in answers)
        rows = [row for row in made_rows if row]
        stale = [before[row["record_pk"]][0] for row in rows if row["record_pk"] in before]
        if stale:
            closing = update(SearchEntry).where(SearchEntry.pk.in_(stale))
            self.session.execute(closing.values(recorded_to=self.number))
        if rows:
            write(self.session, rows)
            self.vocabulary.add(word for row in rows for word in words_of(row))

    def _before(self, record_pks: list[int]) -> dict[int, tuple[int, Indexed]]:
        columns = (getattr(SearchEntry, name) for name in Indexed._fields)
        asked = select(SearchEntry.record_pk, SearchEntry.pk, *columns).where(
            SearchEntry.record_pk.in_(record_pks), SearchEntry.recorded_to.is_(None)
        )
        rows = self.session.execute(asked)
        return {row[0]: (row[1], Indexed(*row[2:])) for row in rows if row[1] >> SHIFT == row[0]}

    def withdraw(self, record_pk: int, survivor: int | None) -> None:
        """Close the entries of a withdrawn record; those of a duplicate lead to the record that stays."""
        withdraw(self.session, record_pk, survivor, self.number)


def row_of(
    catalogue: Catalogue, pk: int, number: int, answer: Document, before: tuple[int, Indexed] | None
) -> dict[str, Any] | None:
    """The row of an entry, None where the one before says the same."""
    kind, slug = answer["type"], answer["id"]
    entry = indexed(answer, catalogue.by_type[kind].incoming.keys())
    if before and before[1] == entry:
        return None
    row = {"pk": pk << SHIFT | number, "record_pk": pk, "collection": kind, "record_id": slug, **entry._asdict()}
    return {**row, "recorded_from": number, "recorded_to": None, "tokens": tokens(kind, entry)}


def write(session: Session | Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows of entries, with their names."""
    names = [
        {"name": name, "pk": row["pk"]} for row in rows for name in {cut(name) for name in row["names"].split("\n")}
    ]
    session.execute(insert(rows_of(SearchEntry)), rows)
    session.execute(insert(rows_of(SearchName)), names)


def cut(name: str) -> str:
    """A folded name as it is kept for itself."""
    return name[:LONGEST_NAME].rstrip()


def withdraw(session: Session | Connection, record_pk: int, survivor: int | None, number: int) -> None:
    """Close what led to a record that a revision withdrew; if it was a duplicate, all of it leads to `survivor`."""
    own = SearchEntry.record_pk == record_pk
    closing = update(SearchEntry).where(own, SearchEntry.recorded_to.is_(None))
    session.execute(closing.values(recorded_to=number))
    if survivor is None:
        return
    into = session.execute(select(Record.pk, Record.collection, Record.id).where(Record.pk == survivor)).one()
    moved = dict(zip(("record_pk", "collection", "record_id"), into, strict=True))
    asked = select(*SearchEntry.__table__.columns).where(own, SearchEntry.recorded_to == number)
    moved |= {"recorded_from": number, "recorded_to": None}
    rows = [{**row._mapping, **moved, "pk": row.pk >> SHIFT << SHIFT | number} for row in session.execute(asked)]
    if rows:
        write(session, sorted(rows, key=lambda row: row["pk"]))

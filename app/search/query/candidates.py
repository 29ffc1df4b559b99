"""Candidates: what the index of tokens finds, step by step from the surest, never more than can be ranked.

A statement asks for whole tokens, joined with AND and OR, in the order of records: that is all that FTS5 and PostgreSQL
do alike, and so both find the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_

from app.registry.clocks import day_parameters
from app.registry.documents.references import Ref
from app.registry.presence import Presence
from app.registry.serving.statements import Clock
from app.search.index.entries import cut, mark
from app.search.index.tables import SearchEntry
from app.search.query.query_parsing import ParsedQuery, Word
from app.search.query.statements import Either, Every, question, statements

MOST = 200
"""So many candidates are ranked; of more that match, those recorded first."""
ENOUGH, MOST_NAMED, MOST_OF_ONE = 20, 100, 60
"""Below so many, records that match in part are looked for too; and the most for a whole name, and for one word."""
MOST_PARTS = 6
"""Of how many words some may be missing."""


@dataclass(frozen=True)
class SearchScope:
    """Where to search: the records of these types and keys that are, or name, one of each of these sets of targets.

    `targets` are records, by which the index is narrowed, with the keys that decide who is named on a day.
    """

    when: Clock
    weakest: Presence = Presence.POSSIBLE
    types: tuple[str, ...] = ()
    pks: Set[int] | None = None
    targets: tuple[Mapping[Ref, int], ...] = ()

    @cached_property
    def groups(self) -> Every:
        """The tokens that narrow the index."""
        names: list[Iterable[str | Ref]] = [self.types, *self.targets] if self.types else [*self.targets]
        return [[mark(str(name)) for name in each] for each in names]

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values of a statement that searches here."""
        values: dict[str, Any] = {"revision": self.when.revision, "types": self.types, "pks": sorted(self.pks or ())}
        if self.when.days:
            values |= day_parameters(self.when.days)
            values |= {f"targets_{number}": [*each.values()] for number, each in enumerate(self.targets)}
        return values


class FoundEntry(NamedTuple):
    """An entry of the index that was found: its key; the key, type and id of its record; and its texts, folded."""

    pk: int
    record_pk: int
    type: str
    id: str
    names: str
    initials: str
    links: str
    other: str
    marks: str


class Candidates(NamedTuple):
    """What was found, in the order of steps; `more`: more match than were taken."""

    found: list[FoundEntry]
    more: bool


def for_search(connection: Connection, query: ParsedQuery, within: SearchScope) -> Candidates:
    """Names that are the query or begin so, then all words in names, then anywhere; if that is little, some words."""
    found = _CandidateSearch(connection, within)
    found.named(query.text)
    found.forces(query)
    exact = any(query.text in row.names.split("\n") for row in found.rows.values())
    found.ask([[_in_names(word) for word in query.words]])
    found.ask([[_anywhere(word) for word in query.words]])
    for asked, most in () if exact else _partly(query):
        if len(found.rows) < ENOUGH:
            found.ask(asked, most)
    return found.candidates


def for_suggestion(connection: Connection, query: ParsedQuery, within: SearchScope) -> Candidates:
    """Names that are the query or begin so, then names with all words, of which each may be begun only.

    The index knows no beginnings of one letter: where the last word is one and nothing is found, the others are enough.
    """
    found = _CandidateSearch(connection, within)
    found.named(query.text)
    found.forces(query)
    groups = [[*_in_names(word), *("." + each for each in word.begun)] for word in query.words]
    found.ask([groups])
    if not found.rows and len(groups) > 1 and len(query.words[-1].text) == 1:
        found.ask([groups[:-1]])
    return found.candidates


def _partly(query: ParsedQuery) -> Iterator[tuple[Either, int]]:
    """All words but one, then each word by itself; each step with the most entries that it may find."""
    groups = [_anywhere(word) for word in query.words]
    if 2 < len(groups) <= MOST_PARTS:
        yield [[*groups[:place], *groups[place + 1 :]] for place in range(len(groups))], MOST
    if len(groups) > 1:
        yield from (([[group]], MOST_OF_ONE) for group in groups[:MOST_PARTS])


def _in_names(word: Word) -> list[str]:
    return [*("." + token for token in _whole(word)), *("~" + each for each in word.letters)]


def _anywhere(word: Word) -> list[str]:
    return [
        *_whole(word),
        *word.begun,
        *("~" + each for each in word.letters),
    ]


def _whole(word: Word) -> list[str]:
    """The tokens of its spellings; of one that is two words, the first, for ranking looks for both."""
    return [each.text.partition(" ")[0] for each in word.spellings if not each.prefix]


class _CandidateSearch:
    """Collects the candidates of one query, step by step, each once."""

    def __init__(self, connection: Connection, within: SearchScope) -> None:
        self.connection, self.within, self.rows = connection, within, dict[int, FoundEntry]()
        shape = (within.weakest, bool(within.types), within.pks is not None, bool(within.when.days))
        self.statements = statements(connection.dialect.name, *shape, len(within.targets))

    def named(self, text: str) -> None:
        """Entries with names that are the text or begin so, the first by alphabet."""
        values = {"name": cut(text), "beyond": f"{cut(text)}\U0010ffff"}
        self._take(self._narrowed(self.statements.named), MOST_NAMED, **values)

    def _narrowed(self, by_name: Any) -> Any:
        """The statement by names, for the targets alone; where a day is asked for, it is for these already."""
        marks = " " + SearchEntry.marks + " "
        for each in () if self.within.when.days else self.within.targets:
            by_name = by_name.where(or_(*(marks.contains(f" {mark(str(ref))} ", autoescape=True) for ref in each)))
        return by_name

    def forces(self, query: ParsedQuery) -> None:
        """Forces of the places that the query names, whatever word for a police force they have themselves."""
        if query.places:
            self.ask([[*(_in_names(query.words[place]) for place in query.places), [mark("force")]]], MOST_NAMED)

    def ask(self, asked: Either, most: int = MOST) -> None:
        """What the index finds, unless there is enough."""
        if len(self.rows) <= MOST:
            written = question(self.connection.dialect.name, asked, self.within.groups)
            self._take(self.statements.indexed, most + 1, asked=written)

    def _take(self, statement: Any, most: int, **values: str) -> None:
        for row in self.connection.execute(statement, {**self.within.values, **values, "most": most}).all():
            self.rows.setdefault(row[0], FoundEntry._make(row))

    @property
    def candidates(self) -> Candidates:
        """As many as can be ranked."""
        return Candidates(list(self.rows.values())[:MOST], len(self.rows) > MOST)

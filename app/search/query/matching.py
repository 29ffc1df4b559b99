"""Which records a text may mean: the core of search, of type-ahead and of reconciliation."""

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from app.reads.snapshots import RecordSnapshot, of_pks
from app.registry.serving.statements import Clock
from app.search.query.addresses import lead_of
from app.search.query.candidates import Candidates, SearchScope, for_search, for_suggestion
from app.search.query.highlighting import best_name
from app.search.query.query_parsing import ParsedQuery, parse_query
from app.search.query.ranking import Ranked, ranked

Find = Callable[[Connection, ParsedQuery, SearchScope], Candidates]
MOST_KEYS = 5000
"""More keys than that are looked for among the candidates alone."""


class Match(NamedTuple):
    """A record that a text may mean; the score is 100 where a name, id or identifier equals it once folded."""

    record_pk: int
    type: str
    id: str
    name: str
    score: float
    exact: bool
    by_id: bool
    """Whether the text is its id, or leads to it."""
    matched: str
    """The name, or the id, that is most like the text."""


class Result(NamedTuple):
    """What a query found, best first; `more`: more match than were ranked."""

    query: ParsedQuery
    ranked: list[Ranked]
    more: bool


def run_search(connection: Connection, text: str, within: SearchScope) -> Result:
    """What a query finds in names, links and notes."""
    return _found(connection, text, within, for_search)


def run_suggest(connection: Connection, text: str, within: SearchScope) -> Result:
    """What a query that is still being typed finds in names."""
    return _found(connection, text, within, for_suggestion)


def _found(connection: Connection, text: str, within: SearchScope, find: Find) -> Result:
    lead = lead_of(connection, within.when, text)
    if lead and lead.pks:
        pks = lead.pks if within.pks is None else lead.pks & within.pks
        result = _looked_up(connection, lead.name, replace(within, pks=pks), for_search)
        led = [each._replace(by_id=True) for each in result.ranked if each.exact]
        if led:
            return result._replace(ranked=led)
    return _looked_up(connection, text, within, find)


def _looked_up(connection: Connection, text: str, within: SearchScope, find: Find) -> Result:
    query = parse_query(connection, within.when.revision, text)
    found = find(connection, query, within) if query.words else Candidates([], False)
    return Result(query, ranked(query, found.found), found.more)


def matches(
    connection: Connection,
    when: Clock,
    text: str,
    *,
    types: Sequence[str] = (),
    pks: Set[int] | None = None,
    limit: int = 10,
) -> list[Match]:
    """The records that a text may mean, best first; of these types and among these keys alone, if any are given.

    Scores go from 0 to 100, and 100 is a name, other name, id or identifier that equals the text once folded. With
    `as_of`, records that are absent on the day are left out. An unreadable text matches nothing.
    """
    few = pks if pks is not None and len(pks) <= MOST_KEYS else None
    query, found, *_ = run_search(connection, text, SearchScope(when, types=tuple(types), pks=few))
    kept = [each for each in found if pks is None or each.found.record_pk in pks][:limit]
    entries = {entry.pk: entry for entry in of_pks(connection, when, [each.found.record_pk for each in kept])}
    return [_match(query, each, entries[each.found.record_pk]) for each in kept]


def _match(query: ParsedQuery, each: Ranked, entry: RecordSnapshot) -> Match:
    slug, kind, name = (entry.reference[key] for key in ("id", "type", "name"))
    matched = best_name(query, entry.answer, each.exact).text
    return Match(entry.pk, kind, slug, name, each.score, each.exact, each.by_id, matched)

"""Which records a text may mean: the core of search, of type-ahead and of reconciliation."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from app.search.query.addresses import lead_of
from app.search.query.candidates import Candidates, SearchScope, for_search, for_suggestion
from app.search.query.query_parsing import ParsedQuery, parse_query
from app.search.query.ranking import Ranked, ranked

Find = Callable[[Connection, ParsedQuery, SearchScope], Candidates]


class Result(NamedTuple):
    """What a query found, best first; `more`: more match than were ranked."""

    query: ParsedQuery
    ranked: list[Ranked]
    more: bool


def run_search(connection: Connection, text: str, within: SearchScope) -> Result:
    """What a query finds in names, links and notes; an unreadable text finds nothing."""
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

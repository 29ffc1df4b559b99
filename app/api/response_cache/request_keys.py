"""What an answer is looked up by: all of a request that the answer can depend on, in one form."""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote_plus, unquote_to_bytes

from app.api.negotiation import likings
from app.api.response_cache.content_codings import IDENTITY, coding_for

AnswerKey = tuple[Any, ...]
WATCHED = frozenset({b"host", b"accept", b"accept-encoding", b"if-none-match", b"authorization", b"registry-revision"})
"""The headers that an answer, or whether it may be kept, depends on."""
LONGEST_REMEMBERED = 500
"""Bytes of queries and headers whose one form is remembered."""
ESCAPE_DIGITS = frozenset(b"0123456789abcdefABCDEF")


class AskedAnswer(NamedTuple):
    """A request for what may be kept: as it came, and what is read out of that."""

    literal: AnswerKey
    key: AnswerKey
    query: bytes
    """The query in its one form."""
    coding: str
    known: bytes | None
    """`If-None-Match`."""
    reached: bytes | None
    """`Registry-Revision`: the revision that the register must have reached."""
    authorised: bool
    """Whether it says who asks."""


def literal_key(scope: Any) -> AnswerKey:
    """All of a request that its answer depends on, as it came: two that are the same are answered the same."""
    watched = tuple([item for item in scope["headers"] if item[0] in WATCHED])
    return scope["method"], scope["path"], scope["query_string"], scope["scheme"], scope["server"], watched


def asked_answer(scope: Any, path: str, literal: AnswerKey, *, named: bool) -> AskedAnswer:
    """What a request asks for at a path; `named`: the register knows its address, and needs not look at the request."""
    headers = dict(reversed(literal[-1]))  # of several with one name, the first is read everywhere
    query = scope["query_string"]
    if query:
        query = _query(query) if len(query) <= LONGEST_REMEMBERED else one_form(query)
    accept, packing = headers.get(b"accept", b""), headers.get(b"accept-encoding")
    kinds = _likings(accept) if len(accept) <= LONGEST_REMEMBERED else accept
    here = None if named else (scope["scheme"], headers.get(b"host"), scope["server"])
    return AskedAnswer(
        literal,
        (path, query, kinds, here),
        query,
        coding_for(packing) if packing and len(packing) <= LONGEST_REMEMBERED else IDENTITY,
        headers.get(b"if-none-match"),
        headers.get(b"registry-revision"),
        b"authorization" in headers,
    )


def one_form(query: bytes) -> bytes:
    """The query with its parameters in the order of their names and each character escaped in one way.

    `limit=5&force=all%3Akent` is `force=all:kent&limit=5`. Several of one name stay in their order. A query that is not
    well-formed stays as it is: it is refused.
    """
    pairs = [pair.partition(b"=") for pair in query.split(b"&") if pair]
    if not (all(equals for _, equals, _ in pairs) and _escaped_well(query)):
        return query
    try:
        read = [(_text(name), _text(value)) for name, _, value in pairs]
    except UnicodeDecodeError:
        return query
    read.sort(key=lambda pair: pair[0])
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in read).encode()


def _escaped_well(query: bytes) -> bool:
    """Whether two hexadecimal digits follow each percent sign."""
    return all(len(step) >= 2 and ESCAPE_DIGITS.issuperset(step[:2]) for step in query.split(b"%")[1:])


def _text(raw: bytes) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode()


def _escaped(text: str) -> str:
    return quote_plus(text, safe=",:")


_query = lru_cache(5000)(one_form)


@lru_cache(1000)
def _likings(accept: bytes) -> tuple[tuple[str, float], ...]:
    return likings(accept.decode("latin-1"))

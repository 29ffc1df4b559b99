"""`If-Match` and `If-None-Match` of writes (RFC 9110 section 13): the token is the record's revision.

A tag of a read begins with that revision (`"17-5f3a9c"`), so what a client got goes in as it came. Proxies weaken tags
and add the coding of a body to them; both are looked past, for two spellings of one revision are one token.
"""

import re
from typing import NamedTuple

from app.registry.problems import Fault, Refused, Unsupported

_TAG = re.compile(r'(?:W/)?"?([1-9][0-9]{0,8})(?:-[A-Za-z0-9;_.-]*)?"?')


class Precondition(NamedTuple):
    """What a client says of the record that it writes."""

    revisions: frozenset[int] | None = None
    """The revisions that it may stand at; None: nothing was said."""
    any: bool = False
    """`If-Match: *`: it is there, whatever it says."""
    absent: bool = False
    """`If-None-Match: *`: it is not there yet."""


def precondition(if_match: str | None, if_none_match: str | None = None) -> Precondition:
    """Read the headers. Raises Unsupported for what is neither a revision nor the tag of a read."""
    if if_none_match is not None:
        if if_none_match.strip() != "*":
            message = "takes * alone in a write: create, unless it is there"
            raise Unsupported(
                "invalid-parameter", f"If-None-Match {message}", (Fault("header/If-None-Match", message),)
            )
        return Precondition(absent=True)
    if if_match is None:
        return Precondition()
    if if_match.strip() == "*":
        return Precondition(any=True)
    tags = [_TAG.fullmatch(item.strip()) for item in if_match.split(",")]
    if not all(tags):
        message = 'holds what is no revision; send "17", or the ETag of a read of this record as it came'
        raise Unsupported("invalid-parameter", f"If-Match {message}", (Fault("header/If-Match", message),))
    return Precondition(frozenset(int(tag[1]) for tag in tags if tag))


def missing(target: str, revision: int) -> Refused:
    """428: it must be said which revision is to be changed."""
    message = f'is missing: {target} stands at revision {revision}; send If-Match: "{revision}" if you have seen that'
    return Refused("precondition-required", f"If-Match {message}", (Fault("header/If-Match", message),))

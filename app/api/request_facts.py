"""What is known of a request once it is answered, wherever that was found out: for the log and the metrics alone."""

import re
from dataclasses import dataclass
from random import getrandbits

from fastapi import Request
from starlette.types import Scope

FACTS, REQUEST_ID = "registry.facts", "registry.request_id"
HEADER = "X-Request-ID"
_SANE = re.compile(rb"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class RequestFacts:
    """One request. `route` is the template of its path, "/v1/forces/{id}"; `actor` the id of its key or account."""

    request_id: str
    route: str | None = None
    actor: str | None = None
    status: int | None = None
    revision: str | None = None
    answered: float | None = None
    """When the answer began, in seconds of the performance counter."""


def new_facts(scope: Scope) -> RequestFacts:
    """The facts of a request that comes in: with the id that it brings in X-Request-ID, else one of our own.

    An id that could be no id (longer than 64 characters, or with others than letters, digits, ".", "_" and "-") is not
    taken: it stands in logs and in answers.
    """
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _SANE.fullmatch(value):
            return RequestFacts(value.decode())
    return RequestFacts(f"{getrandbits(128):032x}")


def note_actor(request: Request, actor: str) -> None:
    """Note who asks: the id that revisions name, and never the key."""
    facts: RequestFacts | None = request.scope.get(FACTS)
    if facts:
        facts.actor = actor

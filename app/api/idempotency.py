"""`Idempotency-Key`: a write that is sent twice is carried out once, and the second is answered like the first.

The answer is kept in the transaction of the write. What was refused wrote nothing and keeps nothing, so it may be sent
again, mended, with the same key (after draft-ietf-httpapi-idempotency-key-header-07).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

import orjson
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.registry.problems import Fault, Refused, Unsupported
from app.registry.writing.answered_requests import ERASED, AnsweredRequest

KEPT = timedelta(days=30)
_KEY = re.compile(r'"?([!-~]{1,255}?)"?')


class Attempt(NamedTuple):
    """A request that may be sent again: who sends it, its key, and the digest of what it asks."""

    actor: str
    key: str
    fingerprint: str


class Answered(NamedTuple):
    """The answer to a write."""

    status: int
    headers: dict[str, str]
    body: bytes
    revision: int | None = None
    kept_body: bytes | None = None
    """What is kept of it and answered again, where the first answer says what is shown once."""


def attempt(actor: str, header: str | None, method: str, address: str, body: bytes) -> Attempt | None:
    """The attempt that a request is, None without a key. The key may stand in quotes or bare. Raises Unsupported."""
    if header is None:
        return None
    if not (found := _KEY.fullmatch(header.strip())):
        message = "is not a key; send 1 to 255 printable characters, such as a UUID"
        raise Unsupported(
            "invalid-parameter", f"Idempotency-Key {message}", (Fault("header/Idempotency-Key", message),)
        )
    asked = f"{method} {address}\n".encode()
    return Attempt(actor, found[1], sha256(asked + body).hexdigest())


class Running:
    """The attempts that this process is carrying out."""

    def __init__(self) -> None:
        self._lock, self._running = Lock(), set[tuple[str, str]]()

    @contextmanager
    def only_one(self, wanted: Attempt | None) -> Iterator[None]:
        """Carry out an attempt. Raises Refused while the same one runs; another process waits for the write lock."""
        name = (wanted.actor, wanted.key) if wanted else None
        with self._lock:
            if name in self._running:
                raise Refused("conflict", "a request with this key is being carried out", headers={"Retry-After": "1"})
            if name:
                self._running.add(name)
        try:
            yield
        finally:
            if name:
                with self._lock:
                    self._running.discard(name)


def earlier_answer(session: Session, wanted: Attempt) -> Answered | None:
    """What the same request was answered before. Raises Refused where the key was used for another, or it is erased."""
    row = session.get(AnsweredRequest, (wanted.actor, wanted.key))
    if row is None:
        return None
    if row.fingerprint == ERASED:
        raise Refused("redacted", f"the request was carried out in revision {row.revision}; its answer is redacted")
    if row.fingerprint != wanted.fingerprint:
        raise Refused("idempotency-key-reused", "the key was used for another request; nothing was written")
    headers = {**orjson.loads(row.headers), "Idempotent-Replayed": "true"}
    return Answered(row.status, headers, row.body.encode(), row.revision)


def keep(session: Session, wanted: Attempt, answer: Answered) -> None:
    """Keep the answer, and forget what is older than 30 days."""
    session.execute(delete(AnsweredRequest).where(AnsweredRequest.answered < _moment(datetime.now(UTC) - KEPT)))
    row = AnsweredRequest(
        actor=wanted.actor, key=wanted.key, fingerprint=wanted.fingerprint, answered=_moment(datetime.now(UTC))
    )
    row.revision, row.status = answer.revision, answer.status
    row.body = (answer.body if answer.kept_body is None else answer.kept_body).decode()
    row.headers = orjson.dumps(answer.headers).decode()
    session.add(row)
    session.flush()


def _moment(time: datetime) -> str:
    """As tables have it: RFC 3339, UTC, microseconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

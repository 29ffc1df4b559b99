"""The registry as its users have it: documents saved into a database, and a running service asked over HTTP."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from app.api.protocol import ProblemProtocol
from app.database import connect, writing
from app.main import create_app
from app.register import REGISTER
from app.registry.writing import store
from app.settings import Settings

Document = dict[str, Any]


def load(url: str, entries: Iterable[store.Entry], reason: str = "a test", actor: str = "tests") -> store.Saved:
    """Save entries into the database at the URL."""
    engine = connect(url)
    try:
        with writing(engine) as session:
            return store.save(session, REGISTER, entries, actor=actor, reason=reason)
    finally:
        engine.dispose()


def save(url: str, *documents: Document, reason: str = "a test") -> store.Saved:
    """Save documents into the database at the URL."""
    entries = [store.Entry(f"document {number}", document) for number, document in enumerate(documents, 1)]
    return load(url, entries, reason)


def withdraw(url: str, target: str, merge_into: str | None = None) -> store.Saved:
    """Withdraw a record, or join it into another."""
    engine = connect(url)
    try:
        with writing(engine) as session:
            leaving = [store.Withdrawal(target, merge_into)]
            return store.save(session, REGISTER, [], actor="tests", reason="a duplicate", withdrawals=leaving)
    finally:
        engine.dispose()


@contextmanager
def serving(url: str, **told: Any) -> Iterator[httpx.Client]:
    """A client of a service that runs on the database, on a port of its own; `told`: its other settings."""
    settings = Settings(database_url=url, **told)
    config = uvicorn.Config(
        create_app(settings),
        port=0,
        http=ProblemProtocol,
        log_level="critical",
        access_log=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        # no certificates are read that nobody asks for: that takes longer than most tests
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


SOURCE: Document = {"type": "source", "id": "paper", "name": "A paper", "published": "2012-06-01"}


def force(slug: str, **fields: Any) -> Document:
    """A force that cites the paper."""
    return {"type": "force", "id": slug, "name": slug.title(), "citations": [{"source": "paper"}], **fields}


def unit(slug: str, *forces: str, **fields: Any) -> Document:
    """A joint unit of the forces that cites the paper."""
    participants = [{"organisation": f"force:{name}"} for name in forces]
    found = {"type": "joint-unit", "id": slug, "name": slug.title(), "citations": [{"source": "paper"}]}
    return {**found, "participants": participants, **fields}

"""People with keys, who ask a running service to write."""

from collections.abc import Iterable
from typing import Any

import httpx

from app.api.callers import Scope
from app.curation import keys
from app.database import connect, writing
from tests.registry_in_use import SOURCE, Document, force, save, unit


def key(url: str, holder: str, *scopes: str, forces: Iterable[str] | None = None) -> str:
    """The text of a new key."""
    engine = connect(url)
    try:
        with writing(engine) as session:
            return keys.create(session, holder, map(Scope, scopes), forces=forces)[1]
    finally:
        engine.dispose()


def id_of(text: str) -> str:
    """The id that stands in the text of a key."""
    return text.split("_")[1]


class Keyholder:
    """Asks the service with a key; None: without one."""

    def __init__(self, client: httpx.Client, text: str | None) -> None:
        self.client, self.text = client, text
        self.id = id_of(text) if text else ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str | None) -> httpx.Response:
        """The answer; headers are named with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        if self.text:
            sent["Authorization"] = f"Bearer {self.text}"
        content = {} if body is None else {"json": body}
        return self.client.request(method, path, headers=sent, **content)

    def get(self, path: str) -> Any:
        """The answer of a read that succeeds."""
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return answer.json()


def filled(url: str) -> None:
    """Record two forces, a unit of both and one of each."""
    units = (unit("dogs", "kent", "essex"), unit("boats", "kent"), unit("horses", "essex"))
    save(url, SOURCE, force("kent"), force("essex"), *units)


def noting(slug: str, note: str) -> Document:
    """An operation that puts a note into a unit."""
    return {"op": "patch", "record": f"joint-unit:{slug}", "merge": {"note": note}}


def proposed(*operations: Document, **fields: Any) -> Document:
    """The body of a proposal."""
    return {"title": "A note", "reason": "it was missing", "operations": list(operations), **fields}

"""Who sends datasets in the tests: keys, bodies, and a service that takes them."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from app.api.callers import Scope
from app.curation.keys import create
from app.database import connect, writing
from tests.registry_in_use import Document, serving

NDJSON = "application/x-ndjson"


def key(url: str, *scopes: Scope, holder: str = "the tests", forces: Iterable[str] | None = None) -> str:
    """A new key."""
    engine = connect(url)
    try:
        with writing(engine) as session:
            return create(session, holder, scopes or (Scope.CURATE,), forces=forces)[1]
    finally:
        engine.dispose()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def lines(*documents: object) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


@contextmanager
def taking(url: str, folder: Path, **told: Any) -> Iterator[httpx.Client]:
    """A client with a curator's key, of a service whose spool is in the folder."""
    with serving(url, spool_folder=str(folder / "spool"), **told) as client:
        client.headers.update(bearer(key(url)))
        client.timeout = httpx.Timeout(300)
        yield client


def send(client: httpx.Client, body: bytes, **asked: Any) -> httpx.Response:
    """Send a dataset; `headers` are those of the request, the rest its query."""
    headers = {"Content-Type": NDJSON, **asked.pop("headers", {})}
    return client.post("/v1/imports", params={"reason": "a test", **asked}, content=body, headers=headers)


def send_on(client: httpx.Client, body: bytes, **asked: Any) -> str:
    """Send a dataset that is to be gone on with; gives the address of the import."""
    answer = send(client, body, **asked, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202, answer.text
    assert answer.headers["Preference-Applied"] == "respond-async"
    return answer.headers["Location"]


def ended(client: httpx.Client, address: str) -> Document:
    """What became of an import, once it has ended."""
    while True:
        job: Document = client.get(address).json()["data"]
        if job["finished"] or job["state"] == "failed":
            return job
        time.sleep(0.02)


def total(client: httpx.Client, path: str) -> int:
    found: int = client.get(f"/v1/{path}?limit=1").json()["meta"]["total"]
    return found

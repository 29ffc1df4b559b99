"""A service with a small register and keys of several people, for the tests of what writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from app.api.callers import Scope
from app.curation.keys import create
from app.database import connect, writing
from tests.registry_in_use import SOURCE, force, save, serving, unit

MERGE, PATCH = "application/merge-patch+json", "application/json-patch+json"


def key(
    url: str, holder: str, *scopes: Scope, forces: tuple[str, ...] | None = None, expires: datetime | None = None
) -> dict[str, str]:
    """The header of a new key."""
    engine = connect(url)
    try:
        with writing(engine) as session:
            _, text = create(session, holder, scopes, forces=forces, expires=expires)
    finally:
        engine.dispose()
    return {"Authorization": f"Bearer {text}"}


class Writers:
    """A client, and the headers of those who write."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self.client, self.url = client, url
        self.curator = key(url, "Ann", Scope.CURATE)

    def send(
        self, method: str, path: str, body: Any = None, *, who: dict[str, str] | None = None, **headers: str
    ) -> Any:
        """One write; header names have underscores for hyphens. `reason` is given where the path has no query."""
        path = path if "?" in path else f"{path}?reason=a+test"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, path, json=body, headers={**(who or self.curator), **named})

    def patch(self, path: str, body: Any, kind: str = MERGE, **more: Any) -> Any:
        return self.send("PATCH", path, body, Content_Type=kind, **more)

    def data(self, path: str) -> Any:
        return self.client.get(path).json()["data"]

    @property
    def newest(self) -> int:
        return int(self.client.get("/v1/forces?limit=1").json()["meta"]["known_at"]["revision"])


@contextmanager
def writers(url: str, **told: Any) -> Iterator[Writers]:
    """A register with three forces and a unit of two of them, served."""
    dogs = unit("dogs", "alpha", "beta", started="2012-04", citations=[{"source": "paper", "about": ["/started"]}])
    save(url, SOURCE, force("alpha"), force("beta"), force("gamma"), dogs)
    with serving(url, **told) as client:
        yield Writers(client, url)


def problem(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """The status of a refusal, its type, and where the faults are."""
    content = answer.json()
    return answer.status_code, content["type"].rpartition("/")[2], [each["location"] for each in content["errors"]]

"""A page costs the same number of statements, however much there is to show."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine, event

from tests.registry_in_use import SOURCE, Document, force, save, serving

PAGES = [
    "/",
    "/joint-units?as_of=2012",
    "/forces/kent",
    "/joint-units/unit-0",
    "/forces/kent/collaborations?as_of=2012",
    "/network?as_of=2012",
    "/timeline?force=kent",
    "/search?q=unit",
]


def unit(number: int) -> Document:
    cited = [{"source": "paper", "basis": "stated"}]
    parts = [{"organisation": each, "started": "2010"} for each in ("kent", "essex")]
    return {
        "type": "joint-unit",
        "id": f"unit-{number}",
        "name": f"Unit {number}",
        "started": "2010",
        "participants": parts,
        "citations": cited,
    }


@pytest.fixture
def asked() -> Iterator[list[str]]:
    found: list[str] = []

    def listen(*said: object) -> None:
        found.append(str(said[2]))

    event.listen(Engine, "before_cursor_execute", listen)
    yield found
    event.remove(Engine, "before_cursor_execute", listen)


def counts(client: httpx.Client, asked: list[str]) -> dict[str, int]:
    found = {}
    for path in PAGES:
        client.get(path)  # what is read once and kept
        asked.clear()
        assert client.get(path).status_code == 200
        found[path] = len(asked)
    return found


def test_the_number_of_statements_is_fixed(database_url: str, asked: list[str]) -> None:
    save(database_url, SOURCE, force("kent"), force("essex"), *map(unit, range(2)))
    with serving(database_url) as client:
        few = counts(client, asked)
    save(database_url, *map(unit, range(2, 14)))
    with serving(database_url) as client:
        many = counts(client, asked)
    assert many == few
    assert max(many.values()) <= 40

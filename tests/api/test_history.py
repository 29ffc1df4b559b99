"""The versions of a record: what each changed, on pages and trimmed too."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.registry_in_use import SOURCE, force, save, serving, unit

HISTORY = "/v1/joint-units/pool/history"
CHANGED = [["participants"], ["location", "started"], ["location"], None]


@pytest.fixture
def amended(database_url: str) -> Iterator[httpx.Client]:
    """A unit in four versions."""
    dates = {"started": "2010"}
    save(database_url, SOURCE, force("alpha"), force("beta"), force("gamma"), unit("pool", "alpha", "beta", **dates))
    save(database_url, unit("pool", "alpha", "beta", **dates, location="here"))
    save(database_url, unit("pool", "alpha", "beta", started="2011-02"))
    save(database_url, force("alpha", name="Another name"))  # shown in the unit, and no change of it
    save(database_url, unit("pool", "alpha", "gamma", started="2011-02"))
    with serving(database_url) as client:
        yield client


def versions(client: httpx.Client, query: str = "") -> list[Any]:
    answer = client.get(f"{HISTORY}{query}")
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["data"]
    return found


def test_each_version_names_the_fields_that_changed(amended: httpx.Client) -> None:
    found = versions(amended)
    assert [each["revision"] for each in found] == [5, 3, 2, 1]
    assert [each["changed"] for each in found] == CHANGED
    assert [each["changed"] for each in versions(amended, "?known_at=3")] == CHANGED[1:]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_on_pages_too(amended: httpx.Client, limit: int) -> None:
    found, following = [], f"{HISTORY}?limit={limit}&fields=started"
    while following:
        answer = amended.get(following)
        page = answer.json()
        assert len(page["data"]) <= limit
        found += page["data"]
        following = page["links"]["next"]
        assert (f'<{following}>; rel="next"' in answer.headers.get("link", "")) == (following is not None)
    assert [each["changed"] for each in found] == CHANGED
    assert [each["data"].keys() for each in found] == [{"started"}] * 4


def test_fields_trim_each_version(amended: httpx.Client) -> None:
    days = "as_of=2012-01-01&presumed_for=P1Y"
    found = versions(amended, f"?fields=id,location&{days}")
    assert [each["data"] for each in found] == [
        {"presence": "presumed", "id": "pool", "location": None},
        {"presence": "presumed", "id": "pool", "location": None},
        {"presence": "possible", "id": "pool", "location": "here"},
        {"presence": "possible", "id": "pool", "location": None},
    ]
    refused = amended.get(f"{HISTORY}?fields=nmae").json()
    assert "did you mean 'name'" in refused["errors"][0]["message"]
